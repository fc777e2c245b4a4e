import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import * as encoding from 'lib0/encoding';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { encodeAwareness, encodeBare } from '../../protocol/index.ts';
import { createServer, type Limits, type ServerOptions } from '../../server/index.ts';
import { ask, knock } from '../support/knock.ts';
import { HELLO, rawPeer, STEP_ONE } from '../support/raw-peer.ts';

/** A server with a document that somebody has open, and a check that this was not disturbed. */
async function serverInUse(limits: Partial<Limits> = {}, options: ServerOptions = {}) {
  const server = createServer({ limits, ...options });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0 });
  const syncUrl = `ws://127.0.0.1:${port}/sync`;
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  const honest = new ScriptoriumProvider(syncUrl, 'd', doc);
  await honest.whenSynced();
  let writes = 0;
  return {
    port,
    syncUrl,
    honest,
    async expectUnharmed() {
      expect(honest.status).toBe('synced');
      doc.getText('honest').insert(0, 'x');
      writes++;
      await honest.whenSaved();
      const fresh = new Y.Doc();
      const late = new ScriptoriumProvider(syncUrl, 'd', fresh);
      await late.whenSynced();
      expect(fresh.getText('honest').length).toBe(writes);
      fresh.destroy();
    },
  };
}

const awareness = (clientId: number, clock: number, state: string) =>
  encodeBare({ type: 'awareness', update: encodeAwareness([{ clientId, clock, state }]) });
const update = (bytes: Uint8Array) => encodeBare({ type: 'update', update: bytes });
const written = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
};
const repeated =
  (count: number, ...numbers: number[]) =>
  (encoder: encoding.Encoder) => {
    for (let i = 0; i < count; i++) for (const number of numbers) encoding.writeVarUint(encoder, number);
  };
const all =
  (...writes: ((encoder: encoding.Encoder) => void)[]) =>
  (encoder: encoding.Encoder) => {
    for (const write of writes) write(encoder);
  };
const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const hello = (json: string) =>
  written((encoder) => {
    encoding.writeVarUint(encoder, 100);
    encoding.writeVarString(encoder, json);
  });

describe('refused with a close code, in little time, and felt by nobody else, is', () => {
  test.each<[title: string, message: () => Uint8Array, reason: string]>([
    [
      'a state vector of millions of clients',
      () =>
        encodeBare({
          type: 'sync-step-1',
          stateVector: written(all(repeated(1, 2_000_000), repeated(2_000_000, 300, 1))),
        }),
      'malformed-message',
    ],
    [
      'a state vector that says it has more than there is',
      () => encodeBare({ type: 'sync-step-1', stateVector: written(repeated(1, 2 ** 40)) }),
      'malformed-message',
    ],
    [
      'an update of millions of structs',
      () => update(written(all(repeated(1, 1, 4_000_000, 5, 0), repeated(4_000_000, 0, 1), repeated(1, 0)))),
      'malformed-update',
    ],
    [
      'an update of millions of deletions',
      () => update(written(all(repeated(1, 0, 1, 5, 4_000_000), repeated(4_000_000, 1, 1)))),
      'malformed-update',
    ],
    [
      'an update with a clock that nobody reaches',
      () => update(written(repeated(1, 1, 1, 5, 2 ** 52, 0, 1, 0))),
      'malformed-update',
    ],
    [
      'an update with a length that nobody reaches',
      () => update(written(repeated(1, 1, 1, 5, 0, 0, 2 ** 52, 0))),
      'malformed-update',
    ],
    [
      'awareness of more clients than fit in a room',
      () =>
        encodeBare({
          type: 'awareness',
          update: written(all(repeated(1, 100_000), repeated(100_000, 1, 1, 2, 123, 125))),
        }),
      'malformed-awareness',
    ],
    ['an awareness state that is a list', () => awareness(7, 1, '[]'), 'malformed-awareness'],
    ['an awareness state that is a number', () => awareness(7, 1, '7'), 'malformed-awareness'],
    ['an awareness state that is true', () => awareness(7, 1, 'true'), 'malformed-awareness'],
    ['an awareness state deeper than anybody nests', () => awareness(7, 1, nested(100)), 'malformed-awareness'],
    [
      'an awareness state with a prototype',
      () => awareness(7, 1, '{"user":{"__proto__":{"x":1}}}'),
      'malformed-awareness',
    ],
    [
      "an awareness state with its constructor's prototype",
      () => awareness(7, 1, '{"constructor":{"prototype":{"x":1}}}'),
      'malformed-awareness',
    ],
  ])('%s', { timeout: 60_000 }, async (_, message, reason) => {
    const { syncUrl, expectUnharmed } = await serverInUse();
    const peer = await rawPeer(`${syncUrl}/d`, [STEP_ONE]);
    await expect.poll(() => peer.received.length).toBeGreaterThan(0);
    const bytes = message();
    const begun = performance.now();
    peer.socket.send(bytes);
    expect(await peer.closed).toEqual({ code: 4400, reason });
    expect(performance.now() - begun).toBeLessThan(5_000);
    await expectUnharmed();
  });

  test.each([
    ['too deep', hello(`{"protocol":1,"token":${nested(5_000)}}`)],
    ['with a prototype', hello('{"protocol":1,"__proto__":{"admin":true}}')],
  ])('a hello that is %s', async (_, message) => {
    const { syncUrl, expectUnharmed } = await serverInUse();
    const peer = await rawPeer(`${syncUrl}/d`, [message]);
    expect(await peer.closed).toEqual({ code: 4400, reason: 'malformed-message' });
    await expectUnharmed();
  });
});

