import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { launchPersistent } from './chromium.ts';
import { setStage } from './stage.ts';
import { eventually } from './writer.ts';

const stage = setStage();
let script = '';

beforeAll(async () => {
  const entry = fileURLToPath(new URL('./client-page.ts', import.meta.url));
  const bundle = await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'clientPage' } },
  });
  const [output] = (Array.isArray(bundle) ? bundle : [bundle]) as Rolldown.RolldownOutput[];
  script = output?.output[0].code ?? '';
});

/** Opens a page that has nothing but the client's code, on the server's own host: also when the server is away. */
async function openClient(context: BrowserContext, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await context.newPage();
  await page.route('**/client', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,"><body>' }),
  );
  await prepare?.(page);
  await load(page);
  return page;
}

async function load(page: Page): Promise<void> {
  await page.goto(`${stage.server.url}/client`);
  await page.addScriptTag({ content: script });
}

/** A browser of its own, without pages yet. */
async function enter(name: string): Promise<BrowserContext> {
  const writer = await stage.enter(name);
  return writer.page.context();
}

const open = (page: Page, document: string) => page.evaluate((name) => window.client.open(name), document);
const write = (page: Page, text: string) => page.evaluate((added) => window.client.write(added), text);
const textOf = (page: Page) => page.evaluate(() => window.client.text());
const stateOf = (page: Page) => page.evaluate(() => window.client.state());
const saved = (page: Page) => eventually(async () => (await stateOf(page)).saved).toBe(true);
const synced = (page: Page) => eventually(async () => (await stateOf(page)).status).toBe('synced');
const kept = (page: Page) => eventually(async () => (await stateOf(page)).kept).toBe(true);

let documents = 0;
/** The name of a document that nobody has opened yet; it is on the server when somebody has written in it. */
const newName = () => `local copy ${++documents}`;
const addressOf = (document: string) => `${stage.server.url}/api/documents/${encodeURIComponent(document)}`;

async function onServer(document: string): Promise<string | undefined> {
  const response = await fetch(`${addressOf(document)}/update`);
  if (!response.ok) return undefined;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()));
  return doc.getText('text').toString();
}

