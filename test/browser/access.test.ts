import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { png } from '../support/images.ts';
import { SECRET, tokenFor } from '../support/tokens.ts';
import { EVENT, holdMessages } from './held-socket.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved, type Writer } from './writer.ts';

const stage = setStage({ SCRIPTORIUM_TOKEN_SECRET: SECRET });
let documents = 0;

async function call(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${stage.server.url}/api${path}`, {
    method,
    headers: { Authorization: `Bearer ${await tokenFor('root', { admin: true })}` },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** A new document and the address of its page for somebody with this access. */
async function documentFor(user: string, access: 'read' | 'write' | 'admin') {
  const document = `document-${++documents}`;
  expect((await call('POST', '/documents', { document })).status).toBe(201);
  const token = await tokenFor(user, { documents: { [document]: access } });
  return {
    document,
    page: `${stage.server.url}/d/${document}`,
    url: `${stage.server.url}/d/${document}#token=${token}`,
  };
}

async function linkTo(document: string, access: 'read' | 'write', expiresIn?: number) {
  const response = await call('POST', `/documents/${document}/links`, { access, expiresIn });
  const { id, token } = (await response.json()) as { id: string; token: string };
  return { id, url: `${stage.server.url}/d/${document}#share=${token}` };
}

/** Opens a page on which one can't write. */
async function openToRead(writer: Writer, url: string): Promise<void> {
  await writer.page.goto(url);
  await eventually(() => writer.saveState(), writer.name).toBe('Read only');
}

describe('a link to read', () => {
  it('shows the images of a document that nobody else may see', async () => {
    const { document, url } = await documentFor('ada', 'write');
    const ada = await stage.enter('Ada');
    await ada.open(url);
    const chooser = ada.page.waitForEvent('filechooser');
    await ada.editor.evaluate((element) => {
      (element as unknown as { editor: { commands: { pickImages(): boolean } } }).editor.commands.pickImages();
    });
    await (await chooser).setFiles({ name: 'a.png', mimeType: 'image/png', buffer: png(77, 20) });
    const ben = await stage.enter('Ben');
    await openToRead(ben, (await linkTo(document, 'read')).url);
    for (const { page } of [ada, ben]) {
      const image = page.locator('.scriptorium-image img');
      await eventually(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(77);
    }
    await ben.page.locator('.scriptorium-image img').click();
    expect(await ben.page.getByRole('slider').count()).toBe(0);
  });

  it('shows them also where the document is for reading because of something that the page does not know', async () => {
    const { document, url } = await documentFor('ada', 'write');
    const stored = await fetch(`${stage.server.url}/api/documents/${document}/files`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await tokenFor('root', { admin: true })}`, 'Content-Type': 'image/png' },
      body: new Uint8Array(png(77, 20)),
    });
    const { url: src } = (await stored.json()) as { url: string };
    const doc = new Y.Doc();
    const [widget, image, elsewhere] = [
      new Y.XmlElement('widget'),
      new Y.XmlElement('image'),
      new Y.XmlElement('image'),
    ];
    image.setAttribute('src', src);
    elsewhere.setAttribute('src', 'https://tracker.invalid/a.png');
    doc.getXmlFragment('default').insert(0, [widget, image, elsewhere]);
    await fetch(`${stage.server.url}/api/documents/${document}/update`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await tokenFor('root', { admin: true })}` },
      body: new Uint8Array(Y.encodeStateAsUpdate(doc)),
    });
    const ada = await stage.enter('Ada');
    await ada.page.goto(url);
    const images = ada.page.locator('.tiptap[role="document"] img');
    await eventually(() =>
      images.evaluateAll((all) => all.map((img) => (img as HTMLImageElement).naturalWidth)),
    ).toEqual([77, 0]);
    // Nobody else is told who reads it.
    await eventually(() => images.last().getAttribute('alt')).toBe('Image on tracker.invalid');
    expect(await images.last().getAttribute('src')).toBeNull();
  });

  it('shows the document and what others write, says that it is read only, and takes nothing', async () => {
    const { document, url } = await documentFor('ada', 'write');
    const ada = await stage.enter('Ada');
    await ada.open(url);
    await ada.page.getByRole('textbox', { name: 'Title' }).fill('Minutes');
    await ada.editor.click();
    await ada.page.keyboard.type('For all to read');
    await expectSaved(ada);

    const ben = await stage.enter('Ben');
    await openToRead(ben, (await linkTo(document, 'read')).url);
    await expectBlocks([ben], ['For all to read']);
    const text = ben.page.locator('.tiptap');
    expect(await text.getAttribute('contenteditable')).toBe('false');
    expect(await ben.page.getByRole('textbox', { name: 'Title' }).isEditable()).toBe(false);
    expect(await ben.page.getByRole('button', { name: 'Bold' }).getAttribute('aria-disabled')).toBe('true');
    await text.click();
    await ben.page.keyboard.type('no');
    await ada.page.keyboard.type('!');
    await expectBlocks([ada, ben], ['For all to read!']);
    // Seen by the others all the same.
    await ada.page.locator('.scriptorium-person[data-tip="Ben"]').waitFor();
  });

  it('goes when it is taken back: the page says so, and does not open again', async () => {
    const { document } = await documentFor('ada', 'admin');
    const link = await linkTo(document, 'write');
    const ben = await stage.enter('Ben');
    await ben.open(link.url);
    await ben.editor.click();
    await ben.page.keyboard.type('Written by link');
    await expectSaved(ben);
    await call('DELETE', `/documents/${document}/links/${link.id}`);
    await eventually(() => ben.saveState()).toBe('Disconnected: you have no access');
    expect(await ben.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    ben.expectOnConsole(/status of 40[13]/);
    await ben.page.reload();
    await ben.page.getByRole('heading', { name: 'This document is not open to you' }).waitFor();
  });
});

