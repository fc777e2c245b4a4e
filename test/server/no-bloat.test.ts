import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { LevelStorage } from '../../persistence/index.ts';
import { decodeBareFromServer, encodeBare } from '../../protocol/index.ts';
import { createServer } from '../../server/index.ts';
import { randomEdit } from '../fuzz/random-edit.ts';
import { seededRandom } from '../support/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DOCUMENT = 'unchanged';
const RECONNECTS = 1_000;

/** What is stored of the document, as the store tells it. */
async function stored(storage: LevelStorage) {
  const info = await storage.info(DOCUMENT);
  if (info === undefined) throw new Error('the document is not stored');
  const { epoch, seq } = info;
  const snapshot = await storage.snapshot(DOCUMENT, epoch);
  const entries = await storage.read(DOCUMENT, epoch, 0);
  return { seq, snapshotBytes: snapshot?.update.length, entries: entries.length };
}

/** What a stock client does when it comes back: it asks, and answers with its whole delete set. Resolves when it has. */
async function reconnect(url: string, doc: Y.Doc): Promise<void> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const done = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const message = decodeBareFromServer(new Uint8Array(data as Buffer));
      if (message.type === 'sync-step-1') {
        const update = Y.encodeStateAsUpdate(doc, message.stateVector);
        socket.send(encodeBare({ type: 'sync-step-2', update }));
        socket.send(encodeBare({ type: 'sync-status', payload: Uint8Array.of(1) }));
      }
      if (message.type === 'sync-status') resolve();
    });
  });
  socket.send(encodeBare({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) }));
  await done;
  socket.close();
  await once(socket, 'close');
}

test(`${RECONNECTS} reconnects of an unchanged document, half of them stock clients, leave what is stored as it was`, async () => {
  const storage = new LevelStorage(await temporaryFolder());
  const server = createServer({ storage });
  const { url } = await server.listen({ port: 0 });
  onTestFinished(() => server.close());
  const syncUrl = `${url.replace('http', 'ws')}/sync`;
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  const provider = new ScriptoriumProvider(syncUrl, DOCUMENT, doc);
  const random = seededRandom(3);
  for (let i = 0; i < 300; i++) randomEdit(doc, random);
  await provider.whenSaved();
  expect(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)).length).toBeGreaterThan(100); // the delete set
  provider.disconnect();
  await expect.poll(async () => (await stored(storage)).entries).toBe(0); // compacted, as nobody is left
  const before = await stored(storage);

  for (let i = 0; i < RECONNECTS / 2; i++) {
    await reconnect(`${syncUrl}/${DOCUMENT}`, doc);
    provider.connect();
    await provider.whenSynced();
    await provider.whenSaved();
    provider.disconnect();
  }
  expect(await stored(storage)).toEqual(before);
});
