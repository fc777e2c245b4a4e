import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectSaved, type Writer } from './writer.ts';

const stage = setStage();

async function together(): Promise<[Writer, Writer]> {
  const document = await newDocumentName(stage);
  const writers = [await stage.enter('Ada'), await stage.enter('Ben')] as [Writer, Writer];
  for (const writer of writers) {
    await openEmbed(stage, writer);
    await writer.page.evaluate(({ document, name }) => window.embed(document, name).provider.whenSynced(), {
      document,
      name: writer.name,
    });
  }
  return writers;
}

const blockCount = (writer: Writer) => writer.page.locator('.tiptap > p').count();
/** Where a block is in the window, from its upper end. */
const topOf = (writer: Writer, text: string) =>
  writer.page
    .locator('.tiptap > p', { hasText: text })
    .evaluate((block) => Math.round(block.getBoundingClientRect().top));

describe('what others write', () => {
  it('does not move what I look at, nor my caret', async () => {
    const [ada, ben] = await together();
    const lines = Array.from({ length: 120 }, (_, i) => `<p>line ${i}.</p>`).join('');
    await ben.page.evaluate((html) => void window.editor.commands.setContent(html), lines);
    await eventually(() => blockCount(ada)).toBe(120);
    await ada.page.locator('.tiptap > p', { hasText: 'line 60.' }).click();
    await ada.page.keyboard.press('End');
    await ada.page
      .locator('.tiptap > p', { hasText: 'line 60.' })
      .evaluate((block) => block.scrollIntoView({ block: 'center' }));
    const before = await topOf(ada, 'line 60.');

    // Far above what is in sight: new blocks, a block turned into another, one taken away.
    await ben.page.evaluate(() => void window.editor.commands.insertContentAt(1, '<p>new</p><p>new</p><p>new</p>'));
    await eventually(() => blockCount(ada)).toBeGreaterThanOrEqual(123);
    await ben.page.evaluate(() => void window.editor.chain().setTextSelection(30).toggleHeading({ level: 1 }).run());
    await ada.page.locator('.tiptap > h1').waitFor();
    await eventually(() => topOf(ada, 'line 60.')).toBe(before);
    // And below.
    await ben.page.evaluate(
      () => void window.editor.commands.insertContentAt(window.editor.state.doc.content.size, '<p>end</p>'),
    );
    await ada.page.locator('.tiptap > p', { hasText: 'end' }).waitFor({ state: 'attached' });
    await eventually(() => topOf(ada, 'line 60.')).toBe(before);
    await ada.page.keyboard.type('!');
    await ada.page.locator('.tiptap > p', { hasText: 'line 60.!' }).waitFor();

    // The caret is in sight, and what others write between it and the upper edge does not scroll the page.
    const place = await ada.page.evaluate(() => window.scrollY);
    await ben.page.evaluate(() => {
      let at = 0;
      window.editor.state.doc.forEach((block, offset) => {
        if (block.textContent === 'line 80.') at = offset;
      });
      window.editor.commands.insertContentAt(at, '<p>between</p>'.repeat(3));
    });
    await eventually(() => ada.page.locator('.tiptap > p', { hasText: 'between' }).count()).toBe(3);
    expect(await ada.page.evaluate(() => window.scrollY)).toBe(place);
  });
});

describe('a screen reader is told', () => {
  it('who comes and who leaves, many at once, and when all is saved again; not of keystrokes', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    await ada.open(url);
    await ada.page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => {
        for (const region of document.querySelectorAll('[role="status"]')) {
          const text = region.textContent?.trim() ?? '';
          if (text !== '' && region.getAttribute('data-said') !== text) said.push(text);
          region.setAttribute('data-said', text);
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const said = () => ada.page.evaluate(() => (window as unknown as { said: string[] }).said);
    await new Promise((resolve) => setTimeout(resolve, 3_500)); // those who were here first are not news
    const [ben, cleo] = [await stage.enter('Ben'), await stage.enter('Cleo')];
    await Promise.all([ben.open(url), cleo.open(url)]);
    await eventually(said).toEqual(['Here now: Ben and Cleo.']);
    await ada.editor.click();
    await ada.page.keyboard.type('Some words');
    await ben.editor.click();
    await ben.page.keyboard.type('Others');
    await expectSaved(ada);
    await ben.reload();
    await cleo.page.close();
    await eventually(said).toEqual(['Here now: Ben and Cleo.', 'No longer here: Cleo.']);
  });
});
