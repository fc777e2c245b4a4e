import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

const stage = setStage();

/** What is stored of a document. */
async function stored(name: string): Promise<Y.Doc> {
  const response = await fetch(`${stage.server.url}/api/documents/${name}/update`);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()));
  return doc;
}

/** All that a document says and who wrote something in it, in a form that can be compared. */
function everything(doc: Y.Doc): { text: string; clients: number[] } {
  return { text: describeType(doc.getXmlFragment('default')), clients: [...doc.store.clients.keys()].sort() };
}

function describeType(type: unknown): string {
  if (type instanceof Y.XmlText) return JSON.stringify(type.toDelta());
  const children = (type as Y.XmlFragment).toArray().map(describeType).join();
  return type instanceof Y.XmlElement
    ? `${type.nodeName}${JSON.stringify(type.getAttributes())}(${children})`
    : children;
}

/** What the newer client wrote: everything in its own document. */
async function written(newer: Writer): Promise<{ text: string; clients: number[] }> {
  const bytes = await newer.page.evaluate(async () => {
    await window.handle.provider.whenSaved();
    return [...window.Y.encodeStateAsUpdate(window.handle.doc)];
  });
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Uint8Array.from(bytes));
  return everything(doc);
}

const shown = (writer: Writer) => writer.page.locator('.tiptap[role="document"]');
const notice = (writer: Writer) => writer.page.locator('.scriptorium-notice');

/** Tries all that somebody can do in an open editor. */
async function tryToWrite(writer: Writer): Promise<void> {
  await shown(writer).click();
  await writer.page.keyboard.type('no');
  await writer.page.keyboard.press('Control+z');
  await writer.page.evaluate(() => {
    window.editor.commands.insertContent('no');
    window.editor.commands.setContent('<p>no</p>');
    window.editor.commands.clearContent(true);
    window.editor.commands.undo();
  });
}

/** A newer client writes a document with something unknown in it. */
const writeNewer = (newer: Writer, document: { name: string; html: string; what: string }) =>
  newer.page.evaluate(async ({ name, html, what }) => {
    const { editor, provider } = window.embedNewer(name, 'Newer');
    await provider.whenSynced();
    editor.commands.setContent(html);
    const indented = editor.chain().setTextSelection(10).updateAttributes('paragraph', { indent: 4 });
    if (what === 'attribute') indented.run();
    await provider.whenSaved();
  }, document);

const CASES = [
  {
    what: 'node',
    html: '<p>known</p><aside><p>inside</p></aside>',
    named: 'element “verse”',
    text: ['known', 'inside'],
    remove: '<p>known</p>',
  },
  {
    what: 'mark',
    html: '<p>known</p><p>some <q>marked</q> text</p>',
    named: 'format “comment”',
    text: ['known', 'some marked text'],
    remove: '<p>known</p><p>some text</p>',
  },
  {
    what: 'attribute',
    html: '<p>known</p><p>indented</p>',
    named: 'property “paragraph.indent”',
    text: ['known', 'indented'],
    remove: '<p>known</p><p>indented</p>',
  },
];

