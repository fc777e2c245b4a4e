import { describe, expect, it } from 'vitest';
import { openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import type { Change, Seen } from './watch-changes.ts';

const stage = setStage();

describe('a change of somebody else', () => {
  it('replaces what it changed and no more, and my caret stays at its letter', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const watch = (change: Change): Promise<Seen> => ada.page.evaluate((name) => window.watchChange(name), change);
    const caret = '17: o|ne';
    expect(await watch('type')).toEqual({ blocks: [30, 30], sizes: [0, 1], caret });
    expect(await watch('typeBefore')).toEqual({ blocks: [3, 3], sizes: [0, 1], caret });
    expect(await watch('typeHere')).toEqual({ blocks: [17, 17], sizes: [0, 1], caret: 'x17: o|ne' });
    expect(await watch('format')).toEqual({ blocks: [30, 30], sizes: [3, 3], caret });
    expect(await watch('add')).toEqual({ blocks: [30, 30], sizes: [0, 2], caret });
    expect(await watch('removeBefore')).toEqual({ blocks: [3, 5], sizes: [16, 0], caret });
    expect(await watch('typeInTwo')).toEqual({ blocks: [3, 5], sizes: [0, 2], caret });
  });

  it('leaves cells selected that it is not in', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    expect(await ada.page.evaluate(() => window.watchCells())).toEqual([2, 2]);
  });
});
