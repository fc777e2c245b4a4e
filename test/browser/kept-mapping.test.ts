import { describe, expect, it } from 'vitest';
import { openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';

const stage = setStage();
const SEEDS = 20;

describe('what the binding knows of the document', () => {
  it('is what the view has too, so that nothing is compared that did not change', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    expect(await ada.page.evaluate(() => window.blocksToCompare())).toEqual([0, 0]);
  });

  it('is right after any edits of several people: every block, every position, and what each of them sees', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    for (let seed = 1; seed <= SEEDS; seed++) {
      const wrong = await ada.page.evaluate((number) => window.editTogether(number, 120), seed);
      expect(wrong, `seed ${seed}`).toEqual([]);
    }
  });
});
