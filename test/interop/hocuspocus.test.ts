import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import type { DocumentEvent } from '../../protocol/index.ts';
import { createServer, type Limits, type ServerOptions } from '../../server/index.ts';
import { ourClient, stockClient, textOf, write } from '../support/clients.ts';
import {
  HOCUSPOCUS_VERSIONS,
  hocuspocusClient,
  hocuspocusProvider,
  hocuspocusSocket,
  type Provider,
} from '../support/hocuspocus-clients.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { SECRET, tokenFor } from '../support/tokens.ts';
import { TroubledStorage } from '../support/troubled-storage.ts';

const TOKENS = { tokens: { secret: SECRET, clockToleranceSeconds: 0 } };

async function start(options: Omit<ServerOptions, 'storage' | 'limits'> = {}, limits: Partial<Limits> = {}) {
  const server = await startServer(await temporaryFolder(), 0, limits, options);
  onTestFinished(() => server.close());
  return server;
}

/** A server whose store can be held back. */
async function startTroubled(limits: Partial<Limits> = {}) {
  const storage = new TroubledStorage();
  const server = createServer({ storage, limits });
  const { url } = await server.listen({ port: 0 });
  onTestFinished(async () => {
    storage.mode = 'well';
    await server.close();
  });
  return { storage, server, httpUrl: url, syncUrl: `${url.replace('http', 'ws')}/sync` };
}

const text = ({ document }: Provider): string => document.getText().toString();
const insert = ({ document }: Provider, what: string): void => document.getText().insert(0, what);
// Version 2 counts what it sent before it came back twice, and ends below 0.
const inSync = (provider: Provider): boolean => provider.synced && !provider.hasUnsyncedChanges;
const nameOf = (provider: Provider, client: number): unknown => provider.awareness?.getStates().get(client)?.['name'];
const tokenOfWriter = (user = 'ada'): Promise<string> => tokenFor(user, { documents: { '*': 'write' } });

/** What the server has of a document, as somebody new sees it. */
async function storedText({ syncUrl }: Pick<TestServer, 'syncUrl'>, document: string): Promise<string> {
  const reader = ourClient(syncUrl, document, { token: await tokenFor('reader', { documents: { '*': 'read' } }) });
  await reader.whenSynced();
  const stored = textOf(reader);
  reader.destroy();
  return stored;
}

