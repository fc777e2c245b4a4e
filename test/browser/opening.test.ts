import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

const stage = setStage();

const toolsOf = ({ page }: Writer) => page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button').first();

/** Notes each element that is the first block, whether one could write in it when it came, and what of it was there. */
const WATCH = `
  window.firstBlocks = [];
  new MutationObserver(() => {
    const block = document.querySelector('.tiptap > :first-child');
    if (!block?.textContent || block === window.firstBlocks.at(-1)?.block) return;
    window.firstBlocks.push({
      block,
      editable: block.isContentEditable,
      tools: document.querySelector('.scriptorium-toolbar button') !== null,
    });
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;

async function written(url: string, key: string): Promise<void> {
  const ada = await stage.enter('Ada');
  await ada.open(url);
  await toolsOf(ada).waitFor();
  await ada.editor.click();
  await ada.page.keyboard.type(key);
  await eventually(() => ada.saveState()).toBe('Saved');
}

describe('a document that is opened', () => {
  it('is drawn once, for writing, before there are any tools; from the server and from this device', async () => {
    const url = await stage.newDocument();
    await written(url, 'one\ntwo');
    const ben = await stage.enter('Ben');
    await ben.page.addInitScript(WATCH);
    const open = [() => ben.open(url), () => ben.page.reload()];
    for (const [visit, go] of open.entries()) {
      await go();
      await toolsOf(ben).waitFor();
      await ben.editor.click();
      await ben.page.keyboard.press('Control+End');
      await ben.page.keyboard.type('!');
      await eventually(() => ben.blocks()).toEqual(['one', `two${'!'.repeat(visit + 1)}`]);
      const blocks = await ben.page.evaluate('window.firstBlocks.map(({ editable, tools }) => ({ editable, tools }))');
      expect(blocks).toEqual([{ editable: true, tools: false }]);
      await eventually(() => ben.saveState()).toBe('Saved');
      await eventually(() => ben.page.locator('.scriptorium[data-unpainted]').count()).toBe(0);
    }
  });

  it('has what is drawn by more than its HTML as it is, whether that came before what draws it or behind', async () => {
    const url = await stage.newDocument();
    await written(url, '[ ] milk');
    const ben = await stage.enter('Ben');
    const open = [() => ben.open(url), () => ben.page.reload()];
    for (const go of open) {
      await go();
      const box = ben.editor.getByRole('checkbox');
      await toolsOf(ben).waitFor();
      await box.click();
      await eventually(() => ben.page.locator('li[data-checked="true"]').count()).toBe(1);
      await box.click();
      await eventually(() => ben.page.locator('li[data-checked="true"]').count()).toBe(0);
    }
  });
});