describe('a document of which this device has a copy', () => {
  it('is there without the network, and what is written then is sent at the next visit', async () => {
    const document = newName();
    const context = await enter('Ada');
    const page = await openClient(context);
    await open(page, document);
    await synced(page);
    await write(page, 'one ');
    await saved(page);
    await context.setOffline(true);
    await eventually(async () => (await stateOf(page)).status).not.toBe('synced');
    await write(page, 'two ');
    await kept(page);
    expect(await stateOf(page)).toMatchObject({ saved: false, unsavedChanges: 1, kept: true });

    await load(page);
    await open(page, document);
    await eventually(() => textOf(page)).toBe('one two ');
    expect(await stateOf(page)).toMatchObject({ ready: true, saved: false, unsavedChanges: 1, kept: true });
    await write(page, 'three');
    await kept(page);
    expect(await onServer(document)).toBe('one ');

    await load(page);
    await context.setOffline(false);
    await open(page, document);
    await eventually(() => textOf(page)).toBe('one two three');
    await saved(page);
    expect(await onServer(document)).toBe('one two three');
    await eventually(() => page.evaluate(() => window.client.unsent())).toEqual([]);
  });

  it('is brought up to date with what came since, and nothing else', async () => {
    const document = newName();
    const context = await enter('Ada');
    const page = await openClient(context);
    await open(page, document);
    await synced(page);
    await write(page, 'x'.repeat(100_000));
    await saved(page);
    // The position comes within a second, and is on the disk a second later.
    await eventually(() => page.evaluate(storedSeq, document)).toBe(1);
    const other = await openClient(await enter('Ben'));
    await open(other, document);
    await synced(other);
    await load(page);
    await write(other, ' and more');
    await saved(other);

    let received = 0;
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => (received += payload.length)));
    await open(page, document);
    await eventually(async () => (await textOf(page)).length).toBe(100_009);
    await synced(page);
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(2_000);
  });

  it('stays small, however often something is written', async () => {
    const document = newName();
    const page = await openClient(await enter('Ada'));
    await open(page, document);
    await synced(page);
    for (let i = 0; i < 130; i++) {
      await write(page, 'x');
      await saved(page);
      // As if the page were left: what waits is written.
      await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
      await eventually(() => page.evaluate(countRows, [document, 'unsaved'] as const)).toBe(0);
    }
    // What is written while the page is left is only added: the next change that is written in peace tidies up.
    await write(page, 'x');
    await saved(page);
    await eventually(() => page.evaluate(countRows, [document, 'updates'] as const)).toBeLessThanOrEqual(101);
    await load(page);
    await open(page, document);
    await eventually(() => textOf(page)).toBe('x'.repeat(131));
  });

  it('is not mixed with a document that took its name: nobody brings back what was deleted without wanting to', async () => {
    const document = newName();
    const context = await enter('Ada');
    const page = await openClient(context);
    await open(page, document);
    await synced(page);
    await write(page, 'deleted');
    await saved(page);
    await eventually(() => page.evaluate(storedSeq, document)).toBe(1);
    await context.setOffline(true);
    await write(page, ', and this was never sent');
    await kept(page);
    await page.goto('about:blank');
    await fetch(addressOf(document), { method: 'DELETE' });

    await context.setOffline(false);
    await load(page);
    await open(page, document);
    await eventually(() => page.evaluate(() => window.client.provider.closed?.reason)).toBe('document-replaced');
    expect(await textOf(page)).toBe('deleted, and this was never sent');
    // The room is open until the connection is gone.
    await eventually(() => onServer(document)).toBeUndefined();

    await page.evaluate(() => window.client.provider.adopt());
    await saved(page);
    expect(await onServer(document)).toBe('deleted, and this was never sent');
  });

  it('can be put away for the one that took its name', async () => {
    const document = newName();
    const page = await openClient(await enter('Ada'));
    await open(page, document);
    await synced(page);
    await write(page, 'old');
    await saved(page);
    await eventually(() => page.evaluate((name) => window.client.hasCopy(name), document)).toBe(true);
    await page.goto('about:blank');
    await fetch(addressOf(document), { method: 'DELETE' });
    const other = await openClient(await enter('Ben'));
    await open(other, document);
    await synced(other);
    await write(other, 'new');
    await saved(other);

    await load(page);
    await page.evaluate((name) => window.client.deleteCopy(name), document);
    await open(page, document);
    await synced(page);
    expect(await textOf(page)).toBe('new');
  });

  it('goes on where the same document is under another epoch, as after a restore, and sends what is newer', async () => {
    const document = newName();
    const context = await enter('Ada');
    const page = await openClient(context);
    await open(page, document);
    await synced(page);
    await write(page, 'backed up');
    await saved(page);
    const backup = await (await fetch(`${addressOf(document)}/update`)).arrayBuffer();
    await write(page, ' and newer');
    await saved(page);
    await page.goto('about:blank');
    await fetch(addressOf(document), { method: 'DELETE' });
    await fetch(`${addressOf(document)}/update`, { method: 'POST', body: backup });
    expect(await onServer(document)).toBe('backed up');

    await load(page);
    await open(page, document);
    await saved(page);
    await eventually(() => onServer(document)).toBe('backed up and newer');
  });
});

describe('changes that were left behind', () => {
  it('are sent when the page is opened on another document, one document after the other', async () => {
    const names = [newName(), newName()];
    const context = await enter('Ada');
    const page = await openClient(context);
    for (const document of names) {
      await open(page, document);
      await synced(page);
      await write(page, 'before ');
      await saved(page);
    }
    await context.setOffline(true);
    for (const document of names) {
      await load(page);
      await open(page, document);
      await eventually(async () => (await stateOf(page)).ready).toBe(true);
      await write(page, 'offline');
      await kept(page);
    }
    await load(page);
    expect(await page.evaluate(() => window.client.unsent())).toEqual(names);
    await context.setOffline(false);
    await page.evaluate(() => void window.client.sendUnsent());
    for (const document of names) await eventually(() => onServer(document)).toBe('before offline');
    await eventually(() => page.evaluate(() => window.client.unsent())).toEqual([]);
  });

  it('survive a browser that is killed, also right after the last keystroke', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scriptorium-profile-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const document = newName();
    const first = await launchPersistent(folder);
    onTestFinished(() => first.kill());
    const page = await openClient(first.context);
    await open(page, document);
    await synced(page);
    await write(page, 'before ');
    await saved(page);
    await first.context.setOffline(true);
    await eventually(async () => (await stateOf(page)).status).not.toBe('synced');
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const { provider } = window.client;
          provider.on('saved', ({ kept }) => kept && resolve());
          window.client.write('the end');
        }),
    );
    await first.kill();

    const second = await launchPersistent(folder);
    onTestFinished(() => second.kill());
    const again = await openClient(second.context);
    await open(again, document);
    await eventually(() => textOf(again)).toBe('before the end');
    await saved(again);
    expect(await onServer(document)).toBe('before the end');
  });
});