describe.each(HOCUSPOCUS_VERSIONS)('clients of version %i', (version) => {
  test('co-edit, and see each other come and go', async () => {
    const server = await start();
    const ada = hocuspocusClient(server.httpUrl, 'shared', {}, version);
    const ben = hocuspocusClient(server.httpUrl, 'shared', {}, version);
    await expect.poll(() => inSync(ada) && inSync(ben)).toBe(true);
    expect([ada.isAuthenticated, ada.authorizedScope]).toEqual([true, 'read-write']);
    insert(ada, 'Hello ');
    await expect.poll(() => text(ben)).toBe('Hello ');
    insert(ben, 'Well. ');
    await expect.poll(() => text(ada)).toBe('Well. Hello ');
    await expect.poll(() => inSync(ada) && inSync(ben)).toBe(true);
    ada.setAwarenessField('name', 'Ada');
    ben.setAwarenessField('name', 'Ben');
    await expect
      .poll(() => [nameOf(ada, ben.document.clientID), nameOf(ben, ada.document.clientID)])
      .toEqual(['Ben', 'Ada']);
    ben.configuration.websocketProvider.webSocket?.close();
    ben.configuration.websocketProvider.shouldConnect = false;
    await expect.poll(() => ada.awareness?.getStates().has(ben.document.clientID)).toBe(false);
  });

  test('come back after the server was away, with what they wrote meanwhile, and are seen at once', async () => {
    const folder = await temporaryFolder();
    let server = await startServer(folder);
    onTestFinished(() => server.close());
    const ada = hocuspocusClient(server.httpUrl, 'd', {}, version);
    const ben = hocuspocusClient(server.httpUrl, 'd', {}, version);
    ben.setAwarenessField('name', 'Ben');
    await expect.poll(() => nameOf(ada, ben.document.clientID)).toBe('Ben');
    await server.close();
    await expect.poll(() => ada.synced || ben.synced).toBe(false);
    insert(ada, 'offline');
    server = await startServer(folder, server.port);
    await expect.poll(() => text(ben)).toBe('offline');
    await expect.poll(() => inSync(ada) && inSync(ben)).toBe(true);
    // Their own renewal would come after fifteen seconds.
    await expect.poll(() => nameOf(ada, ben.document.clientID), { timeout: 4_000 }).toBe('Ben');
  });

  test('a reconnect to a server that stayed is seen at once too', async () => {
    const server = await start();
    const ada = hocuspocusClient(server.httpUrl, 'd', {}, version);
    const ben = hocuspocusClient(server.httpUrl, 'd', {}, version);
    ben.setAwarenessField('name', 'Ben');
    await expect.poll(() => nameOf(ada, ben.document.clientID)).toBe('Ben');
    const left: number[] = [];
    ada.awareness?.on('change', ({ removed }: { removed: number[] }) => left.push(...removed));
    ben.configuration.websocketProvider.webSocket?.close();
    await expect.poll(() => left).toContain(ben.document.clientID);
    await expect.poll(() => nameOf(ada, ben.document.clientID), { timeout: 4_000 }).toBe('Ben');
  });

  test('changes count as unsynced until the store has them, one by one', async () => {
    const { storage, httpUrl } = await startTroubled();
    const ada = hocuspocusClient(httpUrl, 'd', {}, version);
    const ben = hocuspocusClient(httpUrl, 'd', {}, version);
    await expect.poll(() => inSync(ada) && inSync(ben)).toBe(true);
    storage.mode = 'hanging';
    for (const word of ['a', 'b', 'c']) insert(ada, word);
    await expect.poll(() => text(ben)).toBe('cba'); // relayed, and not durable
    insert(ben, 'd');
    await expect.poll(() => text(ada)).toBe('dcba');
    expect([ada.unsyncedChanges, ben.unsyncedChanges]).toEqual([3, 1]);
    storage.mode = 'well';
    await expect.poll(() => [ada.unsyncedChanges, ben.unsyncedChanges]).toEqual([0, 0]);
  });

  test('a forced resync in the middle is confirmed when all before it is stored', async () => {
    const { storage, httpUrl } = await startTroubled();
    const ada = hocuspocusClient(httpUrl, 'd', {}, version);
    const ben = hocuspocusClient(httpUrl, 'd', {}, version);
    await expect.poll(() => inSync(ada) && inSync(ben)).toBe(true);
    storage.mode = 'hanging';
    insert(ada, 'a');
    insert(ada, 'b');
    ada.forceSync();
    insert(ada, 'c');
    await expect.poll(() => text(ben)).toBe('cba');
    expect(ada.unsyncedChanges).toBe(2);
    storage.mode = 'well';
    await expect.poll(() => ada.unsyncedChanges).toBe(0);
    ada.forceSync();
    expect(ada.unsyncedChanges).toBe(1);
    await expect.poll(() => ada.unsyncedChanges).toBe(0);
    insert(ada, 'd');
    expect(ada.unsyncedChanges).toBe(1); // nothing was confirmed twice
    await expect.poll(() => ada.unsyncedChanges).toBe(0);
  });

  test('who may not is told why, may try again with another token, and goes on from there', async () => {
    const server = await start(TOKENS);
    let token = await tokenFor('ada', { documents: { other: 'write' } });
    const failures: string[] = [];
    const ada = hocuspocusClient(
      server.httpUrl,
      'd',
      { token: () => token, onAuthenticationFailed: ({ reason }) => failures.push(reason) },
      version,
    );
    await expect.poll(() => failures).toEqual(['You may not do this with this document.']);
    insert(ada, 'not lost');
    expect([ada.isAuthenticated, ada.synced]).toEqual([false, false]);
    expect(await storedText(server, 'd')).toBe('');
    token = await tokenOfWriter();
    if (version > 2) await ada.sendToken();
    else await ada.connect(); // it has left by itself
    await expect.poll(() => inSync(ada)).toBe(true);
    expect(await storedText(server, 'd')).toBe('not lost');
    expect(failures).toHaveLength(1);
  });

  test('a reader gets everything, and what they write is neither taken nor called synced', async () => {
    const server = await start(TOKENS);
    const ada = hocuspocusClient(server.httpUrl, 'd', { token: await tokenOfWriter() }, version);
    const token = await tokenFor('ben', { documents: { d: 'read' } });
    const ben = hocuspocusClient(server.httpUrl, 'd', { token }, version);
    await expect.poll(() => inSync(ada) && inSync(ben)).toBe(true);
    expect([ada.authorizedScope, ben.authorizedScope]).toEqual(['read-write', 'readonly']);
    insert(ada, 'by Ada');
    await expect.poll(() => text(ben)).toBe('by Ada');
    insert(ben, 'by Ben ');
    insert(ada, 'more ');
    await expect.poll(() => text(ben)).toContain('more');
    expect(ben.hasUnsyncedChanges).toBe(true);
    expect(text(ada)).toBe('more by Ada');
    // What was refused is taken when they may write: they come back with it.
    await server.server.setAccess({ document: 'd', user: 'ben', access: 'write' });
    await expect.poll(() => text(ada)).toContain('by Ben');
    await expect.poll(() => inSync(ben)).toBe(true);
    expect(ben.authorizedScope).toBe('read-write');
  });

  test('an access that changes is told while they are there', async () => {
    const server = await start(TOKENS);
    const ada = hocuspocusClient(server.httpUrl, 'd', { token: await tokenOfWriter() }, version);
    await expect.poll(() => inSync(ada)).toBe(true);
    await server.server.setAccess({ document: 'd', user: 'ada', access: 'read' });
    await expect.poll(() => ada.authorizedScope).toBe('readonly');
    await server.server.setAccess({ document: 'd', user: 'ada', access: 'write' });
    await expect.poll(() => ada.authorizedScope).toBe('read-write');
    insert(ada, 'still here');
    await expect.poll(() => inSync(ada)).toBe(true);
    expect(await storedText(server, 'd')).toBe('still here');
  });

  test('documents of one socket come and go in any order', async () => {
    const server = await start();
    const socket = hocuspocusSocket(server.httpUrl, version);
    const other = hocuspocusSocket(server.httpUrl, version);
    const [a, b, c] = ['a', 'b', 'c/with a slash'].map((name) => hocuspocusProvider(socket, name, {}, version));
    if (!a || !b || !c) throw new Error('three were made');
    const readers = ['a', 'b', 'c/with a slash'].map((name) => hocuspocusProvider(other, name, {}, version));
    const read = (): string[] => readers.map(text);
    await expect.poll(() => [a, b, c, ...readers].every(inSync)).toBe(true);
    for (const [i, provider] of [a, b, c].entries()) insert(provider, `${i}`);
    await expect.poll(read).toEqual(['0', '1', '2']);
    b.destroy();
    insert(a, 'x');
    insert(c, 'z');
    await expect.poll(read).toEqual(['x0', '1', 'z2']);
    const again = hocuspocusProvider(socket, 'b', {}, version);
    await expect.poll(() => inSync(again)).toBe(true);
    expect(text(again)).toBe('1');
    a.destroy();
    insert(again, 'y');
    await expect.poll(read).toEqual(['x0', 'y1', 'z2']);
    await expect.poll(() => inSync(c)).toBe(true);
  });

  test('what is stateless reaches everybody who has the document open, whatever they came with', async () => {
    const server = await start();
    const heard: string[] = [];
    const hear = (who: string) => ({ onStateless: ({ payload }: { payload: string }) => heard.push(who + payload) });
    const ada = hocuspocusClient(server.httpUrl, 'd', hear('ada '), version);
    const ben = hocuspocusClient(server.httpUrl, 'd', hear('ben '), version);
    const elsewhere = hocuspocusClient(server.httpUrl, 'other', hear('elsewhere '), version);
    const ours = ourClient(server.syncUrl, 'd');
    ours.on('event', (event: DocumentEvent) => event.type === 'stateless' && heard.push(`ours ${event['payload']}`));
    const stock = stockClient(server.syncUrl, 'd');
    await ours.whenSynced();
    await expect.poll(() => [ada, ben, elsewhere].every(inSync) && stock.synced).toBe(true);
    ada.sendStateless('{"ding":1}');
    await expect.poll(() => heard.sort()).toEqual(['ada {"ding":1}', 'ben {"ding":1}', 'ours {"ding":1}']);
    write(stock, 'still well');
    await expect.poll(() => text(ada)).toBe('still well');
  });

  test('edits that the store had no room for are delivered in the end, and not called synced before', async () => {
    const { storage, httpUrl } = await startTroubled({ maxPendingBytes: 2_000, storeTimeoutMs: 200 });
    const ada = hocuspocusClient(httpUrl, 'd', {}, version);
    await expect.poll(() => inSync(ada)).toBe(true);
    storage.mode = 'hanging';
    for (let i = 0; i < 6; i++) insert(ada, 'x'.repeat(500));
    await expect.poll(() => ada.unsyncedChanges).toBe(6);
    storage.mode = 'well';
    await expect.poll(() => inSync(ada), { timeout: 8_000 }).toBe(true);
    const late = hocuspocusClient(httpUrl, 'd', {}, version);
    await expect.poll(() => text(late).length).toBe(3_000);
  });
});