test('deletions the last first, in one message after the other, do not hold the server up', {
  timeout: 60_000,
}, async () => {
  const { syncUrl, expectUnharmed } = await serverInUse();
  const peer = await rawPeer(`${syncUrl}/d`, [HELLO, STEP_ONE]);
  for (let i = 4; i > 0; i--) {
    const deletions = (encoder: encoding.Encoder) => {
      for (let n = i * 100_000; n > (i - 1) * 100_000; n--) repeated(1, 2 * n, 1)(encoder);
    };
    peer.socket.send(update(written(all(repeated(1, 0, 1, 5, 100_000), deletions))));
  }
  const begun = performance.now();
  peer.socket.send(encodeBare({ type: 'sync-status', payload: Uint8Array.of(7) }));
  await expect.poll(() => peer.received.some(({ type }) => type === 'sync-status'), { timeout: 30_000 }).toBe(true);
  expect(performance.now() - begun).toBeLessThan(20_000);
  await expectUnharmed();
});

test('whoever says what another connection said of its client id is not heard, and cannot send it away', async () => {
  const { syncUrl, honest, expectUnharmed } = await serverInUse();
  const watcher = new ScriptoriumProvider(syncUrl, 'd', new Y.Doc());
  onTestFinished(() => watcher.destroy());
  honest.awareness.setLocalState({ name: 'Ada' });
  const { clientID } = honest.awareness;
  await expect.poll(() => watcher.awareness.getStates().get(clientID)).toEqual({ name: 'Ada' });
  const impostor = await rawPeer(`${syncUrl}/d`, [
    HELLO,
    STEP_ONE,
    awareness(clientID, 1_000, '{"name":"Mallory"}'),
    awareness(clientID, 1_001, 'null'),
    awareness(8, 1, '{"name":"Eve"}'),
  ]);
  await expect.poll(() => watcher.awareness.getStates().get(8)).toEqual({ name: 'Eve' });
  expect(watcher.awareness.getStates().get(clientID)).toEqual({ name: 'Ada' });
  impostor.socket.terminate();
  await expect.poll(() => watcher.awareness.getStates().has(8)).toBe(false);
  expect(watcher.awareness.getStates().get(clientID)).toEqual({ name: 'Ada' });
  await expectUnharmed();
});

