import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { encodeAwareness, encodeBare } from '../../protocol/index.ts';
import { createServer, type ServerOptions } from '../../server/index.ts';
import { ask, knock } from '../support/knock.ts';
import { HELLO, rawPeer, STEP_ONE } from '../support/raw-peer.ts';

async function start(limits: ServerOptions['limits'] = {}, options: ServerOptions = {}) {
  const server = createServer({ limits, ...options });
  onTestFinished(() => server.close());
  const { port, url } = await server.listen({ port: 0 });
  return { port, url, syncUrl: `ws://127.0.0.1:${port}/sync` };
}

function join(syncUrl: string, document = 'd', options = {}): ScriptoriumProvider {
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  return new ScriptoriumProvider(syncUrl, document, doc, options);
}

/** A stock client's, which would go on for ever. */
function joinStock(syncUrl: string, document = 'd'): WebsocketProvider {
  const provider = new WebsocketProvider(syncUrl, document, new Y.Doc(), {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: 200,
  });
  onTestFinished(() => provider.destroy());
  return provider;
}

describe('connections', () => {
  test('of one address are bounded; more are refused with 429 and when to come back, and those of others are not', async () => {
    const { port, syncUrl } = await start({ maxConnectionsPerAddress: 2 }, { trustProxy: 1 });
    const peers = [join(syncUrl), join(syncUrl)];
    await Promise.all(peers.map((peer) => peer.whenSynced()));
    const answer = await knock(port);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'too-many-connections', message: expect.stringContaining('maxConnectionsPerAddress') as string },
    });
    expect((await knock(port, { 'X-Forwarded-For': '1.1.1.1' })).status).toBe(101);
    // One that comes later backs off, and is let in when there is room.
    const late = join(syncUrl, 'd', { maxBackoffMs: 100 });
    const stock = joinStock(syncUrl);
    peers[0]?.destroy();
    peers[1]?.destroy();
    await late.whenSynced();
    await expect.poll(() => stock.synced).toBe(true);
  });

  test('of one user are bounded, from wherever they come, and those of another are not', async () => {
    const users = ['ada', 'ada', 'ada', 'ben'];
    const authenticate = () => ({ id: users.shift() ?? 'ada', admin: true });
    const { syncUrl } = await start({ maxConnectionsPerUser: 2 }, { authenticate });
    const first = join(syncUrl);
    await first.whenSynced();
    await join(syncUrl, 'other').whenSynced();
    const third = join(syncUrl, 'd', { maxBackoffMs: 100 });
    const refusals: string[] = [];
    third.on('refused', ({ code }) => void refusals.push(code));
    await expect.poll(() => refusals).toContain('too-many-connections');
    expect(third.synced).toBe(false);
    first.destroy();
    await third.whenSynced();
    users.unshift('ben');
    await join(syncUrl).whenSynced();
  });

  test('in all are bounded', async () => {
    const { port, syncUrl } = await start({ maxConnections: 1 }, { trustProxy: 1 });
    await join(syncUrl).whenSynced();
    const answer = await knock(port, { 'X-Forwarded-For': '1.1.1.1' });
    expect([answer.status, answer.body]).toEqual([429, expect.stringContaining('(maxConnections)')]);
  });

  test.each([
    ['of the address', { maxConnectionsPerAddress: 5 }],
    ['of all', { maxConnections: 5 }],
  ])('that say nothing take no place %s from who says hello: the oldest of them goes', async (_, limits) => {
    const { syncUrl } = await start(limits);
    const silent = [];
    for (let i = 0; i < 5; i++) silent.push(await rawPeer(`${syncUrl}/d`));
    const honest = join(syncUrl);
    await honest.whenSynced();
    await silent[0]?.closed;
    expect(silent.map(({ socket }) => socket.readyState === WebSocket.OPEN)).toEqual([false, true, true, true, true]);
    for (let i = 0; i < 2; i++) await rawPeer(`${syncUrl}/d`);
    await silent[1]?.closed;
    expect(honest.status).toBe('synced');
  });
});

test('sockets on which no request comes are bounded too: the oldest goes, and who asks is answered', async () => {
  const { port } = await start({ maxConnections: 5 });
  const silent = [];
  for (let i = 0; i < 5; i++) {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.write('GET /health HTT');
    silent.push(socket);
  }
  const gone = once(silent[0] as Socket, 'close');
  expect((await ask(port, '/health')).status).toBe(200);
  await gone;
  expect((await ask(port, '/health')).status).toBe(200);
});

