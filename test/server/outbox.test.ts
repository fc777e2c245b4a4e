import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { webSocketFrames } from '../../server/frame.ts';
import { BulkLane, Outbox } from '../../server/outbox.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KIB = 1024;

/** A socket that is read only when it is told to, and what has been read. */
function heldSocket() {
  const read: Buffer[] = [];
  let resume: (() => void) | undefined;
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, callback) {
      resume = () => {
        read.push(chunk);
        callback();
      };
    },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    socket,
    bytes: () => Buffer.concat(read),
    async readAll() {
      for (let idle = 0; idle < 3; ) {
        const go = resume;
        resume = undefined;
        go?.();
        await turn();
        idle = go ? 0 : idle + 1;
      }
    },
    turn,
  };
}

test('pieces go in only as fast as they are read, and what comes later goes behind them', async () => {
  const { socket, bytes, readAll, turn } = heldSocket();
  let emptied = 0;
  const outbox = new Outbox(socket, new BulkLane(), () => emptied++);
  const chunks = Array.from({ length: 10 }, (_, i) => Buffer.alloc(64 * KIB, i));
  outbox.write(chunks);
  outbox.write([Buffer.from('the end')]);
  for (let i = 0; i < 5; i++) await turn();
  expect(socket.writableLength).toBeLessThan(256 * KIB);
  expect(outbox.unreadBytes).toBe(640 * KIB + 7);
  expect(emptied).toBe(0);
  await readAll();
  expect(bytes().equals(Buffer.concat([...chunks, Buffer.from('the end')]))).toBe(true);
  expect(outbox.unreadBytes).toBe(0);
  expect(emptied).toBe(1);
});

test('one who does not read does not hold up another, and none gets all of a turn', async () => {
  const lane = new BulkLane();
  const [held, other] = [heldSocket(), heldSocket()];
  new Outbox(held.socket, lane, () => {}).write(Array.from({ length: 100 }, () => Buffer.alloc(64 * KIB)));
  const outbox = new Outbox(other.socket, lane, () => {});
  outbox.write([Buffer.alloc(64 * KIB), Buffer.from('!')]);
  await other.readAll();
  expect(other.bytes()).toHaveLength(64 * KIB + 1);
  expect(held.socket.writableLength).toBeLessThan(256 * KIB);
});

test('what waits is forgotten when the connection ends', async () => {
  const { socket, bytes, readAll } = heldSocket();
  const outbox = new Outbox(socket, new BulkLane(), () => {});
  outbox.write([Buffer.alloc(64 * KIB), Buffer.alloc(64 * KIB)]);
  outbox.clear();
  await readAll();
  expect(bytes()).toHaveLength(0);
});

/** Both ends of a TCP connection. */
async function connection() {
  const server = createServer();
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [near] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    far.destroy();
    near.destroy();
  });
  const received: Buffer[] = [];
  far.on('data', (chunk: Buffer) => received.push(chunk)).pause();
  return { near, far, received: () => Buffer.concat(received) };
}

test('each gets its own bytes, also one who does not read while others do', async () => {
  const [slow, quick] = await Promise.all([connection(), connection()]);
  quick.far.resume();
  const outboxes = [slow, quick].map(({ near }) => new Outbox(near, new BulkLane(), () => {}));
  const sent: Buffer[][] = [[], []];
  for (let i = 0; i < 400 || slow.near.writableLength < 100 * KIB; i++) {
    for (const [who, outbox] of outboxes.entries()) {
      const chunks = [1, 5_000, 20_000, 3].map((length) => Buffer.alloc(length, 2 * i + who));
      outbox.write(chunks);
      sent[who]?.push(...chunks);
    }
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  slow.far.resume();
  for (const [who, { received }] of [slow, quick].entries()) {
    const all = Buffer.concat(sent[who] ?? []);
    await expect.poll(() => received().length).toBe(all.length);
    expect(received().equals(all)).toBe(true);
  }
});

test('a stream that keeps what it was given is given what nobody else uses', () => {
  const kept: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, callback) {
      kept.push(chunk);
      callback();
    },
  });
  const outbox = new Outbox(stream, new BulkLane(), () => {});
  outbox.write([Buffer.from('a'), Buffer.from('b')]);
  outbox.write([Buffer.from('c'), Buffer.from('d')]);
  expect(Buffer.concat(kept).toString()).toBe('abcd');
});

test('a large message is a fragmented one, which a client puts together, with pings in between', async () => {
  const payload = Buffer.from(Array.from({ length: 200 * KIB }, (_, i) => i % 251));
  const frames = webSocketFrames(payload);
  expect(frames.map(([first]) => first)).toEqual([0x02, 0x00, 0x00, 0x80]);

  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  server.on('connection', (webSocket, { socket }) => {
    for (const frame of frames) {
      socket.write(frame);
      webSocket.ping();
    }
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`);
  onTestFinished(() => client.terminate());
  let pings = 0;
  client.on('ping', () => pings++);
  const [message] = (await once(client, 'message')) as [Buffer];
  expect(message.equals(payload)).toBe(true);
  expect(pings).toBeGreaterThanOrEqual(3);
  expect(webSocketFrames(new Uint8Array())).toEqual([Buffer.from([0x82, 0])]);
});

test('many who join a large document at once all have it, also what is typed meanwhile', {
  timeout: 60_000,
}, async () => {
  const server = await startServer(await temporaryFolder(), 0, { compactEntries: 1 });
  onTestFinished(() => server.close());
  const join = () => {
    const doc = new Y.Doc();
    const provider = new ScriptoriumProvider(server.syncUrl, 'large', doc);
    onTestFinished(() => {
      provider.destroy();
      doc.destroy();
    });
    return { doc, provider };
  };
  const writer = join();
  await writer.provider.whenSynced();
  for (let i = 0; i < 50; i++) writer.doc.getArray('parts').push([`${i} ${'x'.repeat(20 * KIB)}`]);
  await writer.provider.whenSaved();
  const readers = Array.from({ length: 30 }, join);
  for (let i = 0; i < 100; i++) {
    writer.doc.getText().insert(0, 'y');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  for (const { doc } of readers) {
    await expect.poll(() => doc.getText().length, { timeout: 20_000 }).toBe(100);
    expect(doc.getArray('parts').toJSON()).toEqual(writer.doc.getArray('parts').toJSON());
  }
});
