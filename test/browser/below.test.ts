import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { png } from '../support/images.ts';
import { behaves, newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, settled, type Writer } from './writer.ts';

const stage = setStage();

const TABLE = '<table><tr><th><p>a</p></th><th><p>b</p></th></tr><tr><td><p>c</p></td><td><p>d</p></td></tr></table>';
const DETAILS = '<details><summary>S</summary><div data-type="detailsContent"><p>inside</p></div></details>';

async function join(name: string, document: string): Promise<Writer> {
  const writer = await stage.enter(name);
  await openEmbed(stage, writer);
  await writer.page.evaluate(
    async ({ document, name }) => void (await window.embed(document, name).provider.whenSynced()),
    {
      document,
      name,
    },
  );
  await behaves(writer);
  return writer;
}

/** Ada, in a document that has this in it, with the caret in the first block that takes it. */
async function enter(html: string): Promise<Writer> {
  const ada = await join('Ada', await newDocumentName(stage));
  await ada.page.evaluate((html) => void window.editor.chain().setContent(html).focus('start').run(), html);
  return ada;
}

/** The kinds of the blocks, and the text of those that are paragraphs. */
const blocks = ({ page }: Writer) =>
  page.evaluate(() =>
    window.editor.state.doc.children.map(({ type, textContent }) =>
      type.name === 'paragraph' ? `p:${textContent}` : type.name,
    ),
  );
const press = (writer: Writer, key: string) => writer.page.keyboard.press(key);
const type = (writer: Writer, text: string) => writer.page.keyboard.type(text);

async function paste({ editor }: Writer, html: string): Promise<void> {
  await editor.evaluate((element, html) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', html);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, html);
}

/** A click in the empty part of the page under the text. */
async function clickBelow({ page }: Writer): Promise<void> {
  const box = await page.locator('.tiptap').boundingBox();
  if (!box) throw new Error('There is no editor.');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height - 20);
}

const ENDS = {
  table: TABLE,
  codeBlock: '<pre><code>one\ntwo</code></pre>',
  details: DETAILS,
  callout: '<div data-type="callout"><p>note</p></div>',
  image: `<img src="data:image/png;base64,${png(40, 20).toString('base64')}" alt="A box">`,
  horizontalRule: '<hr>',
  blockMath: '<div data-type="block-math" data-latex="x"></div>',
};

describe.each(Object.entries(ENDS))('below a document that ends in a %s', (name, html) => {
  it('one writes on after Control+End, and after a click there; a second one makes no more', async () => {
    const ada = await enter(`<p>first</p>${html}`);
    await press(ada, 'Control+End');
    await type(ada, 'on');
    await eventually(() => blocks(ada)).toEqual(['p:first', name, 'p:on']);
    await ada.page.evaluate((html) => void window.editor.commands.setContent(html), `<p>first</p>${html}`);
    await eventually(() => blocks(ada)).toEqual(['p:first', name]);
    await clickBelow(ada);
    await eventually(() => blocks(ada)).toEqual(['p:first', name, 'p:']);
    await clickBelow(ada);
    await press(ada, 'Control+End');
    await type(ada, 'on');
    await eventually(() => blocks(ada)).toEqual(['p:first', name, 'p:on']);
  });

  it('one writes on after an arrow out of its last line', async () => {
    const ada = await enter(html);
    await ada.page.evaluate(() => {
      const { doc } = window.editor.state;
      const last = doc.lastChild;
      if (last?.isAtom) window.editor.commands.setNodeSelection(doc.content.size - last.nodeSize);
      else window.editor.commands.focus('end');
    });
    await settled(ada);
    await press(ada, 'ArrowDown');
    await type(ada, 'on');
    await eventually(() => blocks(ada)).toEqual([name, 'p:on']);
  });
});