describe('a document', () => {
  test('has a bounded number of peers; one more is told why and when to come back, and is let in when one left', async () => {
    const { syncUrl } = await start({ maxPeersPerDocument: 2 });
    const peers = [join(syncUrl), join(syncUrl)];
    await Promise.all(peers.map((peer) => peer.whenSynced()));
    const extended = await rawPeer(`${syncUrl}/d`, [HELLO]);
    expect(await extended.closed).toEqual({ code: 1013, reason: 'too-many-peers' });
    expect(extended.received).toMatchObject([
      { refusal: { code: 'too-many-peers', retry: true, retryAfterMs: expect.any(Number) as number } },
    ]);
    await join(syncUrl, 'another').whenSynced();
    const stock = joinStock(syncUrl); // 1013 does not make it stop, as a code from 4400 on would
    await expect.poll(() => stock.wsUnsuccessfulReconnects).toBeGreaterThan(0);
    peers[0]?.destroy();
    await expect.poll(() => stock.synced).toBe(true);
  });

  // Room is made by a compaction, which gives way to everything else on the machine.
  test('that is full takes no more and acknowledges none of it; what is deleted makes room', {
    timeout: 60_000,
  }, async () => {
    const { url, syncUrl } = await start({ maxDocumentBytes: 20_000, compactBytes: 1_000 });
    const [writer, other] = [join(syncUrl), join(syncUrl)];
    const refused: string[] = [];
    writer.on('refused', ({ code, retry }) => refused.push(`${code} ${retry}`));
    await Promise.all([writer.whenSynced(), other.whenSynced()]);
    writer.doc.getText('a').insert(0, 'x'.repeat(15_000));
    await writer.whenSaved();
    await expect.poll(() => other.doc.getText('a').length).toBe(15_000);
    writer.doc.getText('b').insert(0, 'y'.repeat(10_000));
    await expect.poll(() => refused).toEqual(['document-too-large false']);
    expect(writer.savedState).toMatchObject({
      saved: false,
      reason: expect.stringContaining('maxDocumentBytes') as string,
    });
    // Others still write small things and read everything; the one that was refused goes on getting them.
    other.doc.getText('c').insert(0, 'small');
    await other.whenSaved();
    await expect.poll(() => writer.doc.getText('c').toString()).toBe('small');
    const late = join(syncUrl);
    await late.whenSynced();
    expect([late.doc.getText('a').length, late.doc.getText('b').length]).toEqual([15_000, 0]);
    const imported = await fetch(`${url}/api/documents/d/update`, {
      method: 'POST',
      body: new Uint8Array(Y.encodeStateAsUpdate(writer.doc)),
    });
    expect([imported.status, await imported.json()]).toMatchObject([413, { error: { code: 'document-too-large' } }]);
    expect(writer.saved).toBe(false);
    // What it deletes is taken although it was refused, and in the end there is room for the rest.
    writer.doc.getText('a').delete(0, 15_000);
    await expect.poll(() => late.doc.getText('a').length).toBe(0);
    await writer.whenSaved();
    await expect.poll(() => late.doc.getText('b').length).toBe(10_000);
  });

  test('that is full takes deletions only up to a bound', async () => {
    const { syncUrl } = await start({ maxDocumentBytes: 1_000 });
    const deletion = (clock: number) =>
      encodeBare({
        type: 'update',
        update: Uint8Array.of(
          0,
          1,
          5,
          60,
          ...Array.from({ length: 60 }, (_, i) => [
            0x80 | ((clock + 2 * i) % 128),
            1 + Math.floor((clock + 2 * i) / 128),
            1,
          ]).flat(),
        ),
      });
    const peer = await rawPeer(`${syncUrl}/d`, [
      HELLO,
      STEP_ONE,
      ...Array.from({ length: 20 }, (_, i) => deletion(i * 200)),
    ]);
    await expect.poll(() => peer.refusals()).toEqual(['document-too-large']);
  });
});

test('an awareness state that is too large is refused, its connection and what others see stay as they were', async () => {
  const { syncUrl } = await start({ maxAwarenessBytes: 100 });
  const watcher = join(syncUrl);
  await watcher.whenSynced();
  const state = (clock: number, name: string) =>
    encodeBare({
      type: 'awareness',
      update: encodeAwareness([{ clientId: 7, clock, state: JSON.stringify({ name }) }]),
    });
  const peer = await rawPeer(`${syncUrl}/d`, [HELLO, STEP_ONE, state(1, 'Ada'), state(2, 'x'.repeat(100))]);
  await expect.poll(() => peer.refusals()).toEqual(['awareness-too-large']);
  await expect.poll(() => watcher.awareness.getStates().get(7)).toEqual({ name: 'Ada' });
  peer.socket.send(state(3, 'Ben'));
  await expect.poll(() => watcher.awareness.getStates().get(7)).toEqual({ name: 'Ben' });
});