describe('two tabs of a browser', () => {
  it('stay in step without the network, and one sends what the other wrote before it was closed', async () => {
    const document = newName();
    const context = await enter('Ada');
    const [one, two] = [await openClient(context), await openClient(context)];
    for (const page of [one, two]) {
      await open(page, document);
      await synced(page);
    }
    await context.setOffline(true);
    for (const page of [one, two]) await eventually(async () => (await stateOf(page)).status).not.toBe('synced');
    await write(one, 'from one ');
    await eventually(() => textOf(two)).toBe('from one ');
    await write(two, 'from two');
    await eventually(() => textOf(one)).toBe('from one from two');
    expect((await stateOf(two)).unsavedChanges).toBe(2);
    // Who is in the other tab.
    await eventually(() => two.evaluate(() => window.client.provider.awareness.getStates().size)).toBe(2);
    await one.close();
    await context.setOffline(false);
    await saved(two);
    expect(await onServer(document)).toBe('from one from two');
  });

  it('share what one of them has before the other has asked the server', async () => {
    const document = newName();
    const context = await enter('Ada');
    // Without storage the other tab is the only place that has it.
    const forbidden = (page: Page) => page.addInitScript(() => Reflect.deleteProperty(window, 'indexedDB'));
    const one = await openClient(context, forbidden);
    await open(one, document);
    await synced(one);
    await context.setOffline(true);
    await eventually(async () => (await stateOf(one)).status).not.toBe('synced');
    await write(one, 'unsent');
    const two = await openClient(context, forbidden);
    await open(two, document);
    await eventually(() => textOf(two)).toBe('unsent');
    expect((await stateOf(two)).unsavedChanges).toBe(1);
  });
});

describe('a device that keeps nothing', () => {
  it('because storage is forbidden says so, and everything else works', async () => {
    const document = newName();
    const page = await openClient(await enter('Ada'), (page) =>
      page.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('No.', 'SecurityError');
        };
      }),
    );
    await open(page, document);
    await synced(page);
    expect((await stateOf(page)).trouble).toBe('forbidden');
    await write(page, 'text');
    await saved(page);
    expect(await onServer(document)).toBe('text');
    expect(await page.evaluate((name) => window.client.hasCopy(name), document)).toBe(false);
  });

  it('because storage is full says so, and keeps everything when there is room again', async () => {
    const document = newName();
    const context = await enter('Ada');
    const page = await openClient(context);
    await open(page, document);
    await synced(page);
    await write(page, 'before ');
    await saved(page);
    await context.setOffline(true);
    await eventually(async () => (await stateOf(page)).status).not.toBe('synced');
    await page.evaluate(() => {
      // Chromium does not hold a page to a small quota that is set for a test.
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('Full.', 'QuotaExceededError');
      };
      window.addEventListener('room', () => Object.assign(IDBObjectStore.prototype, { put }));
    });
    await write(page, 'x'.repeat(50_000));
    await eventually(async () => (await stateOf(page)).trouble).toBe('full');
    expect((await stateOf(page)).kept).toBe(false);
    await page.evaluate(() => window.dispatchEvent(new Event('room')));
    await kept(page);
    expect((await stateOf(page)).trouble).toBeUndefined();
    await load(page);
    await open(page, document);
    await eventually(async () => (await textOf(page)).length).toBe(50_007);
  });
});

/** The position that the device has stored for a document. */
async function storedSeq(document: string): Promise<number | undefined> {
  const opening = indexedDB.open('scriptorium');
  const database = await new Promise<IDBDatabase>((resolve) => {
    opening.onsuccess = () => resolve(opening.result);
  });
  const asking = database.transaction('documents').objectStore('documents').getAllKeys();
  const keys = await new Promise<IDBValidKey[]>((resolve) => {
    asking.onsuccess = () => resolve(asking.result);
  });
  const key = keys.find((address) => String(address).endsWith(`/${encodeURIComponent(document)}`));
  if (key === undefined) return undefined;
  const reading = database.transaction('documents').objectStore('documents').get(key);
  const record = await new Promise<{ seq?: number }>((resolve) => {
    reading.onsuccess = () => resolve(reading.result);
  });
  database.close();
  return record.seq;
}

/** How many rows a document has in one of the stores. */
async function countRows([document, store]: readonly [string, string]): Promise<number> {
  const opening = indexedDB.open('scriptorium');
  const database = await new Promise<IDBDatabase>((resolve) => {
    opening.onsuccess = () => resolve(opening.result);
  });
  const asking = database.transaction(store).objectStore(store).getAllKeys();
  const keys = await new Promise<IDBValidKey[]>((resolve) => {
    asking.onsuccess = () => resolve(asking.result);
  });
  database.close();
  return keys.filter((key) => String((key as string[])[0]).endsWith(`/${encodeURIComponent(document)}`)).length;
}
