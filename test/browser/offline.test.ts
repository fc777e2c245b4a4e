import type { Page, WebSocketRoute } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Access, encodeBare } from '../../protocol/index.ts';
import { createServer } from '../../server/index.ts';
import { TroubledStorage } from '../support/troubled-storage.ts';
import { holdMessages, SYNC } from './held-socket.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved, type Writer } from './writer.ts';

const stage = setStage();

const banner = (writer: Writer) => writer.page.locator('.scriptorium-banner');
const bannerText = async (writer: Writer) => {
  const shown = banner(writer);
  return (await shown.count()) === 0 ? '' : (await shown.locator('p').innerText()).trim();
};
const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

/** Someone who has written "Known here" into a new document, which this device then has. */
async function enterWithCopy(name = 'Ada', options = {}): Promise<{ readonly ada: Writer; readonly url: string }> {
  const url = await stage.newDocument();
  const ada = await stage.enter(name, options);
  await ada.open(url);
  await ada.editor.click();
  await ada.page.keyboard.type('Known here');
  await expectSaved(ada);
  return { ada, url };
}

/** Leaves for a page that has nothing to do with documents; the server is not asked for it. */
async function leave({ page }: Writer): Promise<void> {
  const address = `${stage.server.url}/elsewhere`;
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto(address);
}

/** Puts the page's sockets into the hands of the test, for those that open from now on. */
async function takeSockets(page: Page): Promise<WebSocketRoute[]> {
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/sync\//, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  return sockets;
}

