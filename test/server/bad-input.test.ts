import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { decodeBareFromServer, encodeAwareness, encodeBare, type ServerMessage } from '../../protocol/index.ts';
import { seededRandom } from '../support/random.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAX_MESSAGE_BYTES = 10_000;
const STATE_VECTOR_OF_NOTHING = Uint8Array.of(0);

/** A server with two documents in use, which bad input must leave as they are. */
async function serverInUse(): Promise<{ server: TestServer; expectUnharmed: () => Promise<void> }> {
  const server = await startServer(await temporaryFolder(), 0, { maxMessageBytes: MAX_MESSAGE_BYTES });
  onTestFinished(() => server.close());
  const peers = ['attacked', 'other'].map((name) => {
    const doc = new Y.Doc();
    onTestFinished(() => doc.destroy());
    return new ScriptoriumProvider(server.syncUrl, name, doc);
  });
  for (const peer of peers) {
    await peer.whenSynced();
    peer.doc.getText().insert(0, `text of ${peer.document}`);
    await peer.whenSaved();
  }
  return {
    server,
    async expectUnharmed() {
      for (const peer of peers) {
        expect(peer.status).toBe('synced');
        peer.doc.getText('after').insert(0, 'still taken');
        await peer.whenSaved();
        const doc = new Y.Doc();
        const reader = new ScriptoriumProvider(server.syncUrl, peer.document, doc);
        await reader.whenSynced();
        expect(doc.getText().toString()).toBe(`text of ${peer.document}`);
        expect(doc.getText('after').toString()).toBe('still taken');
        expect([...doc.share.keys()].sort()).toEqual(['', 'after']);
        doc.destroy();
      }
    },
  };
}

/** Sends the messages and waits for the server to end the connection. */
async function send(server: TestServer, messages: readonly (Uint8Array | string)[], document = 'attacked') {
  const socket = new WebSocket(`${server.syncUrl}/${document}`);
  onTestFinished(() => socket.terminate());
  const received: ServerMessage[] = [];
  socket.on('message', (data) => received.push(decodeBareFromServer(new Uint8Array(data as Buffer))));
  const closed = once(socket, 'close');
  await once(socket, 'open');
  for (const message of messages) socket.send(message);
  const [code, reason] = (await closed) as [number, Buffer];
  return { code, reason: reason.toString(), refusals: received.filter(({ type }) => type === 'refusal') };
}

const hello = encodeBare({ type: 'hello', hello: { protocol: 1 } });
const stepOne = encodeBare({ type: 'sync-step-1', stateVector: STATE_VECTOR_OF_NOTHING });
const update = (...bytes: number[]) => encodeBare({ type: 'update', update: Uint8Array.from(bytes) });
const awareness = (state: string) =>
  encodeBare({ type: 'awareness', update: encodeAwareness([{ clientId: 1, clock: 1, state }]) });

const cases: [title: string, messages: (Uint8Array | string)[], code: number, reason: string][] = [
  ['an empty message', [new Uint8Array()], 4400, 'malformed-message'],
  ['a text message', ['hello'], 4400, 'malformed-message'],
  ['an unknown message type', [Uint8Array.of(77)], 4400, 'unknown-message-type'],
  ['an unknown kind of sync message', [Uint8Array.of(0, 9, 0)], 4400, 'unknown-message-type'],
  ['a truncated message', [stepOne, Uint8Array.of(0, 2, 50, 1, 2)], 4400, 'malformed-message'],
  ['bytes after a message', [Uint8Array.of(...stepOne, 1)], 4400, 'malformed-message'],
  [
    'a state vector that is none',
    [encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(9, 9) })],
    4400,
    'malformed-message',
  ],
  ['an update that does not decode', [stepOne, update(9, 9, 9)], 4400, 'malformed-update'],
  ['an update without bytes', [stepOne, update()], 4400, 'malformed-update'],
  [
    'a sync step 2 that does not decode',
    [stepOne, encodeBare({ type: 'sync-step-2', update: Uint8Array.of(1) })],
    4400,
    'malformed-update',
  ],
  [
    'awareness that does not decode',
    [stepOne, encodeBare({ type: 'awareness', update: Uint8Array.of(3, 1) })],
    4400,
    'malformed-awareness',
  ],
  ['an awareness state that is no JSON', [stepOne, awareness('{')], 4400, 'malformed-awareness'],
  ['an awareness state that is no object', [stepOne, awareness('"x"')], 4400, 'malformed-awareness'],
  ['a hello that is no JSON', [Uint8Array.of(100, 1, 123)], 4400, 'malformed-message'],
  ['a second hello', [hello, hello], 4400, 'malformed-message'],
  [
    'a hello of another protocol',
    [encodeBare({ type: 'hello', hello: { protocol: 99 } })],
    4400,
    'unsupported-protocol',
  ],
  ['an oversized message', [stepOne, new Uint8Array(MAX_MESSAGE_BYTES + 1)], 4413, 'message-too-large'],
];

test.for(cases)('%s is refused with a close code, and harms nobody', async ([, messages, code, reason]) => {
  const { server, expectUnharmed } = await serverInUse();
  expect(await send(server, messages)).toMatchObject({ code, reason });
  await expectUnharmed();
});

test('a client of ours is told why before the connection closes', async () => {
  const { server, expectUnharmed } = await serverInUse();
  const { refusals } = await send(server, [hello, stepOne, update(9, 9, 9)]);
  expect(refusals).toEqual([
    { type: 'refusal', refusal: { code: 'malformed-update', message: 'The update cannot be read.', retry: false } },
  ]);
  await expectUnharmed();
});

test.for([
  ['nothing', ''],
  ['a control character', '%00'],
  ['a broken percent-encoding', '%E0%A4'],
  ['more characters than a name has', 'x'.repeat(513)],
])('a document name with %s is refused where a page can see it', async ([, name = '']) => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  expect(await send(server, [], name)).toMatchObject({ code: 4400, reason: 'invalid-document-name' });
});

test('who says nothing is sent away', async () => {
  const server = await startServer(await temporaryFolder(), 0, { helloTimeoutMs: 100 });
  onTestFinished(() => server.close());
  expect(await send(server, [])).toMatchObject({ code: 4408, reason: 'hello-timeout' });
});

test('mutated and random messages on 200 connections leave the server up and the documents as they were', async () => {
  const { server, expectUnharmed } = await serverInUse();
  const random = seededRandom(2026);
  const valid = [hello, stepOne, update(0, 0)];
  for (let i = 0; i < 200; i++) {
    const socket = new WebSocket(`${server.syncUrl}/attacked`);
    const closed = once(socket, 'close');
    await once(socket, 'open');
    for (let n = 0; n < 5; n++) {
      const bytes =
        random() < 0.5
          ? (valid[Math.floor(random() * valid.length)] ?? stepOne).slice()
          : new Uint8Array(Math.floor(random() * 60)).map(() => random() * 256);
      if (bytes.length > 0 && random() < 0.7) bytes[Math.floor(random() * bytes.length)] = random() * 256;
      socket.send(bytes);
    }
    socket.close();
    await closed;
  }
  await expectUnharmed();
});
