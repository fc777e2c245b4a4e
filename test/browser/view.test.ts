import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function embed(writer: Writer, name: string): Promise<void> {
  await openEmbed(stage, writer);
  await writer.page.evaluate(({ name, user }) => window.embed(name, user).provider.whenSynced(), {
    name,
    user: writer.name,
  });
  await writer.page.locator('.tiptap').waitFor();
}

/** Two people in a document with these blocks. */
async function together(content: string): Promise<{ ada: Writer; ben: Writer; name: string }> {
  const name = await newDocumentName(stage);
  const ada = await stage.enter('Ada');
  const ben = await stage.enter('Ben');
  for (const writer of [ada, ben]) await embed(writer, name);
  await ada.page.evaluate((html) => void window.editor.commands.setContent(html), content);
  await expectBlocks([ben], await ada.blocks());
  return { ada, ben, name };
}

/** Switches a mode on or off, as its command does. */
const toggle = (writer: Writer, mode: 'focus' | 'wide' | 'outline' | 'counts' | 'reading') =>
  writer.page.evaluate((mode) => {
    const { state, view } = window.editor;
    view.dispatch(window.tools.switchMode(state.tr, mode, !window.tools.viewModesIn(state).has(mode)));
  }, mode);
const insert = (writer: Writer, at: number, content: string) =>
  writer.page.evaluate(({ at, content }) => void window.editor.commands.insertContentAt(at, content), { at, content });
const caret = (writer: Writer) =>
  writer.page.evaluate(() => {
    const { $head } = window.editor.state.selection;
    return `${$head.parent.textContent}:${$head.parentOffset}`;
  });

const LONG = ['One', 'Two', 'Three']
  .map((title) => `<h1>${title}</h1>${'<p>Some text under it.</p>'.repeat(30)}<h3>More of ${title}</h3><p>end</p>`)
  .join('');