describe('an administrator', () => {
  it('makes links on the page, which open for somebody else, and takes them back', async () => {
    const { page, url } = await documentFor('ada', 'admin');
    const ada = await stage.enter('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
    await ada.open(url);
    // Nobody copies the token out of the address by mistake.
    expect(ada.page.url()).toBe(page);
    await ada.page.getByRole('button', { name: 'Share' }).click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByText('Opens for those who have been given access.').waitFor();
    await dialog.getByLabel('Whoever has the link').selectOption('Can edit');
    await dialog.getByLabel('Valid').selectOption('For a week');
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    await dialog.getByRole('button', { name: /^Copy the link: Can edit, made just now, ends/ }).click();
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(new RegExp(`^${page}#share=.{50,200}$`));

    const ben = await stage.enter('Ben');
    await ben.open(link);
    await ben.editor.click();
    await ben.page.keyboard.type('Hello');
    await expectSaved(ben);
    // For him the button copies his link, and nothing more.
    await ben.page.getByRole('button', { name: 'Share' }).click();
    expect(
      await ben.page
        .getByRole('dialog', { name: 'Share this document' })
        .getByRole('button', { name: 'Make a link' })
        .count(),
    ).toBe(0);

    await dialog.getByRole('button', { name: /^Take back the link/ }).click();
    await eventually(() => ben.saveState()).toContain('Disconnected');
    await dialog.getByText('None yet.').waitFor();
  });
});

describe('what one may do', () => {
  it('changes while one writes: what was refused is kept, and saved when one may write again', async () => {
    const { document, url } = await documentFor('ada', 'write');
    const ada = await stage.enter('Ada');
    const events = await holdMessages(ada.page, EVENT);
    await ada.open(url);
    await ada.editor.click();
    await ada.page.keyboard.type('Before');
    await expectSaved(ada);
    const set = (access: string | null) => call('PUT', `/documents/${document}/access`, { user: 'ada', access });
    await set('read');
    // She is not told yet, and writes on.
    await eventually(events.count).toBe(2); // the first one told with which schema she writes
    await ada.page.keyboard.type(' and meanwhile');
    await eventually(() => ada.saveState()).toBe('Not saved: You may read this document, not change it.');
    const ben = await stage.enter('Ben');
    await openToRead(ben, (await linkTo(document, 'read')).url);
    await expectBlocks([ben], ['Before']);
    events.release();
    await eventually(() => ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await set(null);
    await expectSaved(ada);
    await expectBlocks([ada, ben], ['Before and meanwhile']);
    await ada.editor.waitFor();
  });

  it('is nothing without a token: neither the document nor the list', async () => {
    const { page } = await documentFor('ada', 'write');
    const ben = await stage.enter('Ben');
    ben.expectOnConsole(/status of 40[13]/);
    await ben.page.goto(page);
    await ben.page.getByRole('heading', { name: 'This document is not open to you' }).waitFor();
    await ben.page.goto(stage.server.url);
    await ben.page.getByRole('heading', { name: 'Nothing is open to you here' }).waitFor();
  });

  it('is shown in the list: only what one may read', async () => {
    const { document, url } = await documentFor('ada', 'write');
    await documentFor('ada', 'write');
    const ada = await stage.enter('Ada');
    await ada.open(url);
    await ada.page.getByRole('link', { name: 'All documents' }).click();
    await ada.page.locator('a.document-link').waitFor();
    expect(await ada.page.locator('a.document-link').count()).toBe(1);
    expect(await ada.page.locator('a.document-link').getAttribute('href')).toBe(`/d/${document}`);
  });
});

describe('tokens that expire', () => {
  it('are renewed while one writes, on one connection, and nothing is lost', async () => {
    const { document } = await documentFor('ada', 'write');
    const ada = await stage.enter('Ada');
    let sockets = 0;
    let fetched = 0;
    ada.page.on('websocket', () => sockets++);
    await openTokenPage(ada, () => {
      fetched++;
      // The server takes it for five seconds longer, since clocks differ.
      return tokenFor('ada', { documents: { [document]: 'write' }, expiresIn: -3 });
    });
    await ada.page.evaluate((name) => void window.openWithTokens(name), document);
    await ada.editor.waitFor();
    await ada.editor.click();
    let written = '';
    while (fetched < 4) {
      await ada.page.keyboard.type('x');
      written += 'x';
    }
    const ben = await stage.enter('Ben');
    await openToRead(ben, (await linkTo(document, 'read')).url);
    await expectBlocks([ada, ben], [written]);
    expect(sockets).toBe(1);
  });

  it('are fetched anew when the connection has ended for want of one, and nothing is lost', async () => {
    const { document } = await documentFor('ada', 'write');
    const ada = await stage.enter('Ada');
    let sockets = 0;
    let fetched = 0;
    ada.page.on('websocket', () => sockets++);
    await openTokenPage(ada, () => {
      // Every second one, asked for ahead of time, does not come.
      if (++fetched % 2 === 0) return new Promise(() => {});
      return tokenFor('ada', { documents: { [document]: 'write' }, expiresIn: -3 });
    });
    await ada.page.evaluate((name) => void window.openWithTokens(name), document);
    await ada.editor.waitFor();
    await ada.editor.click();
    let written = '';
    while (sockets < 3) {
      await ada.page.keyboard.type('x');
      written += 'x';
    }
    const ben = await stage.enter('Ben');
    await openToRead(ben, (await linkTo(document, 'read')).url);
    await expectBlocks([ada, ben], [written]);
  });
});

/** A page with nothing but the editor of a product that gives its users tokens. */
async function openTokenPage(writer: Writer, nextToken: () => Promise<string>): Promise<void> {
  const bundle = await build({
    configFile: false,
    logLevel: 'warn',
    // As in a real build: Vitest's NODE_ENV would choose the development builds of the dependencies.
    resolve: { conditions: ['module', 'browser', 'production'] },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('./token-page.ts', import.meta.url)), formats: ['iife'], name: 'embedding' },
    },
  });
  const [output] = (Array.isArray(bundle) ? bundle : [bundle]) as Rolldown.RolldownOutput[];
  const address = `${stage.server.url}/product`;
  await writer.page.route(address, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,"><body>' }),
  );
  await writer.page.exposeFunction('nextToken', nextToken);
  await writer.page.goto(address);
  await writer.page.addStyleTag({ content: '.ProseMirror { white-space: pre-wrap }' });
  await writer.page.addScriptTag({ content: output?.output[0].code ?? '' });
}
