import { describe, expect, it } from 'vitest';
import type { EditorHandle } from '../../editor/index.ts';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();

/** Puts an element with these attributes into the page. */
const put = (writer: Writer, attributes: Readonly<Record<string, string>>) =>
  writer.page.evaluate((attributes) => {
    const element = document.createElement('scriptorium-editor');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
  }, attributes);
const setAttribute = (writer: Writer, name: string, value: string | null) =>
  writer.page.evaluate(
    ({ name, value }) => {
      const element = document.querySelector('scriptorium-editor');
      if (value === null) element?.removeAttribute(name);
      else element?.setAttribute(name, value);
    },
    { name, value },
  );

function countSockets(writer: Writer): () => number {
  let sockets = 0;
  writer.page.on('websocket', (socket) => {
    sockets++;
    socket.on('close', () => sockets--);
  });
  return () => sockets;
}

describe('<scriptorium-editor>', () => {
  it('is an editor in the light DOM whose attributes change live', async () => {
    const [first, second] = [await newDocumentName(stage), await newDocumentName(stage)];
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    const sockets = countSockets(ada);
    for (const writer of [ada, ben]) await openEmbed(stage, writer);
    await put(ada, { document: first, url: '/sync', 'user-name': 'Ada', placeholder: 'Write here' });
    await put(ben, { document: first, 'user-name': 'Ben', locale: 'de-AT', toolbar: 'off' });
    await ada.editor.click();
    expect(await ada.editor.getAttribute('data-placeholder')).toBe('Write here');
    expect(await ben.editor.getAttribute('data-placeholder')).toBe('Hier schreiben …');
    expect(await ben.page.getByRole('toolbar').count()).toBe(0);
    await ada.page.keyboard.type('first');
    await expectBlocks([ada, ben], ['first']);
    await eventually(() => ben.caretNames()).toEqual(['Ada']);

    await setAttribute(ada, 'user-name', 'Ada L.');
    await eventually(() => ben.caretNames()).toEqual(['Ada L.']);
    await setAttribute(ada, 'readonly', '');
    await eventually(() => ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await setAttribute(ada, 'readonly', null);
    await setAttribute(ada, 'theme', 'dark');
    await eventually(() => ada.page.locator('.scriptorium').getAttribute('data-theme')).toBe('dark');
    await setAttribute(ada, 'locale', 'de');
    await ada.page.getByRole('toolbar', { name: 'Formatierung' }).waitFor();
    expect(await ada.page.locator('.scriptorium').getAttribute('data-theme')).toBe('dark');

    await setAttribute(ada, 'document', second);
    await expectBlocks([ada], ['']);
    expect(await ada.page.locator('.scriptorium').count()).toBe(1);
    await eventually(sockets).toBe(1);
    await eventually(() => ben.caretNames()).toEqual([]);
    await setAttribute(ada, 'document', null);
    await eventually(sockets).toBe(0);
    expect(await ada.page.locator('scriptorium-editor').innerHTML()).toBe('');
  });

  it('goes on when it is moved in the page, ends when it is taken out, and comes back', async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const sockets = countSockets(ada);
    await put(ada, { document: name });
    await ada.editor.click();
    await ada.page.keyboard.type('text');
    const moved = await ada.page.evaluate(() => {
      const element = document.querySelector('scriptorium-editor');
      const handle = element?.handle;
      document.body.append(Object.assign(document.createElement('main')));
      if (element) document.querySelector('main')?.append(element);
      return new Promise((resolve) => setTimeout(() => resolve(element?.handle === handle), 20));
    });
    expect(moved).toBe(true);
    await eventually(sockets).toBe(1);
    await ada.page.evaluate(async () => {
      const provider = document.querySelector('scriptorium-editor')?.handle?.provider as EditorHandle['provider'];
      await provider.whenSaved();
      Object.assign(window, { taken: document.querySelector('scriptorium-editor') });
      document.querySelector('scriptorium-editor')?.remove();
    });
    await eventually(sockets).toBe(0);
    await ada.page.evaluate(() => document.body.append((window as unknown as { taken: Element }).taken));
    await expectBlocks([ada], ['text']);
    await eventually(sockets).toBe(1);
  });

  it('tells what happens as events, and takes what is no text as properties', async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    for (const writer of [ada, ben]) await openEmbed(stage, writer);
    await ada.page.evaluate((name) => {
      const told: string[] = [];
      const element = document.createElement('scriptorium-editor');
      for (const event of ['ready', 'status', 'saved'] as const) {
        element.addEventListener(event, ({ detail }: CustomEventInit) =>
          told.push(`${event} ${JSON.stringify(detail)}`),
        );
      }
      element.user = { id: 'a', name: 'Ada', color: '#d93a26' };
      element.document = name;
      Object.assign(window, { told });
      document.body.append(element);
    }, name);
    await put(ben, { document: name, 'user-name': 'Ben' });
    await ada.editor.click();
    await ada.page.keyboard.type('x');
    await eventually(() => ben.caretNames()).toEqual(['Ada']);
    const told = () => ada.page.evaluate(() => (window as unknown as { told: string[] }).told);
    await eventually(async () => (await told()).at(-1)).toContain('saved {"saved":true');
    expect(await told()).toEqual(
      expect.arrayContaining(['ready null', 'status {"status":"connecting"}', 'status {"status":"synced"}']),
    );
    await ada.page.evaluate(() => {
      const element = document.querySelector('scriptorium-editor');
      if (element) element.user = { id: 'a', name: 'Countess', color: '#d93a26' };
    });
    await eventually(() => ben.caretNames()).toEqual(['Countess']);
  });

  it('takes a connection that is there, and leaves it open', async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const status = await ada.page.evaluate(async (name) => {
      const provider = window.connectWith(name, window.Y.encodeStateAsUpdate(new window.Y.Doc()));
      const element = document.createElement('scriptorium-editor');
      element.provider = provider;
      document.body.append(element);
      await provider.whenSynced();
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return provider.status;
    }, name);
    expect(status).toBe('synced');
  });
});