test('two providers of version 4 have the same document on one socket, by their sessions', async () => {
  const server = await start();
  const socket = hocuspocusSocket(server.httpUrl);
  const options = { sessionAwareness: true };
  const ada = hocuspocusProvider(socket, 'd', options);
  const ben = hocuspocusProvider(socket, 'd', options);
  const plain = hocuspocusProvider(socket, 'd');
  await expect.poll(() => [ada, ben, plain].every(inSync)).toBe(true);
  insert(ada, 'by Ada');
  await expect.poll(() => [text(ben), text(plain)]).toEqual(['by Ada', 'by Ada']);
  ada.setAwarenessField('name', 'Ada');
  await expect.poll(() => nameOf(ben, ada.document.clientID)).toBe('Ada');
  const large = 'x'.repeat(100_000);
  insert(ben, large);
  await expect.poll(() => text(ada).length).toBe(100_006);
  ada.destroy();
  await expect.poll(() => ben.awareness?.getStates().has(ada.document.clientID)).toBe(false);
  const late = hocuspocusProvider(socket, 'd', options);
  await expect.poll(() => inSync(late) && text(late).length).toBe(100_006);
});

test('a token is renewed before it expires, on the channel as it is', async () => {
  const server = await start(TOKENS, { tokenWarningMs: 60_000 });
  let made = 0;
  const token = () => tokenFor('ada', { documents: { d: 'write' }, expiresIn: ++made === 1 ? 2 : 600 });
  const disconnects: unknown[] = [];
  const ada = hocuspocusClient(server.httpUrl, 'd', { token, onDisconnect: (event) => disconnects.push(event) });
  await expect.poll(() => inSync(ada)).toBe(true);
  await expect.poll(() => made, { timeout: 4_000 }).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // the first one is over now
  insert(ada, 'still here');
  await expect.poll(() => inSync(ada)).toBe(true);
  expect(disconnects).toEqual([]);
  expect(await storedText(server, 'd')).toBe('still here');
});

