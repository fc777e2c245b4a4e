import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { encodeAwareness } from '../../protocol/index.ts';
import { createServer, type Limits, type ServerOptions } from '../../server/index.ts';
import { RawAddressed } from '../support/raw-addressed.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { SECRET, tokenFor } from '../support/tokens.ts';
import { TroubledStorage } from '../support/troubled-storage.ts';

// What no provider sends to `/hocuspocus`, and the order of what it is answered.

const TOKENS: Omit<ServerOptions, 'storage' | 'limits'> = { tokens: { secret: SECRET } };
const STEP_ONE = { type: 'sync-step-1', stateVector: Uint8Array.of(0) } as const;
const NOBODY = { type: 'awareness', update: encodeAwareness([]) } as const;
const TOKEN = { type: 'token', token: '' } as const;

async function start(options: Omit<ServerOptions, 'storage' | 'limits'> = {}, limits: Partial<Limits> = {}) {
  const server = await startServer(await temporaryFolder(), 0, limits, options);
  onTestFinished(() => server.close());
  return server;
}

function edit(clientID: number, text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientID;
  doc.getText().insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

/** Somebody who notices when the server is not well. */
async function healthy(httpUrl: string, token = ''): Promise<() => Promise<void>> {
  const client = await RawAddressed.connect(httpUrl);
  client.say('healthy', { type: 'token', token });
  client.say('healthy', STEP_ONE);
  await expect.poll(() => client.heard('healthy')).toContain('sync-step-2');
  let count = 0;
  return async () => {
    client.say('healthy', { type: 'update', update: edit(1_000 + ++count, 'x') });
    await expect.poll(() => client.statuses('healthy')).toHaveLength(count);
  };
}

test('what is said before the token waits for it, and is answered in order, with the address as it was', async () => {
  const { httpUrl } = await start(TOKENS);
  const client = await RawAddressed.connect(httpUrl);
  const address = 'ü/d\0session 1';
  client.say(address, STEP_ONE);
  client.say(address, NOBODY);
  client.say(address, { type: 'update', update: edit(1, 'early') });
  await client.settle();
  expect(client.received).toEqual([]);
  client.say(address, {
    type: 'token',
    token: await tokenFor('ada', { documents: { 'ü/d': 'write' } }),
    version: '4.8.0',
  });
  await expect
    .poll(() => client.heard(address))
    .toEqual(['authenticated', 'sync-step-1', 'sync-step-2', 'edit-status']);
  expect(client.received.every((told) => told.address === address)).toBe(true);
});

test('each step 2 and update has one status, in order, when it is durable; what is refused has a 0 in its place', async () => {
  const storage = new TroubledStorage();
  const server = createServer({ storage, limits: { maxPendingBytes: 300 } });
  const { url } = await server.listen({ port: 0 });
  onTestFinished(async () => {
    storage.mode = 'well';
    await server.close();
  });
  const client = await RawAddressed.connect(url);
  client.say('d', TOKEN);
  client.say('d', STEP_ONE);
  client.say('d', { type: 'sync-step-2', update: Uint8Array.of(0, 0) });
  client.say('d', { type: 'update', update: edit(1, 'a') });
  client.say('d', { type: 'update', update: edit(1, 'a') }); // known, and durable with the first
  await expect.poll(() => client.statuses('d')).toEqual([true, true, true]);
  storage.mode = 'hanging';
  client.say('d', { type: 'update', update: edit(2, 'b') });
  client.say('d', { type: 'update', update: edit(2, 'b') });
  client.say('d', { type: 'update', update: edit(3, 'c'.repeat(1_000)) });
  await client.settle();
  expect(client.statuses('d')).toHaveLength(3);
  storage.mode = 'well';
  await expect.poll(() => client.statuses('d')).toEqual([true, true, true, true, true, false]);
  // There is room again: the client has to come back with everything.
  expect(await client.closed).toEqual({ code: 1012, reason: 'resync-needed' });
});

test('thousands of edits that wait for the store are each confirmed', async () => {
  const storage = new TroubledStorage();
  const server = createServer({ storage, limits: { maxMessagesPerSecond: 100_000 } });
  const { url } = await server.listen({ port: 0 });
  onTestFinished(async () => {
    storage.mode = 'well';
    await server.close();
  });
  const client = await RawAddressed.connect(url);
  client.say('d', TOKEN);
  client.say('d', STEP_ONE);
  await expect.poll(() => client.heard('d')).toContain('sync-step-2');
  storage.mode = 'hanging';
  for (let i = 1; i <= 3_000; i++) client.say('d', { type: 'update', update: edit(i, 'x') });
  await client.settle();
  expect(client.statuses('d')).toEqual([]);
  storage.mode = 'well';
  await expect.poll(() => client.statuses('d').length).toBe(3_000);
  expect(client.statuses('d')).not.toContain(false);
});

test.each([
  ['a broadcast of a stateless message', Uint8Array.of(1, 100, 6, 1, 120), 'unknown-message-type'],
  ['a type that is unknown', Uint8Array.of(1, 100, 99), 'unknown-message-type'],
  ['a reply of a server', Uint8Array.of(1, 100, 4, 2, 2, 0, 0), 'unknown-message-type'],
  ['a sub-type of auth that is for servers', Uint8Array.of(1, 100, 2, 2, 1, 120), 'unknown-message-type'],
  ['a status', Uint8Array.of(1, 100, 8, 1), 'unknown-message-type'],
  ['an address without a message', Uint8Array.of(1, 100), 'malformed-message'],
  ['nothing', new Uint8Array(), 'malformed-message'],
  ['bytes after the end', Uint8Array.of(1, 100, 3, 0), 'malformed-message'],
  ['an address that is not UTF-8', Uint8Array.of(1, 0xff, 3), 'malformed-message'],
  ['an address that is longer than the message', Uint8Array.of(100, 100, 3), 'malformed-message'],
])('%s ends that connection by name, and harms nobody else', async (_, bytes, reason) => {
  const { httpUrl } = await start();
  const stillWell = await healthy(httpUrl);
  const client = await RawAddressed.connect(httpUrl);
  client.say('d', TOKEN);
  client.socket.send(bytes);
  expect(await client.closed).toEqual({ code: 4400, reason });
  await stillWell();
});

test('text is not taken', async () => {
  const { httpUrl } = await start();
  const client = await RawAddressed.connect(httpUrl);
  client.socket.send('{"type":"auth"}');
  expect(await client.closed).toEqual({ code: 4400, reason: 'malformed-message' });
});

test('an address of a megabyte is refused by name, before and after somebody is in', async () => {
  const { httpUrl } = await start();
  const stillWell = await healthy(httpUrl);
  const long = 'x'.repeat(1024 * 1024);
  const stranger = await RawAddressed.connect(httpUrl);
  stranger.say(long, TOKEN);
  expect(await stranger.closed).toEqual({ code: 4413, reason: 'message-too-large' });
  const inside = await RawAddressed.connect(httpUrl);
  inside.say('d', TOKEN);
  await expect.poll(() => inside.heard('d')).toContain('authenticated');
  inside.say(long, TOKEN);
  expect(await inside.closed).toEqual({ code: 4400, reason: 'malformed-message' });
  await stillWell();
});

test('a name that is none is denied, and the others on the socket go on', async () => {
  const { httpUrl } = await start();
  const client = await RawAddressed.connect(httpUrl);
  for (const address of ['', '\0session', '..', 'a\u0007b', 'x'.repeat(600)]) {
    client.say(address, STEP_ONE);
    client.say(address, TOKEN);
    await expect.poll(() => client.heard(address)).toEqual(['permission-denied']);
  }
  client.say('d', TOKEN);
  client.say('d', STEP_ONE);
  await expect.poll(() => client.heard('d')).toContain('sync-step-2');
});

test('ten thousand documents on one socket: so many as may be are open, the others are refused by name', async () => {
  const { httpUrl } = await start({}, { maxDocumentsPerConnection: 500 });
  const stillWell = await healthy(httpUrl);
  const client = await RawAddressed.connect(httpUrl);
  for (let i = 0; i < 10_000; i++) client.say(`document ${i}`, TOKEN);
  const count = (type: string): number => client.received.filter(({ message }) => message.type === type).length;
  await expect
    .poll(() => [count('authenticated'), count('permission-denied')], { timeout: 20_000 })
    .toEqual([500, 9_500]);
  const denied = client.received.find(({ message }) => message.type === 'permission-denied');
  expect(denied?.message).toMatchObject({ reason: expect.stringContaining('maxDocumentsPerConnection') as string });
  client.say('document 0', { type: 'update', update: edit(1, 'well') });
  await expect.poll(() => client.statuses('document 0'), { timeout: 20_000 }).toEqual([true]);
  client.say('document 1', { type: 'close' });
  client.say('one more', TOKEN);
  await expect.poll(() => client.heard('one more'), { timeout: 20_000 }).toContain('authenticated');
  await stillWell();
});

test('messages for documents that nobody showed a token for are kept within bounds, and do nothing', async () => {
  const { httpUrl } = await start(TOKENS, { maxHelloBytes: 20_000, maxMessagesPerSecond: 100_000 });
  const admin = await tokenFor('root', { admin: true });
  const stillWell = await healthy(httpUrl, admin);
  const client = await RawAddressed.connect(httpUrl);
  client.say('known', { type: 'token', token: admin });
  await expect.poll(() => client.heard('known')).toContain('authenticated');
  for (let i = 0; i < 2_000; i++) {
    client.say(`unknown ${i % 50}`, { type: 'update', update: edit(i + 1, 'x'.repeat(100)) });
    client.say(`unknown ${i % 50}`, { type: 'stateless', payload: 'hello' });
  }
  client.say('known', { type: 'update', update: edit(1, 'x') });
  await expect.poll(() => client.statuses('known')).toEqual([true]);
  expect(client.received.filter(({ address }) => address.startsWith('unknown'))).toEqual([]);
  const list = await fetch(`${httpUrl}/api/documents`, { headers: { Authorization: `Bearer ${admin}` } });
  const { documents } = (await list.json()) as { documents: { document: string }[] };
  expect(documents.map(({ document }) => document)).toEqual(['known']);
  // Some of it was forgotten: who shows a token after all has to come back and say it again.
  for (let i = 0; i < 50; i++) client.say(`unknown ${i}`, { type: 'token', token: admin });
  expect(await client.closed).toEqual({ code: 1012, reason: 'resync-needed' });
  await stillWell();
});

test('a second token while the first one is looked at decides when the first one is not enough', async () => {
  const { httpUrl } = await start(TOKENS);
  const client = await RawAddressed.connect(httpUrl);
  client.say('d', STEP_ONE);
  client.say('d', { type: 'token', token: 'nonsense' });
  client.say('d', { type: 'token', token: await tokenFor('ada', { documents: { d: 'read' } }) });
  await expect.poll(() => client.heard('d')).toContain('sync-step-2');
  expect(client.received.find(({ message }) => message.type === 'authenticated')?.message).toEqual({
    type: 'authenticated',
    scope: 'readonly',
  });
});

test('a document that is closed while it opens, and opened again at once, is open', async () => {
  const { httpUrl } = await start();
  const client = await RawAddressed.connect(httpUrl);
  for (let i = 0; i < 20; i++) {
    client.say('d', TOKEN);
    client.say('d', STEP_ONE);
    client.say('d', { type: 'close' });
  }
  client.say('never opened', { type: 'close' });
  client.say('d', TOKEN);
  client.say('d', STEP_ONE);
  await expect.poll(() => client.heard('d')).toContain('sync-step-2');
  await client.settle();
  expect(client.heard('d').filter((type) => type === 'sync-step-2')).toHaveLength(1);
  expect(client.heard('d')).not.toContain('close');
});

test('a stateless message has a bound', async () => {
  const { httpUrl } = await start({}, { maxStatelessBytes: 100 });
  const client = await RawAddressed.connect(httpUrl);
  client.say('d', TOKEN);
  client.say('d', { type: 'stateless', payload: 'x'.repeat(100) });
  await expect.poll(() => client.heard('d')).toContain('stateless');
  client.say('d', { type: 'stateless', payload: 'x'.repeat(101) });
  expect(await client.closed).toEqual({ code: 4413, reason: 'message-too-large' });
});

test('who talks and is let in nowhere keeps nobody out', async () => {
  const { httpUrl } = await start(TOKENS, { maxConnections: 2 });
  const stillWell = await healthy(httpUrl, await tokenFor('root', { admin: true }));
  const talker = await RawAddressed.connect(httpUrl);
  talker.say('d', STEP_ONE);
  talker.say('d', { type: 'token', token: 'nonsense' });
  await expect.poll(() => talker.heard('d')).toEqual(['permission-denied']);
  const honest = await RawAddressed.connect(httpUrl);
  honest.say('d', { type: 'token', token: await tokenFor('ada', { documents: { d: 'read' } }) });
  await expect.poll(() => honest.heard('d')).toContain('authenticated');
  await talker.closed;
  await stillWell();
});

test('who says nothing in time is closed, and so is everybody when the server stops', async () => {
  const server = await start({}, { helloTimeoutMs: 200 });
  const silent = await RawAddressed.connect(server.httpUrl);
  const client = await RawAddressed.connect(server.httpUrl);
  client.say('d', TOKEN);
  expect(await silent.closed).toEqual({ code: 4408, reason: 'hello-timeout' });
  await expect.poll(() => client.heard('d')).toContain('authenticated');
  await server.close();
  expect(await client.closed).toEqual({ code: 1012, reason: 'server-stopping' });
});