describe('the outline', () => {
  const items = (writer: Writer) =>
    writer.page
      .locator('.scriptorium-outline li')
      .evaluateAll((lines) => lines.map((line) => `${line.getAttribute('data-level')} ${line.textContent?.trim()}`));
  const here = (writer: Writer) => writer.page.locator('.scriptorium-outline [aria-current]').allTextContents();

  it('has the headings, marks the section that is in sight, and goes there by click and by key', async () => {
    const { ada, ben } = await together(LONG);
    await toggle(ada, 'outline');
    const all = ['1 One', '3 More of One', '1 Two', '3 More of Two', '1 Three', '3 More of Three'];
    await eventually(() => items(ada)).toEqual(all);
    await eventually(() => here(ada)).toEqual(['One']);
    await ada.page.evaluate(() => document.querySelectorAll('h1')[1]?.scrollIntoView());
    await eventually(() => here(ada)).toEqual(['Two']);
    await ada.page.getByRole('button', { name: 'Three', exact: true }).click();
    await eventually(() => here(ada)).toEqual(['Three']);
    expect(await caret(ada)).toBe('Three:0');
    await ada.page.locator('.scriptorium-outline [aria-current]').focus();
    await ada.page.keyboard.press('ArrowUp');
    await ada.page.keyboard.press('ArrowUp');
    await ada.page.keyboard.press('Enter');
    await eventually(() => caret(ada)).toBe('Two:0');
    // What stays in sight above the text does not cover it.
    const [top, head] = await ada.page.evaluate(() => [
      document.querySelectorAll('h1')[1]?.getBoundingClientRect().top ?? 0,
      document.querySelector('.scriptorium-head')?.getBoundingClientRect().bottom ?? 0,
    ]);
    expect(top).toBeGreaterThanOrEqual(head ?? 0);
    // Somebody else writes a heading, and my caret stays.
    await insert(ben, 0, '<h2>Before</h2>');
    await eventually(() => items(ada)).toEqual(['2 Before', ...all]);
    expect(await caret(ada)).toBe('Two:0');
    await ada.page.getByRole('button', { name: 'Close the outline' }).click();
    await eventually(() => ada.page.locator('.scriptorium-outline').count()).toBe(0);
  });

  it('is drawn again when a heading changed, not with every word', async () => {
    const { ada } = await together('<h1>Title</h1><p>text</p>');
    await toggle(ada, 'outline');
    await eventually(() => items(ada)).toEqual(['1 Title']);
    await ada.page.evaluate(() => {
      const list = document.querySelector('.scriptorium-outline');
      if (!list) throw new Error('There is no outline.');
      new MutationObserver((records) => {
        document.body.dataset['drawn'] = String(Number(document.body.dataset['drawn'] ?? 0) + records.length);
      }).observe(list, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await ada.editor.press('Control+End');
    await ada.page.keyboard.type(' that goes on for a while');
    expect(await ada.page.evaluate(() => document.body.dataset['drawn'])).toBeUndefined();
    await ada.page.keyboard.press('Control+Home');
    await ada.page.keyboard.type('A ');
    await eventually(() => items(ada)).toEqual(['1 A Title']);
  });

  it('is a sheet on a phone that goes away when one went to a heading', async () => {
    const name = await newDocumentName(stage);
    const phone = await stage.enter('Ada', PHONE);
    await embed(phone, name);
    await phone.page.evaluate((html) => void window.editor.commands.setContent(html), LONG);
    await toggle(phone, 'outline');
    const button = phone.page.getByRole('button', { name: 'Three', exact: true });
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await eventually(() =>
      phone.page.locator('.scriptorium-outline-panel').evaluate((panel) => panel.getBoundingClientRect().bottom),
    ).toBe(844);
    await button.tap();
    await eventually(() => phone.page.locator('.scriptorium-outline-panel').count()).toBe(0);
    await eventually(() =>
      phone.page.evaluate(() => Math.round(document.querySelectorAll('h1')[2]?.getBoundingClientRect().top ?? -1)),
    ).toBeLessThan(200);
    // The keyboard stays away.
    expect(await phone.page.evaluate(() => document.activeElement?.classList.contains('tiptap'))).toBe(false);
  });
});

describe('the counts', () => {
  const counts = (writer: Writer) => writer.page.locator('.scriptorium-counts').textContent();

  it('are those of the document, whoever writes, and of what is selected', async () => {
    const { ada, ben } = await together('<p>One two</p><ul><li><p>three</p></li></ul><p>第一章</p>');
    await toggle(ada, 'counts');
    const words = await ada.page.evaluate(() => window.tools.readCounts(window.editor).document);
    expect(words.characters).toBe(15);
    await eventually(() => counts(ada)).toBe(`${words.words} words · 15 characters`);
    await insert(ben, 1, 'Zero ');
    await eventually(() => counts(ada)).toBe(`${words.words + 1} words · 20 characters`);
    await ada.page.evaluate(() => window.editor.commands.setTextSelection({ from: 6, to: 20 }));
    await eventually(() => counts(ada)).toBe('Selected: 3 words · 10 characters');
    await ada.page.evaluate(() => window.editor.commands.setContent('<p>x</p>'));
    await eventually(() => counts(ada)).toBe('1 word · 1 character');
  });
});

describe('the ways to look at a document', () => {
  it('fade all but the block that is written in, and make the text wide; this device remembers it', async () => {
    const { ada, name } = await together('<p>one</p><p>two</p><p>three</p>');
    const opacities = () =>
      ada.page.locator('.tiptap > p').evaluateAll((all) => all.map((p) => getComputedStyle(p).opacity));
    await ada.page.locator('.tiptap > p', { hasText: 'two' }).click();
    await toggle(ada, 'focus');
    await eventually(opacities).toEqual(['0.35', '1', '0.35']);
    await ada.page.keyboard.press('ArrowDown');
    await eventually(opacities).toEqual(['0.35', '0.35', '1']);
    const width = () => ada.page.locator('.tiptap').evaluate((text) => text.getBoundingClientRect().width);
    const narrow = await width();
    await toggle(ada, 'wide');
    await eventually(width).toBeGreaterThan(narrow + 300);
    await embed(ada, name);
    await eventually(width).toBeGreaterThan(narrow + 300);
    await toggle(ada, 'focus');
    await toggle(ada, 'wide');
    await embed(ada, name);
    await eventually(width).toBe(narrow);
  });

  it('let nothing be changed by accident, while others write on; of this document, until it is ended', async () => {
    const { ada, ben, name } = await together('<p>mine</p>');
    await ada.editor.click();
    await toggle(ada, 'reading');
    await eventually(() => ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await ada.page.locator('.tiptap').press('x');
    await insert(ben, 1, 'not ');
    await expectBlocks([ada, ben], ['not mine']);
    await embed(ada, name);
    await expectBlocks([ada], ['not mine']);
    expect(await ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await embed(ada, await newDocumentName(stage));
    await ada.editor.waitFor();
    await embed(ada, name);
    await ada.page.getByRole('button', { name: 'Edit', exact: true }).click();
    await ada.page.keyboard.type('really ');
    await expectBlocks([ada, ben], ['really not mine']);
  });
});

describe('on paper', () => {
  it('there is the text alone, dark on light, with the addresses of its links', async () => {
    const { ada } = await together(
      '<h1>Title</h1><p>a <a href="https://example.com/page">link</a></p><table><tbody><tr><td><p>cell</p></td></tr></tbody></table>',
    );
    await toggle(ada, 'focus');
    await ada.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await ada.page.locator('.scriptorium-head').isVisible()).toBe(false);
    const style = await ada.page.evaluate(() => {
      const of = (selector: string, pseudo?: string) =>
        getComputedStyle(document.querySelector(selector) ?? document.body, pseudo);
      return {
        color: of('.tiptap').color,
        page: of('.scriptorium').backgroundColor,
        opacity: of('.tiptap > p').opacity,
        heading: of('.tiptap h1').breakAfter,
        row: of('.tiptap tr').breakInside,
        link: of('.tiptap a', '::after').content,
      };
    });
    expect(style).toEqual({
      color: 'rgb(0, 0, 0)',
      page: 'rgb(255, 255, 255)',
      opacity: '1',
      heading: 'avoid',
      row: 'avoid',
      link: '" (https://example.com/page)"',
    });
    expect((await ada.page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});

describe('the page', () => {
  it('has the ways to look at a document in its menu, and finds wherever the focus is', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('# A heading\ntext');
    const choose = async (name: string) => {
      await ada.page.locator('.document-menu > button').click();
      await ada.page.getByRole('menuitemcheckbox', { name }).click();
    };
    await choose('Outline');
    await ada.page.getByRole('navigation', { name: 'Outline' }).getByRole('button', { name: 'A heading' }).waitFor();
    await choose('Reading mode');
    await eventually(() => ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await ada.page.locator('.document-menu > button').click();
    const checked = ada.page.getByRole('menuitemcheckbox', { checked: true });
    expect((await checked.allTextContents()).map((text) => text.trim())).toEqual(['Outline', 'Reading mode']);
    await ada.page.keyboard.press('Escape');
    await ada.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await ada.page.keyboard.press('Control+f');
    await ada.page.getByRole('search').getByRole('textbox', { name: 'Find' }).fill('text');
    await eventually(() => ada.page.getByRole('search').getByRole('status').textContent()).toBe('1 of 1');
  });
});
