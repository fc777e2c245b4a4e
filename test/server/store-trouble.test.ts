import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { type Refusal, ScriptoriumProvider } from '../../client/node.ts';
import { createServer, type Limits } from '../../server/index.ts';
import { TroubledStorage } from '../support/troubled-storage.ts';

async function start(limits: Partial<Limits> = {}) {
  const storage = new TroubledStorage();
  const server = createServer({ storage, limits: { storeTimeoutMs: 50, ...limits } });
  const { url } = await server.listen({ port: 0 });
  onTestFinished(async () => {
    storage.mode = 'well';
    await server.close();
  });
  const syncUrl = `${url.replace('http', 'ws')}/sync`;
  const join = async (document: string) => {
    const doc = new Y.Doc();
    onTestFinished(() => doc.destroy());
    const provider = new ScriptoriumProvider(syncUrl, document, doc);
    await provider.whenSynced();
    return provider;
  };
  const ready = async () => (await fetch(`${url}/ready`)).status;
  return { storage, syncUrl, join, ready };
}

const CANNOT_SAVE = 'The server cannot save anything at present.';

const textOf = ({ doc }: { doc: Y.Doc }) => doc.getText().toString();

test.for(['failing', 'hanging'] as const)(
  'a store that is %s: nothing is called saved, everybody is told why, typing goes on; well again, all is saved without a reconnect',
  async (mode) => {
    const { storage, join, ready } = await start();
    const [ada, ben] = [await join('d'), await join('d')];
    const statuses: string[] = [];
    ada.on('status', ({ status }) => statuses.push(status));
    expect(await ready()).toBe(200);

    storage.mode = mode;
    ada.doc.getText().insert(0, 'while it is down');
    await expect.poll(() => textOf(ben)).toBe('while it is down');
    await expect
      .poll(() => ada.savedState)
      .toEqual({
        saved: false,
        unsavedChanges: 1,
        kept: false,
        reason: CANNOT_SAVE,
      });
    expect(await ready()).toBe(503);
    const late = await join('d');
    expect(textOf(late)).toBe('while it is down');

    storage.mode = 'well';
    await ada.whenSaved();
    expect(ada.savedState).toEqual({ saved: true, unsavedChanges: 0, kept: true });
    expect(await ready()).toBe(200);
    expect(statuses).toEqual([]);
    expect((await storage.info('d'))?.seq).toBe(1);
  },
);

test('an ack that comes after the news of trouble does not take the reason away', async () => {
  const { storage, join } = await start();
  const [ada, ben] = [await join('d'), await join('d')];
  // Where there is traffic, an ack rides with it; news of the store do not wait.
  let moves = 0;
  const traffic = setInterval(() => ben.awareness.setLocalStateField('cursor', ++moves), 1);
  onTestFinished(() => clearInterval(traffic));
  await expect.poll(() => moves).toBeGreaterThan(100);
  storage.mode = 'hanging';
  ada.doc.getText().insert(0, 'is saved, ');
  await expect.poll(() => textOf(ben)).toBe('is saved, ');
  ben.doc.getText().insert(0, 'is not saved, ');
  await expect.poll(() => textOf(ada)).toBe('is not saved, is saved, ');
  // What hangs goes through, and what comes next fails: the ack of the one and the news of the other cross.
  storage.mode = 'well';
  storage.mode = 'failing';
  await expect.poll(() => [ada.unsavedChanges, ben.savedState.reason]).toEqual([0, CANNOT_SAVE]);

  ada.doc.getText().insert(0, 'is not saved either, ');
  await expect.poll(() => ada.savedState.reason).toBe(CANNOT_SAVE);
  storage.mode = 'well';
  await Promise.all([ada.whenSaved(), ben.whenSaved()]);
});

test('past the bound edits are refused by name, and taken after all when there is room, also from a stock client', async () => {
  const { storage, syncUrl, join } = await start({ maxPendingBytes: 2_000 });
  const ada = await join('d');
  const doc = new Y.Doc();
  const stock = new WebsocketProvider(syncUrl, 'd', doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  onTestFinished(() => {
    stock.destroy();
    doc.destroy();
  });
  await expect.poll(() => stock.synced).toBe(true);
  const refusals: Refusal[] = [];
  ada.on('refused', (refusal) => refusals.push(refusal));

  storage.mode = 'failing';
  for (let i = 0; i < 100; i++) ada.doc.getText().insert(0, `edit ${i} that takes some room, `);
  stock.doc.getText().insert(0, 'from a stock client, ');
  await expect.poll(() => refusals.length).toBe(1);
  expect(refusals[0]).toMatchObject({ code: 'store-unavailable', retry: true });
  expect(ada.saved).toBe(false);

  storage.mode = 'well';
  await ada.whenSaved();
  const reader = await join('d');
  await expect.poll(() => textOf(reader)).toContain('from a stock client, ');
  await expect.poll(() => textOf(reader)).toBe(textOf(ada));
  expect(textOf(reader)).toContain('edit 99 ');
  expect(textOf(reader)).toContain('edit 0 ');
});

test('what is refused because other documents fill the bound is taken when these are saved', async () => {
  const { storage, join } = await start({ maxTotalPendingBytes: 500 });
  const [full, other] = [await join('full'), await join('other')];
  storage.mode = 'failing';
  full.doc.getText().insert(0, 'x'.repeat(480));
  await expect.poll(() => full.savedState.reason !== undefined).toBe(true);
  const refused = new Promise((resolve) => other.once('refused', resolve));
  other.doc.getText().insert(0, 'y'.repeat(100));
  await refused;
  storage.mode = 'well';
  await full.whenSaved();
  await other.whenSaved();
  expect(textOf(await join('other'))).toBe('y'.repeat(100));
});