test('who loses all access is told, and loses that document only', async () => {
  const server = await start(TOKENS);
  const socket = hocuspocusSocket(server.httpUrl);
  const token = await tokenOfWriter();
  const failures: string[] = [];
  const closes: unknown[] = [];
  const lost = hocuspocusProvider(socket, 'lost', {
    token,
    onAuthenticationFailed: ({ reason }) => failures.push(reason),
    onClose: ({ event }) => closes.push(event.reason),
  });
  const kept = hocuspocusProvider(socket, 'kept', { token });
  await expect.poll(() => inSync(lost) && inSync(kept)).toBe(true);
  await server.server.setAccess({ document: 'lost', user: 'ada', access: 'none' });
  await expect.poll(() => closes).toEqual(['forbidden']);
  expect(failures).toHaveLength(1);
  expect(lost.synced).toBe(false);
  insert(lost, 'too late');
  insert(kept, 'kept');
  await expect.poll(() => inSync(kept)).toBe(true);
  expect(await storedText(server, 'lost')).toBe('');
  expect(await storedText(server, 'kept')).toBe('kept');
});

test('a document that is deleted is closed, and its client does not bring it back', async () => {
  const server = await start();
  const socket = hocuspocusSocket(server.httpUrl);
  const closes: string[] = [];
  const gone = hocuspocusProvider(socket, 'gone', { onClose: ({ event }) => closes.push(event.reason) });
  const kept = hocuspocusProvider(socket, 'kept');
  insert(gone, 'what was there');
  await expect.poll(() => inSync(gone) && inSync(kept)).toBe(true);
  expect((await fetch(`${server.httpUrl}/api/documents/gone`, { method: 'DELETE' })).status).toBe(204);
  await expect.poll(() => closes).toEqual(['document-deleted']);
  insert(gone, 'more ');
  insert(kept, 'kept');
  await expect.poll(() => inSync(kept)).toBe(true);
  expect((await fetch(`${server.httpUrl}/api/documents/gone`)).status).toBe(404);
});

