import { describe, expect, it } from 'vitest';
import { behaves, newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();

/** People in one document, each in a page with the editor alone. */
async function together(...names: string[]): Promise<Writer[]> {
  const document = await newDocumentName(stage);
  const writers: Writer[] = [];
  for (const name of names) {
    const writer = await stage.enter(name);
    await openEmbed(stage, writer);
    await writer.page.evaluate(({ document, name }) => window.embed(document, name).provider.whenSynced(), {
      document,
      name,
    });
    writers.push(writer);
  }
  return writers;
}

const setContent = (writer: Writer, html: string) =>
  writer.page.evaluate((content) => void window.editor.commands.setContent(content), html);
const select = (writer: Writer, from: number, to = from) =>
  writer.page.evaluate(
    ({ from, to }) => {
      window.editor.view.focus();
      window.editor.commands.setTextSelection({ from, to });
    },
    { from, to },
  );
const caret = (writer: Writer) => writer.page.locator('.scriptorium-caret');
const label = (writer: Writer) => writer.page.locator('.scriptorium-caret > .scriptorium-caret-label');
const isShown = (writer: Writer) =>
  label(writer).evaluate((element) => getComputedStyle(element).visibility === 'visible');
/** The text of the block before the caret of the other. */
const textBefore = (writer: Writer) =>
  caret(writer).evaluateAll(([element]) => {
    if (!element) return 'nowhere';
    const range = document.createRange();
    range.selectNodeContents(element.parentElement?.closest('p, h1, h2, h3, li, td, pre') ?? element);
    range.setEndBefore(element);
    return range.toString();
  });

describe("the name at somebody's caret", () => {
  it('shows for two seconds after a movement, then when one points at the bar', async () => {
    const [ada, ben] = (await together('Ada', 'Ben')) as [Writer, Writer];
    await ada.page.clock.install();
    await setContent(ben, '<p>one two three</p>');
    await expectBlocks([ada], ['one two three']);
    await select(ben, 5);
    await eventually(() => textBefore(ada)).toBe('one ');
    expect(await isShown(ada)).toBe(true);
    await ada.page.clock.runFor(1900);
    expect(await isShown(ada)).toBe(true);
    await ada.page.clock.runFor(600);
    await eventually(() => isShown(ada)).toBe(false);

    const box = await caret(ada).boundingBox();
    if (!box) throw new Error('There is no caret.');
    await ada.page.mouse.move(box.x + 3, box.y + box.height / 2);
    await ada.page.clock.runFor(500);
    await eventually(() => isShown(ada)).toBe(true);
    await ada.page.mouse.move(box.x + 80, box.y + box.height / 2);
    await ada.page.clock.runFor(500);
    await eventually(() => isShown(ada)).toBe(false);

    await select(ben, 9);
    await eventually(() => textBefore(ada)).toBe('one two ');
    await ada.page.clock.runFor(100);
    await eventually(() => isShown(ada)).toBe(true);
  });

  it('and the selection fade when nothing moved for ten seconds, and are back with the next movement', async () => {
    const [ada, ben] = (await together('Ada', 'Ben')) as [Writer, Writer];
    await ada.page.clock.install();
    await setContent(ben, '<p>one two three</p>');
    await select(ben, 1, 8);
    const selection = ada.page.locator('.scriptorium-selection').first();
    await ada.page.clock.runFor(100);
    await eventually(() => selection.textContent()).toBe('one two');
    const isStale = () => selection.evaluate((element) => element.classList.contains('scriptorium-stale'));
    await ada.page.clock.runFor(4000);
    expect(await isStale()).toBe(false);
    await ada.page.clock.runFor(6500);
    await eventually(isStale).toBe(true);
    expect(await caret(ada).getAttribute('data-stale')).toBe('');
    await select(ben, 1, 5);
    await eventually(async () => {
      await ada.page.clock.runFor(100);
      return isStale();
    }).toBe(false);
    expect(await caret(ada).getAttribute('data-stale')).toBeNull();
  });

  it('is on nobody else’s, wherever how many carets are, and within the text at all its edges', async () => {
    const [ada, ...others] = (await together('Ada', 'Benjamin Franklin', 'Caroline Herschel', 'Dorothea')) as [
      Writer,
      ...Writer[],
    ];
    await setContent(ada, `<p>${'so on and '.repeat(40)}.</p>`);
    for (const other of others) await expectBlocks([other], [`${'so on and '.repeat(40)}.`]);
    for (const place of [1, 2, 100, 401]) {
      for (const other of others) await select(other, place);
      await eventually(() => label(ada).count()).toBe(3);
      await eventually(
        () =>
          ada.page.evaluate(() => {
            const text = document.querySelector('.tiptap')?.getBoundingClientRect() ?? new DOMRect();
            const boxes = [...document.querySelectorAll('.scriptorium-caret[data-moved] > .scriptorium-caret-label')]
              .map((element) => element.getBoundingClientRect())
              .sort((a, b) => a.top - b.top);
            const bars = [...document.querySelectorAll<HTMLElement>('.scriptorium-caret')]
              .map((element) => getComputedStyle(element, '::before').insetInlineStart)
              .sort();
            const wrong = boxes.filter(
              (box) => box.left < text.left - 1 || box.right > text.right + 1 || box.top < text.top - 1,
            ).length;
            const overlap = boxes.some((box, i) =>
              boxes.some(
                (one, j) =>
                  j > i &&
                  box.left < one.right &&
                  one.left < box.right &&
                  box.top < one.bottom - 0.5 &&
                  one.top < box.bottom - 0.5,
              ),
            );
            return { labels: boxes.length, wrong, overlap, bars: new Set(bars).size };
          }),
        `at ${place}`,
      ).toEqual({ labels: 3, wrong: 0, overlap: false, bars: 3 });
    }
  });
});

describe("somebody's caret", () => {
  it('stays at its letter while others write before it, split, join and turn its block into another', async () => {
    const [ada, ben] = (await together('Ada', 'Ben')) as [Writer, Writer];
    await setContent(ben, '<p>first</p><p>second block</p>');
    await select(ben, 15);
    await eventually(() => textBefore(ada)).toBe('second ');
    const edits: ((page: Writer['page']) => Promise<unknown>)[] = [
      (page) => page.evaluate(() => window.editor.commands.insertContentAt(1, 'at the front: ')),
      (page) => page.evaluate(() => window.editor.chain().setTextSelection(5).splitBlock().run()),
      (page) => page.evaluate(() => window.editor.commands.joinBackward()),
      (page) => page.evaluate(() => window.editor.chain().setTextSelection(23).toggleHeading({ level: 2 }).run()),
      (page) => page.evaluate(() => window.editor.chain().selectAll().toggleBold().run()),
    ];
    for (const [i, edit] of edits.entries()) {
      await edit(ada.page);
      expect(await textBefore(ada), `edit ${i}, at once`).toBe('second ');
      await ada.page.evaluate(() => window.handle.provider.whenSaved());
      await eventually(() => textBefore(ada), `edit ${i}`).toBe('second ');
    }
    await ben.page.keyboard.type('!');
    await eventually(() => ben.blocks()).toContain('second !block');
  });

  it('is not moved by what others write in front of it or take away there, in a heading too', async () => {
    const [ada, ben] = (await together('Ada', 'Ben')) as [Writer, Writer];
    for (const tag of ['h2', 'p']) {
      await setContent(ben, `<${tag}>one two</${tag}><p>other</p>`);
      await expectBlocks([ada], ['one two', 'other']);
      await select(ben, 4);
      await ada.page.evaluate(() => void window.editor.commands.insertContentAt(1, 'zero '));
      await expectBlocks([ben], ['zero one two', 'other']);
      await ben.page.keyboard.type('!');
      await expectBlocks([ada, ben], ['zero one! two', 'other']);
      await ada.page.evaluate(() => void window.editor.commands.deleteRange({ from: 1, to: 10 }));
      await expectBlocks([ben], [' two', 'other']);
      await ben.page.keyboard.type('?');
      await expectBlocks([ada, ben], ['? two', 'other']);
    }
  });

  it('can be at a soft break, in an empty block, a list, a block of code and at a rule', async () => {
    const [ada, ben] = (await together('Ada', 'Ben')) as [Writer, Writer];
    await setContent(
      ben,
      '<p>one<br>two</p><p></p><ul><li><p>item</p><ul><li><p>inner</p></li></ul></li></ul><hr><pre><code>code</code></pre><p>x<br></p>',
    );
    const size = await ben.page.evaluate(() => window.editor.state.doc.content.size);
    await eventually(() => ada.page.evaluate(() => window.editor.state.doc.content.size)).toBe(size);
    for (let place = 0; place <= size; place++) {
      await ben.page.evaluate((at) => {
        window.editor.view.focus();
        const isNode = window.editor.state.doc.resolve(at).nodeAfter?.type.name === 'horizontalRule';
        if (isNode) window.editor.commands.setNodeSelection(at);
        else if (window.editor.state.doc.resolve(at).parent.isTextblock) window.editor.commands.setTextSelection(at);
      }, place);
    }
    await ben.page.evaluate((end) => void window.editor.commands.setTextSelection({ from: 1, to: end - 1 }), size);
    await eventually(() => ada.page.locator('.scriptorium-selected-block').count()).toBe(1);
    expect(await caret(ada).count()).toBe(1);
    await ben.page.keyboard.press('End');
  });

  it('stays when its person only reads while their editor is given more plugins, and goes with that editor', async () => {
    const [ada, ben] = (await together('Ada', 'Ben')) as [Writer, Writer];
    await behaves(ben);
    await setContent(ben, '<p>one two</p>');
    await select(ben, 5);
    await eventually(() => textBefore(ada)).toBe('one ');
    const cursors = await ben.page.evaluate(() => {
      const { editor, awareness } = window.handle;
      const cursor = () => awareness.getLocalState()?.['cursor'];
      const before = cursor();
      // As it is done with each registration: the views of all plugins are made anew.
      editor.view.updateState(editor.state.reconfigure({ plugins: [...editor.state.plugins] }));
      return [before, cursor()];
    });
    expect(cursors[0]).toBeTruthy();
    expect(cursors[1]).toEqual(cursors[0]);
    await ben.page.evaluate(() => window.handle.editor.destroy());
    await eventually(() => caret(ada).count()).toBe(0);
  });

  it('stays where it was while its person is in the toolbar, and goes with the page', async () => {
    const [ada, ben] = (await together('Ada', 'Ben')) as [Writer, Writer];
    await setContent(ben, '<p>one two</p>');
    await select(ben, 5);
    await eventually(() => textBefore(ada)).toBe('one ');
    await ben.page.getByRole('button', { name: 'Bold' }).focus();
    await setContent(ada, '<p>one two</p><p>three</p>');
    await eventually(() => ben.blocks()).toEqual(['one two', 'three']);
    expect(await caret(ada).count()).toBe(1);
    await ben.page.close();
    await expect.poll(() => caret(ada).count(), { timeout: 1000, interval: 20 }).toBe(0);
  });
});
