import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();

/** Two people in a document with these blocks. */
async function together(content: string): Promise<{ ada: Writer; ben: Writer }> {
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
  await ada.page.evaluate((html) => void window.editor.commands.setContent(html), content);
  const blocks = await ada.blocks();
  await expectBlocks([ben], blocks);
  return { ada, ben };
}

const bar = (writer: Writer) => writer.page.getByRole('search', { name: 'Find and replace' });
const field = (writer: Writer) => bar(writer).getByRole('textbox', { name: 'Find' });
const button = (writer: Writer, name: string) => bar(writer).getByRole('button', { name, exact: true });
const status = (writer: Writer) => bar(writer).getByRole('status').textContent();
const insert = (writer: Writer, at: number, text: string) =>
  writer.page.evaluate(({ at, text }) => void window.editor.commands.insertContentAt(at, text), { at, text });
const matches = (writer: Writer) => writer.editor.locator('.scriptorium-match').allTextContents();
/** The current match with the text of its block before it. */
const current = (writer: Writer) =>
  writer.page.evaluate(() => {
    const element = document.querySelector('.scriptorium-match-current');
    const block = element?.closest('p, h1, h2, li, pre');
    if (!element || !block) return null;
    const range = document.createRange();
    range.setStart(block, 0);
    range.setEndBefore(element);
    return `${range.toString()}[${element.textContent}]`;
  });
const selection = (writer: Writer) =>
  writer.page.evaluate(() => {
    const { from, to } = window.editor.state.selection;
    return [from, to];
  });

async function find(writer: Writer, text: string): Promise<void> {
  await writer.editor.press('Control+f');
  await field(writer).fill(text);
}

