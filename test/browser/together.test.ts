import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved } from './writer.ts';

const stage = setStage();

describe('two people in one document', () => {
  it('type in one paragraph at once, and both see the same text and the caret of the other with its name', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada Lovelace', { color: '#cc3299' });
    const ben = await stage.enter('Benjamin');
    await ada.open(url);
    await ada.editor.click();
    await ada.page.keyboard.type('|');
    await ben.open(url);
    await expectBlocks([ben], ['|']);

    await ada.page.keyboard.press('Home');
    await ben.editor.click();
    await ben.page.keyboard.press('End');
    const [before, after] = ['Ada writes this at the beginning ', ' while Benjamin goes on at the end.'];
    await Promise.all([ada.page.keyboard.type(before, { delay: 8 }), ben.page.keyboard.type(after, { delay: 8 })]);
    await expectBlocks([ada, ben], [`${before}|${after}`]);

    await eventually(() => ada.caretNames()).toEqual(['Benjamin']);
    await eventually(() => ben.caretNames()).toEqual(['Ada Lovelace']);
    // Where the other one is: the text up to the caret.
    const textBefore = (caret: Element): string => {
      const range = document.createRange();
      range.selectNodeContents(caret.closest('p') ?? caret);
      range.setEndBefore(caret);
      return range.toString();
    };
    expect(await ben.page.locator('.scriptorium-caret').evaluate(textBefore)).toBe(before);
    expect(await ada.page.locator('.scriptorium-caret').evaluate(textBefore)).toBe(`${before}|${after}`);
    expect(
      await ben.page
        .locator('.scriptorium-caret')
        .evaluate((caret) => getComputedStyle(caret, '::before').backgroundColor),
    ).toBe('rgb(204, 50, 153)');
  });

  it('see who is here, each person once, and a new name at once', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await ada.open(url);
    await ben.open(url);
    const secondTab = await ben.page.context().newPage();
    await secondTab.goto(url);
    await secondTab.locator('.tiptap[contenteditable="true"]').click();
    await secondTab.keyboard.type('Hello');
    const people = ada.page.locator('.scriptorium-people .scriptorium-person');
    await eventually(() => ada.caretNames()).toEqual(['Ben']);
    await eventually(() => people.evaluateAll((all) => all.map((one) => one.getAttribute('data-tip')))).toEqual([
      'Ben',
      'Ada (you)',
    ]);

    await ben.page.getByRole('button', { name: 'Ben (you)' }).click();
    await ben.page.getByRole('textbox', { name: 'Name' }).fill('Benedict');
    await ben.page.getByRole('button', { name: 'Done' }).click();
    await eventually(() => people.first().getAttribute('data-tip')).toBe('Benedict');
    // The caret is the second tab's: it follows the profile of the device.
    await eventually(() => ada.caretNames()).toEqual(['Benedict']);
  });

  it('lose sight of a caret within a second of its tab being closed', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await ada.open(url);
    await ben.open(url);
    await ben.editor.click();
    await ben.page.keyboard.type('Here I am');
    await eventually(() => ada.caretNames()).toEqual(['Ben']);
    await ben.page.close();
    await expect.poll(() => ada.caretNames(), { timeout: 1000, interval: 20 }).toEqual([]);
    expect(await ada.page.locator('.scriptorium-people .scriptorium-person').count()).toBe(1);
  });

  it('undo and redo only what they wrote themselves', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await ada.open(url);
    await ben.open(url);
    await ada.editor.click();
    await ada.page.keyboard.type('Ada. ');
    await expectBlocks([ben], ['Ada. ']);
    await ben.editor.click();
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type('Ben.');
    await expectBlocks([ada], ['Ada. Ben.']);

    const undo = ada.page.getByRole('button', { name: 'Undo' });
    await eventually(() => undo.getAttribute('aria-disabled')).toBe('false');
    // More often than there are steps: the last ones must not reach what Ben wrote.
    for (let i = 0; i < 5; i++) await ada.page.keyboard.press('Control+z');
    await expectBlocks([ada, ben], ['Ben.']);
    await eventually(() => undo.getAttribute('aria-disabled')).toBe('true');

    for (let i = 0; i < 5; i++) await ada.page.keyboard.press('Control+Shift+z');
    await expectBlocks([ada, ben], ['Ada. Ben.']);
    await ben.page.keyboard.press('Control+z');
    await expectBlocks([ada, ben], ['Ada. ']);
  });

  it('find a new document empty, and nothing doubled when both open it first', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await Promise.all([ada.open(url), ben.open(url)]);
    await expectBlocks([ada, ben], ['']);
    expect(await ada.page.locator('.tiptap').getAttribute('data-placeholder')).toBe('Start writing…');
    await ben.editor.click();
    await ben.page.keyboard.type('One line');
    await expectSaved(ben);
    await expectBlocks([ada, ben], ['One line']);
    await Promise.all([ada.reload(), ben.reload()]);
    await expectBlocks([ada, ben], ['One line']);
  });
});