describe('nothing is inflated beyond its bounds', () => {
  test.each([
    ['first', [], 300_000],
    ['later', [STEP_ONE], 2_000_000],
  ])('a %s message that is small only while it is compressed is refused', async (_, before, bytes) => {
    const { syncUrl, expectUnharmed } = await serverInUse({ maxMessageBytes: 1_000_000 }, { compression: true });
    const socket = new WebSocket(`${syncUrl}/d`, { perMessageDeflate: { threshold: 0 } });
    onTestFinished(() => socket.terminate());
    const closed = once(socket, 'close');
    await once(socket, 'open');
    expect(socket.extensions).toContain('permessage-deflate');
    for (const message of before) socket.send(message);
    if (before.length > 0) await once(socket, 'message');
    socket.send(new Uint8Array(bytes));
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([4413, 'message-too-large']);
    await expectUnharmed();
  });

  test('a WebSocket that offers compression is not given it, and a compressed message is refused', async () => {
    const { port, syncUrl, expectUnharmed } = await serverInUse();
    const answer = await knock(port, { 'Sec-WebSocket-Extensions': 'permessage-deflate' });
    expect([answer.status, answer.headers['sec-websocket-extensions']]).toEqual([101, undefined]);
    const peer = await rawPeer(`${syncUrl}/d`);
    const raw = peer.socket as unknown as { _socket: { write(bytes: Uint8Array): void } };
    raw._socket.write(Uint8Array.of(0xc2, 0x81, 0, 0, 0, 0, 0)); // RSV1 is set
    expect((await peer.closed).code).toBe(1002);
    await expectUnharmed();
  });

  test('a compressed body is not taken for what it would be', async () => {
    const { port, expectUnharmed } = await serverInUse();
    const headers = { 'Content-Encoding': 'gzip' };
    const zeros = gzipSync(new Uint8Array(50_000_000)).toString('latin1');
    const imported = await ask(port, '/api/documents/d/update', headers, { method: 'POST', body: zeros });
    expect([imported.status, imported.body]).toEqual([400, expect.stringContaining('malformed-update')]);
    await expectUnharmed();
  });
});

test.each([
  ['too deep', nested(5_000)],
  ['with a prototype', '{"__proto__":{"title":"x"}}'],
])('a body of a request that is %s is refused', async (_, body) => {
  const { port, expectUnharmed } = await serverInUse();
  const answer = await ask(port, '/api/documents', {}, { method: 'POST', body });
  expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('malformed-request')]);
  await expectUnharmed();
});

test.each([
  ['with a NUL', 'a%00b'],
  ['with a line break', 'a%0Ab'],
  ['that goes elsewhere', 'a%2F..%2Fb'],
  ['that goes elsewhere as it is', 'a/%2e%2e%2Fb'],
  ['with its accent apart', 'u%CC%88'],
  ['that is not UTF-8', '%ff'],
  ['that is half a character', '%ED%A0%B4'],
])('a document name %s is refused on a WebSocket and over HTTP', async (_, name) => {
  const { port, expectUnharmed } = await serverInUse();
  // As it is: a URL would be put in order before.
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(
    `GET /sync/${name} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
  await expect.poll(() => said).toContain('invalid-document-name');
  const answer = await ask(port, `/api/documents/${name}`);
  expect([400, 404]).toContain(answer.status);
  await expectUnharmed();
});

describe('one that is slow', () => {
  test('with the headers of its upgrade is cut off', async () => {
    const { port, expectUnharmed } = await serverInUse({ headersTimeoutMs: 500 });
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const drip = setInterval(() => socket.write('G'), 50);
    onTestFinished(() => clearInterval(drip));
    await once(socket, 'close');
    expect(said).toMatch(/^HTTP\/1\.1 (408|400)/);
    await expectUnharmed();
  });

  test('with its hello is cut off, however it drips', async () => {
    const { syncUrl, expectUnharmed } = await serverInUse({ helloTimeoutMs: 500 });
    const peer = await rawPeer(`${syncUrl}/d`);
    const raw = peer.socket as unknown as { _socket: { write(bytes: Uint8Array): void } };
    raw._socket.write(Uint8Array.of(0x82, 0xfe, 0x01, 0x00, 0, 0, 0, 0)); // a message of 256 bytes begins
    const drip = setInterval(
      () => peer.socket.readyState === WebSocket.OPEN && raw._socket.write(Uint8Array.of(0)),
      50,
    );
    onTestFinished(() => clearInterval(drip));
    expect(await peer.closed).toEqual({ code: 4408, reason: 'hello-timeout' });
    await expectUnharmed();
  });
});