describe('find', () => {
  it('says which match one is at, and goes on from the caret, around the end, and back', async () => {
    const { ada } = await together('<p>one two one</p><h2>One more</h2><ul><li><p>none</p></li></ul>');
    await ada.page.evaluate(() => window.editor.commands.setTextSelection(5));
    await find(ada, 'one');
    await eventually(() => status(ada)).toBe('2 of 4');
    expect(await matches(ada)).toEqual(['one', 'one', 'One', 'one']);
    expect(await current(ada)).toBe('one two [one]');
    await ada.page.keyboard.press('Enter');
    await eventually(() => current(ada)).toBe('[One]');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Enter');
    await eventually(() => status(ada)).toBe('1 of 4');
    await ada.page.keyboard.press('Shift+Enter');
    await eventually(() => current(ada)).toBe('n[one]');
    await button(ada, 'Match case').click();
    await eventually(() => status(ada)).toBe('2 of 3');
    await button(ada, 'Whole words').click();
    await eventually(() => status(ada)).toBe('2 of 2');
    await field(ada).fill('nowhere');
    await eventually(() => status(ada)).toBe('No matches');
  });

  it('finds what is in several marks, in any script, and does not mind what a query looks like', async () => {
    const { ada } = await together('<p>a <b>bo</b><i>ld</i> word, İstanbul, STRASSE (x+y)</p><p>第一章 第二章</p>');
    await find(ada, 'bold w');
    await eventually(() => status(ada)).toBe('1 of 1');
    expect((await matches(ada)).join('|')).toBe('bo|ld| w');
    await field(ada).fill('strasse');
    await eventually(() => matches(ada)).toEqual(['STRASSE']);
    await field(ada).fill('(x+');
    await eventually(() => matches(ada)).toEqual(['(x+']);
    await field(ada).fill('第');
    await eventually(() => status(ada)).toBe('1 of 2');
  });

  it('begins with what is selected; Escape gives the caret back, or stays at the match that one went to', async () => {
    const { ada } = await together('<p>alpha beta</p><p>beta gamma</p>');
    await ada.page.evaluate(() => window.editor.commands.setTextSelection({ from: 7, to: 11 }));
    await ada.editor.press('Control+f');
    await eventually(() => status(ada)).toBe('1 of 2');
    expect(await field(ada).inputValue()).toBe('beta');
    await ada.page.keyboard.press('Escape');
    await eventually(() => bar(ada).count()).toBe(0);
    expect(await selection(ada)).toEqual([7, 11]);
    expect(await matches(ada)).toEqual([]);
    await ada.editor.press('Control+f');
    await ada.page.keyboard.press('Enter');
    await eventually(() => status(ada)).toBe('2 of 2');
    await ada.page.keyboard.press('Escape');
    await ada.page.keyboard.type('delta');
    await expectBlocks([ada], ['alpha beta', 'delta gamma']);
  });

  it('stays at its match and leaves the caret where it is while somebody else types', async () => {
    const { ada, ben } = await together('<p>word one</p><p>word two</p><p>word three</p>');
    await ada.page.evaluate(() => window.editor.commands.setTextSelection(16));
    await find(ada, 'word');
    await ada.page.keyboard.press('Shift+Enter');
    await eventually(() => status(ada)).toBe('2 of 3');
    expect(await current(ada)).toBe('[word]');
    await insert(ben, 1, 'A word before the ');
    await eventually(() => status(ada)).toBe('3 of 4');
    await insert(ben, 0, '<p>a new paragraph, a new word</p>');
    await eventually(() => status(ada)).toBe('4 of 5');
    await ben.page.evaluate(() => {
      const { doc } = window.editor.state;
      window.editor.commands.insertContentAt(doc.child(0).nodeSize + doc.child(1).nodeSize + 1, 'so ');
    });
    await eventually(() => current(ada)).toBe('so [word]');
    expect(await status(ada)).toBe('4 of 5');
    // The caret is in the same word as before, and the focus where it was.
    const around = await ada.page.evaluate(() => {
      const { $head } = window.editor.state.selection;
      return [$head.parent.textContent, $head.parentOffset];
    });
    expect(around).toEqual(['so word two', 8]);
    expect(await field(ada).evaluate((input) => input === document.activeElement)).toBe(true);
  });

  it('opens the details around a match that one goes to, here alone, and leaves them open', async () => {
    const details = (title: string, content: string) =>
      `<details><summary>${title}</summary><div data-type="detailsContent">${content}</div></details>`;
    const { ada, ben } = await together(
      `<p>word</p>${details('Outer', `<p>text</p>${details('Inner', '<p>a word</p>')}`)}${details('Other', '<p>word</p>')}<p>end</p>`,
    );
    const open = (writer: Writer) => writer.page.locator('.tiptap [data-open] > div > summary').allTextContents();
    await ada.page.evaluate(() => window.editor.commands.setTextSelection(1));
    await find(ada, 'word');
    await eventually(() => status(ada)).toBe('1 of 3');
    expect(await open(ada)).toEqual([]);
    await ada.page.keyboard.press('Enter');
    await eventually(() => current(ada)).toBe('a [word]');
    expect(await open(ada)).toEqual(['Outer', 'Inner']);
    expect(await ada.page.locator('.scriptorium-match-current').isVisible()).toBe(true);
    await button(ada, 'Close').click();
    await eventually(() => bar(ada).count()).toBe(0);
    expect(await open(ada)).toEqual(['Outer', 'Inner']);
    // Nothing of it is in the document.
    await insert(ben, 1, 'one ');
    for (const writer of [ada, ben]) await eventually(async () => (await writer.blocks())[0]).toBe('one word');
    expect(await open(ben)).toEqual([]);
  });

  it('says what is wrong with a regular expression, and ends one that would take for ever', async () => {
    const { ada, ben } = await together(`<p>2024-05-17 and 1999-12-31</p><p>${'a'.repeat(60)}!</p>`);
    await find(ada, '(\\d{4})-(\\d\\d');
    await button(ada, 'Regular expression').click();
    await eventually(() => status(ada)).toBe('Not a regular expression');
    await field(ada).fill('(\\d{4})-(\\d\\d)');
    await eventually(() => matches(ada)).toEqual(['2024-05', '1999-12']);
    await insert(ben, 1, '1815-12-10 ');
    await eventually(() => matches(ada)).toEqual(['1815-12', '2024-05', '1999-12']);
    await field(ada).fill('(a+)+$');
    // The page goes on meanwhile.
    await ada.editor.press('End');
    await eventually(() => status(ada)).toBe('This takes too long');
    await field(ada).fill('a{60}');
    await eventually(() => status(ada)).toBe('1 of 1');
  });
});