describe('before it has joined', () => {
  test('a connection may send only so much, also in a message that never ends', async () => {
    const { syncUrl } = await start({ maxHelloBytes: 10_000 });
    const peer = await rawPeer(`${syncUrl}/d`);
    peer.socket.send(new Uint8Array(6_000), { fin: false });
    peer.socket.send(new Uint8Array(6_000), { fin: false });
    expect(await peer.closed).toEqual({ code: 4413, reason: 'message-too-large' });
  });

  test('and afterwards as much as a message may have', async () => {
    const { syncUrl } = await start({ maxHelloBytes: 10_000 });
    const peer = join(syncUrl);
    await peer.whenSynced();
    peer.doc.getText().insert(0, 'x'.repeat(100_000));
    await peer.whenSaved();
  });
});

describe('one that sends too much', () => {
  test('is read more slowly and loses nothing, while others are not', async () => {
    const { syncUrl } = await start({ maxMessagesPerSecond: 200, heartbeatMs: 1_000 });
    const [noisy, other] = [join(syncUrl), join(syncUrl)];
    await Promise.all([noisy.whenSynced(), other.whenSynced()]);
    const begun = performance.now();
    for (let i = 0; i < 1_300; i++) {
      noisy.doc.getArray('noise').push([`${i} ${'x'.repeat(300)}`]);
      await Promise.resolve();
      await Promise.resolve();
    }
    other.doc.getText().insert(0, 'heard');
    await other.whenSaved();
    expect(noisy.saved).toBe(false);
    await noisy.whenSaved();
    // With the question after each whether it is saved they are 2,600, of which 2,000 may come at once.
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    await expect.poll(() => other.doc.getArray('noise').length).toBe(1_300);
    expect(noisy.status).toBe('synced');
  });

  test('bytes are counted as well as messages', async () => {
    const { syncUrl } = await start({ maxBytesPerSecond: 10_000 });
    const noisy = join(syncUrl);
    await noisy.whenSynced();
    const begun = performance.now();
    for (let i = 0; i < 2; i++) {
      noisy.doc.getText().insert(0, 'x'.repeat(60_000));
      await Promise.resolve();
    }
    await noisy.whenSaved();
    noisy.doc.getText().insert(0, 'y');
    await noisy.whenSaved();
    expect(performance.now() - begun).toBeGreaterThan(1_500);
  });

  test('and goes on without a break is closed with 4429 in the end', async () => {
    const { syncUrl } = await start({ maxMessagesPerSecond: 20, floodTimeoutMs: 500 });
    const peer = await rawPeer(`${syncUrl}/d`, [HELLO, STEP_ONE]);
    const query = encodeBare({ type: 'query-awareness' });
    const flood = setInterval(() => {
      for (let i = 0; i < 50; i++) peer.socket.send(query);
    }, 10);
    onTestFinished(() => clearInterval(flood));
    expect(await peer.closed).toEqual({ code: 4429, reason: 'too-many-messages' });
    expect(peer.refusals()).toEqual(['too-many-messages']);
  });
});

test('who asks again for what it was answered is not read before the answer would have been sent', async () => {
  const { syncUrl } = await start({ maxBytesPerSecond: 200_000 });
  const writer = join(syncUrl);
  await writer.whenSynced();
  writer.doc.getText().insert(0, 'x'.repeat(100_000));
  await writer.whenSaved();
  const begun = performance.now();
  const peer = await rawPeer(`${syncUrl}/d`, [STEP_ONE]);
  const answers = () => peer.received.filter(({ type }) => type === 'sync-step-2').length;
  await expect.poll(answers).toBe(1);
  expect(performance.now() - begun).toBeLessThan(450); // the first is free
  for (let i = 0; i < 3; i++) peer.socket.send(STEP_ONE);
  await expect.poll(answers).toBe(4);
  expect(performance.now() - begun).toBeGreaterThan(900);
});

test('requests of the API are bounded for each address; what is refused says when to come back', async () => {
  const { port } = await start({ maxRequestsPerSecond: 2 }, { trustProxy: 1 });
  const list = (address: string) => ask(port, '/api/documents', { 'X-Forwarded-For': address });
  for (let i = 0; i < 20; i++) expect((await list('1.1.1.1')).status).toBe(200);
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push(await list('1.1.1.1'));
  const refused = statuses.find(({ status }) => status === 429);
  expect(refused?.headers['retry-after']).toBe('1');
  expect(JSON.parse(refused?.body ?? '')).toMatchObject({ error: { code: 'too-many-requests' } });
  expect((await list('2.2.2.2')).status).toBe(200);
  expect((await ask(port, '/health', { 'X-Forwarded-For': '1.1.1.1' })).status).toBe(200);
  await expect.poll(async () => (await list('1.1.1.1')).status).toBe(200);
});
