import type { Plugin } from '@tiptap/pm/state';
import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();

/** Longer than what is typed without a pause counts as one step. */
const PAUSE_MS = 600;

async function together(): Promise<{ ada: Writer; ben: Writer }> {
  const name = await newDocumentName(stage);
  const ada = await stage.enter('Ada');
  const ben = await stage.enter('Ben');
  for (const writer of [ada, ben]) {
    await openEmbed(stage, writer);
    await writer.page.evaluate(({ name, user }) => window.embed(name, user).provider.whenSynced(), {
      name,
      user: writer.name,
    });
  }
  await ada.editor.click();
  return { ada, ben };
}

const undo = (writer: Writer) => writer.page.keyboard.press('Control+z');
const redo = (writer: Writer) => writer.page.keyboard.press('Control+Shift+z');
const pause = (writer: Writer) => writer.page.waitForTimeout(PAUSE_MS);
const type = (writer: Writer, text: string) => writer.page.keyboard.type(text);
const insert = (writer: Writer, at: number, text: string) =>
  writer.page.evaluate(({ at, text }) => void window.editor.commands.insertContentAt(at, text), { at, text });

/** How many steps can be undone and redone. */
const steps = (writer: Writer) =>
  writer.page.evaluate(() => {
    const plugin = window.editor.state.plugins.find((candidate) => (candidate as { key?: string }).key === 'y-undo$');
    const { undoManager } = (plugin as Plugin).getState(window.editor.state) as {
      undoManager: { undoStack: unknown[]; redoStack: unknown[] };
    };
    return [undoManager.undoStack.length, undoManager.redoStack.length];
  });
const caret = (writer: Writer) => writer.page.evaluate(() => window.editor.state.selection.head);

describe('undo', () => {
  it('takes back steps of mine only, whatever others wrote before, between and after', async () => {
    const { ada, ben } = await together();
    await insert(ben, 1, 'Ben1 ');
    await expectBlocks([ada], ['Ben1 ']);
    expect(await steps(ada)).toEqual([0, 0]);
    await ada.page.keyboard.press('Control+End');
    await type(ada, 'one');
    await pause(ada);
    await insert(ben, 1, 'Ben2 ');
    await expectBlocks([ada], ['Ben2 Ben1 one']);
    await type(ada, ' two');
    await insert(ben, 1, 'Ben3 ');
    await expectBlocks([ada, ben], ['Ben3 Ben2 Ben1 one two']);
    expect(await steps(ada)).toEqual([2, 0]);
    await undo(ada);
    await expectBlocks([ada, ben], ['Ben3 Ben2 Ben1 one']);
    await undo(ada);
    await expectBlocks([ada, ben], ['Ben3 Ben2 Ben1 ']);
    await undo(ada);
    await expectBlocks([ada, ben], ['Ben3 Ben2 Ben1 ']);
    expect(await steps(ada)).toEqual([0, 2]);
  });

  it('is redone after others wrote meanwhile', async () => {
    const { ada, ben } = await together();
    await type(ada, 'one');
    await pause(ada);
    await type(ada, ' two');
    await undo(ada);
    await undo(ada);
    await expectBlocks([ada, ben], ['']);
    await insert(ben, 1, 'Ben');
    await expectBlocks([ada], ['Ben']);
    await redo(ada);
    await redo(ada);
    await eventually(async () => (await ada.blocks()).join()).toMatch(/one two/);
    await eventually(async () => (await ben.blocks()).join()).toMatch(/one two/);
    expect((await ada.blocks()).join()).toContain('Ben');
  });

  it('of the first thing in a document leaves nothing, whoever looks at it', async () => {
    const { ada, ben } = await together();
    await type(ada, 'one');
    await expectBlocks([ben], ['one']);
    await undo(ada);
    await expectBlocks([ada, ben], ['']);
    // Carets move, names come and go: none of it is a change of the document.
    for (const { page } of [ada, ben]) await page.evaluate(() => window.editor.view.dispatch(window.editor.state.tr));
    await ben.editor.click();
    await ben.page.keyboard.press('ArrowRight');
    const lengths = [ada, ben].map(({ page }) =>
      page.evaluate(() => window.handle.doc.getXmlFragment('default').length),
    );
    expect(await Promise.all(lengths)).toEqual([0, 0]);
    await redo(ada);
    await expectBlocks([ada, ben], ['one']);
  });

  it('survives a reconnect and the sync that follows', async () => {
    const { ada, ben } = await together();
    await type(ada, 'one');
    await pause(ada);
    await type(ada, ' two');
    await undo(ada);
    await ada.page.evaluate(() => window.handle.provider.disconnect());
    await insert(ben, 1, 'Ben ');
    await type(ada, '!');
    await undo(ada);
    expect(await steps(ada)).toEqual([1, 1]);
    await ada.page.evaluate(async () => {
      window.handle.provider.connect();
      await window.handle.provider.whenSaved();
    });
    await expectBlocks([ada, ben], ['Ben one']);
    expect(await steps(ada)).toEqual([1, 1]);
    await redo(ada);
    await expectBlocks([ada, ben], ['Ben one!']);
    await undo(ada);
    await undo(ada);
    await expectBlocks([ada, ben], ['Ben ']);
  });

  it('brings the caret back to where it was, also when others wrote before it', async () => {
    const { ada, ben } = await together();
    await type(ada, 'first paragraph');
    await ada.page.keyboard.press('Enter');
    await type(ada, 'second paragraph');
    await pause(ada);
    await ada.page.keyboard.press('Control+Home');
    for (let i = 0; i < 5; i++) await ada.page.keyboard.press('ArrowRight');
    await eventually(() => caret(ada)).toBe(1 + 'first'.length);
    await type(ada, ' new');
    await ada.page.keyboard.press('Control+End');
    await insert(ben, 1, 'Ben ');
    await expectBlocks([ada], ['Ben first new paragraph', 'second paragraph']);
    await undo(ada);
    await expectBlocks([ada, ben], ['Ben first paragraph', 'second paragraph']);
    await eventually(() => caret(ada)).toBe(1 + 'Ben first'.length);
    // What others write next leaves it there.
    await insert(ben, 1, 'and ');
    await expectBlocks([ada], ['and Ben first paragraph', 'second paragraph']);
    expect(await caret(ada)).toBe(1 + 'and Ben first'.length);
    await ada.page.keyboard.press('Control+End');
    await insert(ben, 1, 'so ');
    await redo(ada);
    await expectBlocks([ada, ben], ['so and Ben first new paragraph', 'second paragraph']);
    await eventually(() => caret(ada)).toBe(1 + 'so and Ben first new'.length);
    await undo(ada);
    await eventually(() => caret(ada)).toBe(1 + 'so and Ben first'.length);
  });
});