describe('replace', () => {
  const undo = (writer: Writer) => writer.editor.press('Control+z');

  it('replaces one after the other, with the marks of what was there', async () => {
    const { ada, ben } = await together('<p>red <b>red</b> red</p>');
    await ada.page.evaluate(() => window.editor.commands.setTextSelection(1));
    await ada.editor.press('Control+Alt+f');
    await field(ada).fill('red');
    await bar(ada).getByRole('textbox', { name: 'Replace with' }).fill('blue');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.press('Enter');
    await expectBlocks([ada, ben], ['blue blue red']);
    expect(await ben.editor.locator('strong').allTextContents()).toEqual(['blue']);
    expect(await status(ada)).toBe('1 of 1');
  });

  it('replaces all as one step of undo, also when others wrote before and after it', async () => {
    const { ada, ben } = await together('<p>cat and cat</p><p>Cat</p>');
    await ada.editor.press('Control+End');
    await ada.page.keyboard.type(' typed');
    await ada.editor.press('Control+Alt+f');
    await field(ada).fill('cat');
    await insert(ben, 1, 'A cat, ');
    await eventually(() => status(ada)).toBe('2 of 4');
    await bar(ada).getByRole('textbox', { name: 'Replace with' }).fill('dog');
    await button(ada, 'Replace all').click();
    await expectBlocks([ada, ben], ['A dog, dog and dog', 'dog typed']);
    const beforeCaret = await ada.page.evaluate(() => window.editor.state.selection.$head.nodeBefore?.text);
    expect(beforeCaret).toBe('dog typed');
    await insert(ben, 1, 'Yes: ');
    await expectBlocks([ada], ['Yes: A dog, dog and dog', 'dog typed']);
    await undo(ada);
    await expectBlocks([ada, ben], ['Yes: A cat, cat and cat', 'Cat typed']);
    await ada.editor.press('Control+Shift+z');
    await expectBlocks([ada, ben], ['Yes: A dog, dog and dog', 'dog typed']);
  });

  it('replaces all word by word: what others write between two of them in that moment stays', async () => {
    const { ada, ben } = await together(
      '<p>a cat, <b>my cat</b> and a cats\u2019 cat</p><ul><li><p>cat 😀 cat</p><ul><li><p>in a <i>ca</i>t</p></li></ul></li></ul>' +
        '<table><tr><td><p>cat</p></td><td><p>one<br>cat<br>cat</p></td></tr></table><pre><code>cat(cat)</code></pre>',
    );
    await ada.editor.press('Control+Alt+f');
    await field(ada).fill('cat');
    await bar(ada).getByRole('textbox', { name: 'Replace with' }).fill('dog');
    await eventually(() => status(ada)).toMatch(/of 12$/);
    await ada.page.evaluate(() => window.handle.provider.disconnect());
    // Around the words, and between those of one paragraph.
    await ben.page.evaluate(() => {
      const places: number[] = [];
      window.editor.state.doc.descendants((node, at) => {
        for (const match of (node.text ?? '').matchAll(/cat/g)) places.push(at + match.index);
      });
      for (const at of places.reverse()) window.editor.view.dispatch(window.editor.state.tr.insertText('new', at));
    });
    await button(ada, 'Replace all').click();
    await eventually(async () => (await ada.blocks())[0]).toBe('a dog, my dog and a dogs\u2019 dog');
    await ada.page.evaluate(() => window.handle.provider.connect());
    await expectBlocks(
      [ada, ben],
      [
        'a newdog, my newdog and a newdogs\u2019 newdog',
        'newdog 😀 newdogin a dog',
        'newdogonenewdognewdog',
        'newdog(newdog)',
      ],
    );
    expect(await ben.editor.locator('strong').innerText()).toBe('my newdog');
    const json = (writer: Writer) => writer.page.evaluate(() => JSON.stringify(window.editor.getJSON()));
    expect(await json(ada)).toBe(await json(ben));
    await undo(ada);
    await eventually(async () => (await ada.blocks())[0]).toBe('a newcat, my newcat and a newcats\u2019 newcat');
    await expectBlocks([ben], await ada.blocks());
  });

  it('knows the groups of a regular expression, and replaces by nothing', async () => {
    const { ada } = await together('<p>2024-05-17, 1999-12-31</p>');
    await ada.editor.press('Control+Alt+f');
    await button(ada, 'Regular expression').click();
    await field(ada).fill('(\\d+)-(\\d+)-(\\d+)');
    await bar(ada).getByRole('textbox', { name: 'Replace with' }).fill('$3.$2.$1');
    await eventually(() => status(ada)).toBe('1 of 2');
    await button(ada, 'Replace all').click();
    await expectBlocks([ada], ['17.05.2024, 31.12.1999']);
    await field(ada).fill('\\d');
    await bar(ada).getByRole('textbox', { name: 'Replace with' }).fill('');
    await eventually(() => status(ada)).toBe('1 of 16');
    await button(ada, 'Replace all').click();
    await expectBlocks([ada], ['.., ..']);
  });

  it('is not there for whoever may only read, who can find all the same', async () => {
    const { ada } = await together('<p>for reading</p>');
    await ada.page.evaluate(() => window.handle.setEditable(false));
    await ada.page.locator('.tiptap').press('Control+f');
    await field(ada).fill('read');
    await eventually(() => status(ada)).toBe('1 of 1');
    expect(await button(ada, 'Show replace').count()).toBe(0);
  });
});