describe('below the last block', () => {
  it('an arrow leads from any cell of the last row, and from no other', async () => {
    const ada = await enter(TABLE);
    await ada.editor.locator('th').first().click();
    await press(ada, 'ArrowDown');
    await type(ada, '!');
    await eventually(() => ada.editor.locator('td').first().textContent()).toContain('!');
    expect(await blocks(ada)).toEqual(['table']);
    await press(ada, 'ArrowDown');
    await type(ada, 'on');
    await eventually(() => blocks(ada)).toEqual(['table', 'p:on']);
  });

  it('Control+Enter leads from any cell, Enter from the table as a whole and from a rule', async () => {
    const ada = await enter(TABLE);
    await ada.editor.locator('th').first().click();
    await press(ada, 'Control+Enter');
    await type(ada, 'on');
    await eventually(() => blocks(ada)).toEqual(['table', 'p:on']);
    for (const [name, html] of [
      ['table', TABLE],
      ['horizontalRule', '<hr>'],
    ] as const) {
      await ada.page.evaluate((html) => void window.editor.chain().setContent(html).setNodeSelection(0).run(), html);
      await press(ada, 'Enter');
      await type(ada, 'on');
      await eventually(() => blocks(ada)).toEqual([name, 'p:on']);
    }
  });

  it('nothing is made where one can type behind, nor by who may only read, nor by the others', async () => {
    const document = await newDocumentName(stage);
    const [ada, ben] = [await join('Ada', document), await join('Ben', document)];
    await ada.page.evaluate((html) => void window.editor.chain().setContent(html).focus().run(), TABLE);
    await eventually(() => blocks(ben)).toEqual(['table']);
    await ben.page.evaluate(() => window.handle.setEditable(false));
    await clickBelow(ben);
    await press(ben, 'Control+End');
    await ben.page.evaluate(() => window.handle.setEditable(true));
    await ben.editor.locator('th').first().click();
    await clickBelow(ada);
    await eventually(() => blocks(ben)).toEqual(['table', 'p:']);
    await type(ada, 'on');
    await eventually(() => blocks(ben)).toEqual(['table', 'p:on']);
    expect(await blocks(ada)).toEqual(['table', 'p:on']);
    await ada.page.evaluate(() => void window.editor.commands.setContent('<ul><li><p>one</p></li></ul>'));
    await eventually(() => blocks(ben)).toEqual(['bulletList']);
    await clickBelow(ben);
    await press(ben, 'Control+End');
    await press(ben, 'ArrowDown');
    await type(ben, '!');
    await eventually(() => ada.editor.textContent()).toContain('one!');
    expect(await blocks(ada)).toEqual(['bulletList']);
  });
});

describe('what is pasted', () => {
  it('and ends in a table or a rule leaves the caret below it; in a text it stays where that ended', async () => {
    const ada = await enter('<p></p>');
    const word = await readFile(new URL('./pasted/word.txt', import.meta.url), 'utf8');
    await paste(ada, word);
    await type(ada, 'on');
    await eventually(async () => (await blocks(ada)).slice(-2)).toEqual(['table', 'p:on']);
    await paste(ada, '<p>x</p><hr>');
    await type(ada, 'more');
    await eventually(async () => (await blocks(ada)).slice(-2)).toEqual(['horizontalRule', 'p:more']);
    await paste(ada, `${TABLE}<p>end</p>`);
    await type(ada, '!');
    await eventually(async () => (await blocks(ada)).slice(-2)).toEqual(['table', 'p:end!']);
  });

  it('into a cell leaves the caret in it', async () => {
    const ada = await enter(TABLE);
    await ada.editor.locator('td').last().click();
    await press(ada, 'End');
    await paste(ada, '<p>x</p>');
    await type(ada, '!');
    await eventually(() => ada.editor.locator('td').last().textContent()).toBe('dx!');
    expect(await blocks(ada)).toEqual(['table']);
  });

  it('or chosen as an image in the last paragraph stands above it: one goes on writing', async () => {
    const ada = await enter('<p>first</p><p></p>');
    await press(ada, 'Control+End');
    await paste(ada, ENDS.image);
    await ada.page.getByRole('img', { name: 'A box' }).waitFor();
    await eventually(() => blocks(ada)).toEqual(['p:first', 'image', 'p:']);
    await type(ada, 'on');
    await eventually(() => blocks(ada)).toEqual(['p:first', 'image', 'p:on']);
  });
});
