import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** An unmodified client of `y-websocket`. Without BroadcastChannel: two in one process would not need the server. */
function stockClient({ syncUrl }: TestServer, document: string): WebsocketProvider {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(syncUrl, document, doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: 200,
  });
  onTestFinished(() => {
    provider.destroy();
    doc.destroy();
  });
  return provider;
}

function ourClient({ syncUrl }: TestServer, document: string): ScriptoriumProvider {
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(syncUrl, document, doc, { maxBackoffMs: 200 });
  onTestFinished(() => doc.destroy());
  return provider;
}

const textOf = ({ doc }: { doc: Y.Doc }): string => doc.getText().toString();

const nameOf = (provider: WebsocketProvider | ScriptoriumProvider, client: number): unknown =>
  provider.awareness.getStates().get(client)?.['name'];

test('two stock clients co-edit, see each other, and go on after a restart', async () => {
  const folder = await temporaryFolder();
  let server = await startServer(folder);
  onTestFinished(() => server.close());
  const ada = stockClient(server, 'shared');
  const ben = stockClient(server, 'shared');
  await expect.poll(() => ada.synced && ben.synced).toBe(true);

  ada.doc.getText().insert(0, 'Hello ');
  await expect.poll(() => textOf(ben)).toBe('Hello ');
  ben.doc.getText().insert(6, 'world');
  await expect.poll(() => textOf(ada)).toBe('Hello world');

  ada.awareness.setLocalStateField('name', 'Ada');
  ben.awareness.setLocalStateField('name', 'Ben');
  await expect.poll(() => [nameOf(ada, ben.doc.clientID), nameOf(ben, ada.doc.clientID)]).toEqual(['Ben', 'Ada']);

  await server.close();
  await expect.poll(() => ada.wsconnected || ben.wsconnected).toBe(false);
  ada.doc.getText().insert(11, ', offline');
  server = await startServer(folder, server.port);
  await expect.poll(() => textOf(ben)).toBe('Hello world, offline');
  await expect.poll(() => [nameOf(ada, ben.doc.clientID), nameOf(ben, ada.doc.clientID)]).toEqual(['Ben', 'Ada']);
  const late = stockClient(server, 'shared');
  await expect.poll(() => textOf(late)).toBe('Hello world, offline');
});

test('a stock client that closes is gone for the others at once', async () => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  const ada = stockClient(server, 'presence');
  const ben = stockClient(server, 'presence');
  ben.awareness.setLocalStateField('name', 'Ben');
  await expect.poll(() => nameOf(ada, ben.doc.clientID)).toBe('Ben');
  ben.ws?.close(); // as a closed tab does: without a word
  ben.shouldConnect = false;
  await expect.poll(() => ada.awareness.getStates().has(ben.doc.clientID), { timeout: 1_000 }).toBe(false);
});

test('a stock client that comes back is seen again, though its awareness clock stood still', async () => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  const ada = stockClient(server, 'back');
  const ben = stockClient(server, 'back');
  ben.awareness.setLocalStateField('name', 'Ben');
  await expect.poll(() => nameOf(ada, ben.doc.clientID)).toBe('Ben');
  ben.ws?.close();
  await expect.poll(() => ada.awareness.getStates().has(ben.doc.clientID)).toBe(false);
  await expect.poll(() => nameOf(ada, ben.doc.clientID)).toBe('Ben');
});

test('stock clients and ours share a document and see each other', async () => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  const ours = ourClient(server, 'mixed/with a slash & ümlaut');
  const stock = stockClient(server, encodeURIComponent('mixed/with a slash & ümlaut'));
  await ours.whenSynced();
  ours.doc.getText().insert(0, 'from ours');
  await expect.poll(() => textOf(stock)).toBe('from ours');
  stock.doc.getText().insert(0, 'from stock, ');
  await expect.poll(() => textOf(ours)).toBe('from stock, from ours');
  ours.awareness.setLocalStateField('name', 'Ours');
  stock.awareness.setLocalStateField('name', 'Stock');
  await expect
    .poll(() => [nameOf(ours, stock.doc.clientID), nameOf(stock, ours.doc.clientID)])
    .toEqual(['Stock', 'Ours']);
});

test('a quiet stock client is kept alive: it hangs up after 30 s without a message', { timeout: 60_000 }, async () => {
  const server = await startServer(await temporaryFolder(), 0, { heartbeatMs: 200 });
  onTestFinished(() => server.close());
  const quiet = stockClient(server, 'quiet');
  quiet.awareness.setLocalState(null); // or its own awareness would keep coming back
  await expect.poll(() => quiet.synced).toBe(true);
  const before = quiet.wsLastMessageReceived;
  await expect.poll(() => quiet.wsLastMessageReceived - before, { timeout: 5_000 }).toBeGreaterThan(300);
});