describe('a document that was open on this device', () => {
  it('is on the screen and can be written in before the server has said anything', async () => {
    const { ada } = await enterWithCopy();
    const sync = await holdMessages(ada.page, SYNC);
    await ada.page.reload();
    await ada.editor.waitFor();
    await expectBlocks([ada], ['Known here']);
    await ada.editor.click();
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.type(', and more');
    await eventually(sync.count).toBeGreaterThan(0);
    expect(await ada.saveState()).toBe('Saving...');
    sync.release();
    await expectSaved(ada);
    await expectBlocks([ada], ['Known here, and more']);
  });

  it('without the network says where the changes are, counts down, and goes on when it is back', async () => {
    const { ada, url } = await enterWithCopy();
    const context = ada.page.context();
    ada.expectDisconnects();
    await context.setOffline(true);
    await eventually(() => ada.saveState()).toBe('Offline: all changes are saved');
    await eventually(() => bannerText(ada)).toMatch(
      /^There is no connection to the server\. (Next attempt in \d+ s|Trying)/,
    );
    await ada.page.keyboard.type('!!');
    await eventually(() => ada.saveState()).toBe('Offline: kept on this device (2 changes)');
    await eventually(() => bannerText(ada)).toContain('What you write is kept on this device (2 changes).');
    expect(await banner(ada).locator('button').allInnerTexts()).toEqual(['Try now']);

    await context.setOffline(false);
    await expectSaved(ada);
    await eventually(() => banner(ada).count()).toBe(0);
    const ben = await stage.enter('Ben');
    await ben.open(url);
    await expectBlocks([ben], ['Known here!!']);
  });

  it('is sent at the next visit, also when that is to another document', async () => {
    const { ada, url } = await enterWithCopy();
    const elsewhere = await stage.newDocument();
    ada.expectDisconnects();
    await stage.server.kill('SIGKILL');
    await eventually(() => ada.saveState()).toBe('Offline: all changes are saved');
    await ada.page.keyboard.type(' unsent');
    await ada.page.getByRole('textbox', { name: 'Title' }).fill('Unsent title');
    await eventually(() => ada.saveState()).toBe('Offline: kept on this device (8 changes)');
    await leave(ada);
    await stage.server.restart();

    await ada.open(elsewhere);
    const ben = await stage.enter('Ben');
    await ben.open(url);
    await expectBlocks([ben], ['Known here unsent']);
    await eventually(() => ben.page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('Unsent title');
  });

  it('and was deleted since is shown, not brought back, until the person wants that', async () => {
    const { ada, url } = await enterWithCopy();
    await leave(ada);
    await fetch(`${stage.server.url}/api/documents/${nameOf(url)}`, { method: 'DELETE' });
    ada.expect404s();
    await ada.page.goto(url);
    await eventually(() => bannerText(ada)).toBe(
      'This document was deleted on the server. You see the copy on this device.',
    );
    await expectBlocks([ada], ['Known here']);
    expect(await ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    expect((await fetch(`${stage.server.url}/api/documents/${nameOf(url)}`)).status).toBe(404);
    await banner(ada).getByRole('button', { name: 'Delete the copy' }).click();
    await ada.page.getByRole('heading', { name: 'There is no such document' }).waitFor();
  });
});

describe('the page itself', () => {
  it('opens without the server once it was open here, with the documents that are kept', async () => {
    const { ada, url } = await enterWithCopy('Ada', { serviceWorkers: 'allow' });
    await ada.page.evaluate(() => navigator.serviceWorker.ready);
    ada.expectDisconnects();
    await stage.server.kill('SIGKILL');
    await ada.page.reload();
    await expectBlocks([ada], ['Known here']);
    await ada.editor.click();
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.type('!');
    await eventually(() => ada.saveState()).toBe('Offline: kept on this device (1 change)');
    const unseen = new URL('/d/never-seen', url).href;
    await ada.page.goto(unseen);
    await ada.page.getByRole('heading', { name: 'This document is not on this device' }).waitFor();
    await ada.page.goto(url);
    await expectBlocks([ada], ['Known here!']);
    await stage.server.restart();
    await expectSaved(ada);
  });
});

describe('a document that was never on this device', () => {
  it('is not invented without a connection, and opens by itself when there is one', async () => {
    const { ada, url } = await enterWithCopy();
    const ben = await stage.enter('Ben');
    await ben.page.goto(stage.server.url);
    await ben.page.locator('a.document-link').first().waitFor();
    ben.expectDisconnects();
    ada.expectDisconnects();
    await stage.server.kill('SIGKILL');
    await ben.page.evaluate((path) => {
      history.pushState({}, '', path);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }, new URL(url).pathname);
    await ben.page.getByRole('heading', { name: 'This document is not on this device' }).waitFor();
    expect(await ben.page.locator('.tiptap').count()).toBe(0);
    await stage.server.restart();
    await ben.editor.waitFor();
    await expectBlocks([ben], ['Known here']);
  });
});

describe('what the server does not take', () => {
  it('is "Saving..." while its store hangs, then "Not saved" with the reason, and "Saved" when it is durable', async () => {
    const storage = new TroubledStorage();
    const server = createServer({ storage, limits: { storeTimeoutMs: 500 } });
    const { url } = await server.listen({ port: 0, host: '127.0.0.1' });
    onTestFinished(async () => {
      storage.mode = 'well';
      await server.close();
    });
    const response = await fetch(`${url}/api/documents`, { method: 'POST' });
    const { document } = (await response.json()) as { document: string };
    const ada = await stage.enter('Ada');
    await ada.open(`${url}/d/${document}`);
    await expectSaved(ada);
    storage.mode = 'hanging';
    await ada.editor.click();
    await ada.page.keyboard.type('x');
    await eventually(() => ada.saveState()).toBe('Saving...');
    await eventually(() => ada.saveState()).toBe('Not saved: The server cannot save anything at present.');
    storage.mode = 'well';
    await expectSaved(ada);
  });

  it('because the token is not valid any more is kept here, and can be copied', async () => {
    const { ada } = await enterWithCopy('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
    await ada.page.routeWebSocket(/\/sync\//, (socket) => void socket.close({ code: 4401, reason: 'unauthorized' }));
    await ada.page.reload();
    await eventually(() => ada.saveState()).toBe('Disconnected: you are not signed in');
    await eventually(() => ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await expectBlocks([ada], ['Known here']);
    await banner(ada).getByRole('button', { name: 'Copy text' }).click();
    await banner(ada).getByRole('button', { name: 'Copied' }).waitFor();
    expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('Known here');
  });

  it('says "Not saved" with the reason when there is something that it did not take', async () => {
    const { ada } = await enterWithCopy();
    ada.expectDisconnects();
    const sync = await holdMessages(ada.page, SYNC);
    await ada.page.reload();
    await ada.editor.click();
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.type('?');
    await eventually(() => ada.saveState()).toBe('Saving...');
    await ada.page.routeWebSocket(/\/sync\//, (socket) => void socket.close({ code: 4403, reason: 'forbidden' }));
    await ada.page.reload();
    await eventually(() => ada.saveState()).toBe('Not saved: you have no access');
    await eventually(() => bannerText(ada)).toBe(
      'You have no access to this document any more. 1 change of yours was not sent; this device keeps it.',
    );
    await expectBlocks([ada], ['Known here?']);
    sync.release();
  });
});

describe('access that changes', () => {
  it('shows at once: read-only with the reason, and writable again', async () => {
    const { ada } = await enterWithCopy();
    const sockets = await takeSockets(ada.page);
    await ada.reload();
    await eventually(() => sockets.length).toBe(1);
    await expectSaved(ada);
    const grant = (access: Access) => {
      const [socket] = sockets;
      socket?.send(Buffer.from(encodeBare({ type: 'event', event: { type: 'access', access } })));
    };
    grant('read');
    await eventually(() => bannerText(ada)).toBe('You can read this document, but not change it.');
    expect(await ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    expect(await ada.page.getByRole('button', { name: 'Bold' }).getAttribute('aria-disabled')).toBe('true');
    grant('write');
    await ada.editor.waitFor();
    await eventually(() => banner(ada).count()).toBe(0);
    await ada.editor.click();
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.type('!');
    await expectSaved(ada);
  });
});

describe('a browser that keeps nothing', () => {
  it('says so, and works while there is a connection', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    await ada.page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('No.', 'SecurityError');
      };
    });
    await ada.open(url);
    await eventually(() => bannerText(ada)).toContain('This browser keeps nothing on this device');
    await banner(ada).getByRole('button', { name: 'Dismiss' }).click();
    await eventually(() => banner(ada).count()).toBe(0);
    await ada.editor.click();
    await ada.page.keyboard.type('Here');
    await expectSaved(ada);
    ada.expectDisconnects();
    await ada.page.context().setOffline(true);
    await ada.page.keyboard.type('!');
    await eventually(() => ada.saveState()).toBe('Not saved: offline, and only in this page (1 change)');
    await eventually(() => bannerText(ada)).toContain('Keep this page open: 1 change is nowhere else.');
    const asks = () => ada.page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
    expect(await asks()).toBe(true);
    await ada.page.context().setOffline(false);
    await expectSaved(ada);
    expect(await asks()).toBe(false);
  });
});