describe.each(CASES)('a document with an unknown $what', ({ what, html, named, text, remove }) => {
  it('is shown, says why it is read-only, and is never altered', async () => {
    const name = await newDocumentName(stage);
    const [newer, before, after, reader, returning] = await Promise.all(
      ['Newer', 'Before', 'After', 'Reader', 'Returning'].map((person) => stage.enter(person)),
    );
    if (!newer || !before || !after || !reader || !returning) throw new Error('unreachable');
    const older = [before, after, reader, returning];
    for (const writer of [newer, ...older]) await openEmbed(stage, writer);

    // One is there before there is anything unknown: it gets it as a live update, while its person could write.
    await before.page.evaluate((name) => window.embed(name, 'Before').provider.whenSynced(), name);
    await writeNewer(newer, { name, html, what });
    // Two come later, one of them to read only; one has it on its device before it is connected.
    await after.page.evaluate((name) => window.embed(name, 'After').provider.whenSynced(), name);
    await reader.page.evaluate((name) => window.embed(name, 'Reader', { editable: false }).provider.whenSynced(), name);
    const content = [...Y.encodeStateAsUpdate(await stored(name))];
    await returning.page.evaluate(
      ({ name, content }) =>
        window.embedWith(window.connectWith(name, Uint8Array.from(content)), 'Returning').provider.whenSynced(),
      { name, content },
    );

    for (const writer of older) {
      await eventually(() => notice(writer).textContent(), writer.name).toContain(named);
      await eventually(() => shown(writer).locator('> *').allInnerTexts(), writer.name).toEqual(text);
      await tryToWrite(writer);
    }
    // The newer client goes on typing in a part that all know; the others follow.
    await newer.page.evaluate(() => window.editor.commands.insertContentAt(6, ' and more'));
    for (const writer of older) {
      await eventually(() => shown(writer).locator('> *').allInnerTexts(), writer.name).toEqual([
        'known and more',
        ...text.slice(1),
      ]);
      expect(await writer.page.evaluate(() => window.handle.provider.unsavedChanges)).toBe(0);
    }
    const expected = await written(newer);
    expect(everything(await stored(name))).toEqual(expected);
    expect(expected.clients).toHaveLength(1);
    for (const writer of older) await writer.page.evaluate(() => window.handle.destroy());
    expect(everything(await stored(name))).toEqual(expected);
  });

  it('is shown for reading from the copy on this device, too, and what is done there is never sent', async () => {
    const name = await newDocumentName(stage);
    const newer = await stage.enter('Newer');
    const older = await stage.enter('Older');
    for (const writer of [newer, older]) await openEmbed(stage, writer);
    await writeNewer(newer, { name, html, what });
    // The first visit brings the copy; the second is without a server.
    await older.page.evaluate((name) => window.embed(name, 'Older').provider.whenSynced(), name);
    await eventually(() => older.page.evaluate(() => window.handle.provider.savedState.kept)).toBe(true);
    await older.page.waitForTimeout(1_500); // the copy is written a second later
    let away = true;
    await older.page.routeWebSocket(/\/sync\//, (socket) => {
      if (away) void socket.close();
      else socket.connectToServer();
    });
    await openEmbed(stage, older);
    await older.page.evaluate((name) => void window.embed(name, 'Older'), name);
    await eventually(() => notice(older).textContent()).toContain(named);
    await eventually(() => shown(older).locator('> *').allInnerTexts()).toEqual(text);
    expect(await older.page.evaluate(() => window.handle.provider.synced)).toBe(false);
    await tryToWrite(older);
    const expected = await written(newer);
    away = false;
    expect(await older.page.evaluate(() => window.handle.provider.unsavedChanges)).toBe(0);
    await openEmbed(stage, older);
    await older.page.evaluate((name) => window.embed(name, 'Older').provider.whenSynced(), name);
    expect(everything(await stored(name))).toEqual(expected);
  });

  it('can be written in again when that is gone', async () => {
    const name = await newDocumentName(stage);
    const newer = await stage.enter('Newer');
    const older = await stage.enter('Older');
    for (const writer of [newer, older]) await openEmbed(stage, writer);
    await writeNewer(newer, { name, html, what });
    await older.page.evaluate((name) => window.embed(name, 'Older').provider.whenSynced(), name);
    await eventually(() => notice(older).textContent()).toContain(named);
    expect(await older.page.evaluate(() => window.handle.writable)).toBe(false);
    await newer.page.evaluate((html) => window.editor.commands.setContent(html), remove);
    await older.editor.waitFor();
    expect(await notice(older).textContent()).toBe('');
    await older.editor.click();
    await older.page.keyboard.press('Control+Home');
    await older.page.keyboard.type('back: ');
    await eventually(async () => (await newer.blocks())[0]).toBe('back: known');
  });
});

describe('a document that somebody wrote in with a newer version of the schema', () => {
  it('is followed but not written in any more, and the page offers to reload', async () => {
    const name = await newDocumentName(stage);
    const newer = await stage.enter('Newer');
    const older = await stage.enter('Older');
    for (const writer of [newer, older]) await openEmbed(stage, writer);
    await older.page.evaluate((name) => window.embed(name, 'Older').provider.whenSynced(), name);
    await older.editor.click();
    await older.page.keyboard.type('first');
    await newer.page.evaluate(async (name) => {
      const { editor, provider } = window.embedNewer(name, 'Newer', 99);
      await provider.whenSynced();
      editor.commands.insertContentAt(1, 'second ');
      await provider.whenSaved();
    }, name);
    await older.page.getByRole('button', { name: 'Reload' }).waitFor();
    expect(await notice(older).textContent()).toContain('newer version');
    await older.page.locator('.tiptap').click();
    await older.page.keyboard.type('no');
    await older.page.keyboard.press('Control+z');
    await older.page.evaluate(() => window.editor.commands.insertContent('no'));
    await newer.page.evaluate(() => window.editor.commands.insertContentAt(1, 'third '));
    await eventually(() => older.blocks()).toEqual(['third second first']);
    expect(
      await older.page.evaluate(() => [window.handle.provider.synced, window.handle.provider.unsavedChanges]),
    ).toEqual([true, 0]);
    await eventually(() => newer.blocks()).toEqual(['third second first']);
  });
});

describe('what is shown for reading', () => {
  it('is all text that there is, whatever its attributes are', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const name = await newDocumentName(stage);
    await ada.page.evaluate(async (name) => {
      const { Y } = window;
      const doc = new Y.Doc();
      const make = (node: string, attributes: Record<string, unknown>, text: string, marks = {}) => {
        const element = new Y.XmlElement(node);
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value as string);
        const content = new Y.XmlText();
        content.insert(0, text, marks);
        element.insert(0, [content]);
        return element;
      };
      doc
        .getXmlFragment('default')
        .insert(0, [
          make('widget', {}, 'unknown node'),
          make('heading', { level: '1><img src=x onerror=alert(1)>' }, 'no such level'),
          make('paragraph', {}, 'no address', { link: { href: 'javascript:alert(1)' } }),
          make('paragraph', {}, 'no text', { link: { href: { a: 1 } } }),
          make('orderedList', { start: {} }, 'no item'),
        ]);
      const provider = window.connectWith(name, Y.encodeStateAsUpdate(doc));
      await window.embedWith(provider, 'Ada').provider.whenSynced();
    }, name);
    await eventually(() => shown(ada).locator('> *').allInnerTexts()).toEqual([
      'unknown node',
      'no such level',
      'no address',
      'no text',
      'no item',
    ]);
    expect(await shown(ada).locator('img, a[href^="javascript"]').count()).toBe(0);
  });
});