test('what is written before a slow token comes is delivered and counted', async () => {
  const server = await start(TOKENS);
  let give: (token: string) => void = () => {};
  const token = new Promise<string>((resolve) => {
    give = resolve;
  });
  const ada = hocuspocusClient(server.httpUrl, 'd', { token: () => token });
  await expect.poll(() => ada.configuration.websocketProvider.status).toBe('connected');
  insert(ada, 'early');
  insert(ada, 'x'.repeat(400_000)); // more than waits for a document that nobody has authenticated for
  give(await tokenOfWriter());
  await expect.poll(() => inSync(ada), { timeout: 5_000 }).toBe(true);
  expect((await storedText(server, 'd')).length).toBe(400_005);
});

test('a document as large as several frames comes whole, with compression too', async () => {
  const server = await start({ compression: true });
  const ada = hocuspocusClient(server.httpUrl, 'large');
  await expect.poll(() => inSync(ada)).toBe(true);
  const long = Array.from({ length: 30_000 }, (_, i) => `word ${i} `).join('');
  insert(ada, long);
  await expect.poll(() => inSync(ada)).toBe(true);
  const ben = hocuspocusClient(server.httpUrl, 'large', { sessionAwareness: true });
  await expect.poll(() => text(ben)).toBe(long);
  expect(Y.encodeStateVector(ben.document)).toEqual(Y.encodeStateVector(ada.document));
});

test('a quiet client is kept alive, without and with a document: it hangs up after 30 s without a message', async () => {
  const server = await start({}, { heartbeatMs: 200 });
  for (const version of HOCUSPOCUS_VERSIONS) {
    const quiet = hocuspocusClient(server.httpUrl, 'quiet', { awareness: null }, version);
    const socket = quiet.configuration.websocketProvider;
    await expect.poll(() => inSync(quiet)).toBe(true);
    const before = socket.lastMessageReceived;
    await expect.poll(() => socket.lastMessageReceived - before, { timeout: 5_000 }).toBeGreaterThan(300);
    if (version !== 4) continue;
    quiet.detach();
    const detached = socket.lastMessageReceived;
    await expect.poll(() => socket.lastMessageReceived - detached, { timeout: 5_000 }).toBeGreaterThan(600);
  }
});
