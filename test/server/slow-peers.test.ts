import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider, type WebSocketConstructor } from '../../client/node.ts';
import { encodeAwareness, encodeBare } from '../../protocol/index.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const EDIT = 'x'.repeat(20_000);
const EDITS = 500;
const FIRST_DEAD = 1_000;
const stepOne = encodeBare({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });

/** A provider whose socket can be made to stop reading. */
function join(syncUrl: string): { provider: ScriptoriumProvider; socket: () => WebSocket } {
  let socket: WebSocket | undefined;
  class Held extends WebSocket {
    constructor(url: string) {
      super(url);
      socket = this;
    }
  }
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  const provider = new ScriptoriumProvider(syncUrl, 'busy', doc, {
    WebSocket: Held as unknown as WebSocketConstructor,
  });
  return {
    provider,
    socket: () => {
      if (socket === undefined) throw new Error('not connected yet');
      return socket;
    },
  };
}

test('a peer that stops reading is left behind, and has everything when it reads again', async () => {
  const server = await startServer(await temporaryFolder(), 0, { slowPeerBytes: 50_000 });
  onTestFinished(() => server.close());
  const [writer, slow] = [join(server.syncUrl), join(server.syncUrl)];
  await Promise.all([writer.provider.whenSynced(), slow.provider.whenSynced()]);
  slow.socket().pause();
  for (let i = 0; i < EDITS; i++) {
    writer.provider.doc.getArray('edits').push([`${i} ${EDIT}`]);
    if (i % 20 === 0) await writer.provider.whenSaved();
  }
  await writer.provider.whenSaved();
  expect(slow.provider.doc.getArray('edits').length).toBeLessThan(EDITS);
  slow.socket().resume();
  await expect.poll(() => slow.provider.doc.getArray('edits').length).toBe(EDITS);
  expect(slow.provider.status).toBe('synced');
  expect(slow.provider.doc.getArray('edits').toJSON()).toEqual(writer.provider.doc.getArray('edits').toJSON());
});

test('fifty peers that never read cost no memory, nobody notices, and they are sent away', {
  timeout: 60_000,
}, async () => {
  const server = await startServer(await temporaryFolder(), 0, { slowPeerBytes: 50_000, slowPeerTimeoutMs: 1_500 });
  onTestFinished(() => server.close());
  const [writer, reader] = [join(server.syncUrl).provider, join(server.syncUrl).provider];
  await Promise.all([writer.whenSynced(), reader.whenSynced()]);
  await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const socket = new WebSocket(`${server.syncUrl}/busy`);
      onTestFinished(() => socket.terminate());
      socket.on('error', () => {});
      await once(socket, 'open');
      socket.send(stepOne);
      const update = encodeAwareness([{ clientId: FIRST_DEAD + i, clock: 1, state: '{}' }]);
      socket.send(encodeBare({ type: 'awareness', update }));
      await once(socket, 'message');
      socket.pause();
    }),
  );
  const dead = () => [...reader.awareness.getStates().keys()].filter((id) => id >= FIRST_DEAD && id < FIRST_DEAD + 50);
  await expect.poll(() => dead().length).toBe(50);
  // In this process: the 10 MB of the document itself, some times over, and not 50 times.
  const before = process.memoryUsage().rss;
  for (let i = 0; i < EDITS; i++) {
    writer.doc.getArray('edits').push([`${i} ${EDIT}`]);
    if (i % 20 === 0) await expect.poll(() => reader.doc.getArray('edits').length).toBe(i + 1);
  }
  await writer.whenSaved();
  await expect.poll(() => reader.doc.getArray('edits').length).toBe(EDITS);
  expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
  await expect.poll(() => dead().length).toBe(0);
  expect([writer.status, reader.status]).toEqual(['synced', 'synced']);
});
