import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { MemoryStorage } from '../../persistence/index.ts';
import type { Refusal, ScriptoriumError } from '../../protocol/index.ts';
import { systemClock } from '../../server/clock.ts';
import { silentLogger } from '../../server/logger.ts';
import { Metrics } from '../../server/metrics.ts';
import { resolveLimits } from '../../server/options.ts';
import { Rooms } from '../../server/rooms.ts';
import { rejection } from '../support/error-code.ts';
import { DAMAGES, type Damage, everything, makeStore, PARTS, partsOf, partUpdate } from '../support/raw-store.ts';
import { startServer } from '../support/server.ts';
import { snapshotReader } from '../support/snapshot-reader.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PATH = '/api/documents/damaged';
const REFUSED = {
  status: 500,
  body: { error: { code: 'document-unreadable', message: expect.any(String) as string } },
};
/** Content without a record is no document to the server: only `check` finds it. */
const KNOWN_DAMAGES = DAMAGES.filter(({ what }) => what !== 'a missing record');
const RECORD_IS_FINE = KNOWN_DAMAGES.filter(
  ({ what }) => what !== 'a damaged record' && what !== 'a damaged last entry',
);

/** A server whose store has `damaged` and `fine`. */
async function serve({ damage }: Damage) {
  const folder = await temporaryFolder();
  await makeStore(folder, ['damaged', 'fine']);
  await damage(folder, 'damaged');
  const before = await everything(folder, 'damaged');
  const server = await startServer(folder);
  onTestFinished(() => server.close());
  return {
    ...server,
    folder,
    before,
    connect(document: string) {
      const doc = new Y.Doc();
      onTestFinished(() => doc.destroy());
      return new ScriptoriumProvider(server.syncUrl, document, doc);
    },
    async call(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>) {
      const response = await fetch(server.httpUrl + path, { method, ...(body && { body }) });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
  };
}

describe.each(KNOWN_DAMAGES)('a document with $what', (damage) => {
  test('is refused to a peer of ours with a reason, to be tried again; nothing of it is served', async () => {
    const server = await serve(damage);
    const peer = server.connect('damaged');
    const refusal = await new Promise<Refusal>((resolve) => peer.once('refused', resolve));
    expect(refusal).toMatchObject({ code: 'document-unreadable', retry: true });
    expect(refusal.message).toContain('this document cannot be read');
    expect([peer.synced, partsOf(peer.doc)]).toEqual([false, []]);
    peer.destroy();
  });

  test('is refused to a stock client with 1013, which makes it come back later', async () => {
    const server = await serve(damage);
    const socket = new WebSocket(`${server.syncUrl}/damaged`);
    const messages: unknown[] = [];
    socket.on('message', (data) => messages.push(data));
    await once(socket, 'open');
    socket.send(Uint8Array.of(0, 0, 1, 0));
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString(), messages]).toEqual([1013, 'document-unreadable', []]);
  });

  test('is left as it is by all that people may do to it, and others are served meanwhile', async () => {
    const server = await serve(damage);
    const peer = server.connect('damaged');
    peer.doc.getMap('parts').set('new', 7);
    await new Promise((resolve) => peer.once('refused', resolve));
    expect(await server.call('PATCH', PATH, '{"title":"New"}')).toEqual(REFUSED);
    expect(await server.call('POST', '/api/documents', '{"document":"damaged","title":"New"}')).toEqual(REFUSED);
    expect(await server.call('POST', `${PATH}/update`, Uint8Array.of(0, 0))).toEqual(REFUSED);
    expect(await server.call('GET', `${PATH}/update`)).toEqual(REFUSED);
    expect(await server.call('DELETE', PATH)).toEqual(REFUSED);

    const other = server.connect('fine');
    await other.whenSynced();
    other.doc.getMap('parts').set('part 7', 7);
    await other.whenSaved();
    expect(partsOf(other.doc)).toEqual([...PARTS, 7]);
    expect(peer.saved).toBe(false);
    other.destroy();
    peer.destroy();
    await server.close();
    expect(await everything(server.folder, 'damaged')).toEqual(server.before);
  });

  test('is marked in the list of documents and the only one that is', async () => {
    const server = await serve(damage);
    await server.call('PATCH', PATH, '{"title":"New"}');
    const { status, body } = await server.call('GET', '/api/documents');
    const { documents } = body as { documents: { document: string; problem?: string }[] };
    expect(status).toBe(200);
    expect(documents.map(({ document, problem }) => [document, problem]).sort()).toEqual([
      ['damaged', 'document-unreadable'],
      ['fine', undefined],
    ]);
  });

  test('goes when it is deleted by force, and can be made again', async () => {
    const server = await serve(damage);
    expect((await server.call('DELETE', `${PATH}?force=true`)).status).toBe(204);
    expect((await server.call('GET', PATH)).status).toBe(404);
    const peer = server.connect('damaged');
    await peer.whenSynced();
    expect(partsOf(peer.doc)).toEqual([]);
    peer.doc.getMap('parts').set('part 1', 1);
    await peer.whenSaved();
    peer.destroy();
    await server.close();
    const left = (await everything(server.folder, 'damaged')).join('\n');
    expect(left).not.toContain('epoch-1');
    expect(left).toContain('"d\\u0000damaged"');
  });
});

test.each(RECORD_IS_FINE)('the title of a document with $what is still there', async (damage) => {
  const server = await serve(damage);
  await server.call('PATCH', PATH, '{"title":"New"}');
  const { body } = await server.call('GET', PATH);
  expect(body).toMatchObject({ title: 'Title of damaged', problem: 'document-unreadable' });
});

test("a document that can't be read is read again once a minute at most, and served when it can be read", async () => {
  let now = 0;
  let reads = 0;
  let damaged = true;
  const storage = new MemoryStorage();
  await storage.create('d', { epoch: 'e', at: 0 });
  await storage.append('d', 'e', [{ at: 0, update: partUpdate(1) }]);
  const { read } = storage;
  storage.read = async (...args) => {
    reads++;
    return damaged ? [] : read.apply(storage, args);
  };
  const clock = { ...systemClock, now: () => now };
  const compactor = { compact: () => new Promise<never>(() => {}), close: async () => {} };
  const rooms = new Rooms({
    coreLoad: () => 0,
    storage,
    compactor,
    snapshotReader,
    metrics: new Metrics(),
    clock,
    limits: resolveLimits(),
    logger: silentLogger(),
  });
  const open = (): Promise<ScriptoriumError | undefined> => rejection(rooms.use('d', () => {}));

  for (let i = 0; i < 100; i++) expect((await open())?.code).toBe('DOCUMENT_UNREADABLE');
  const readsAtFirst = reads;
  expect(readsAtFirst).toBe(2); // twice in a row: it may have been deleted in between
  expect(rooms.isUnreadable('d')).toBe(true);
  now += 59_999;
  await open();
  expect(reads).toBe(readsAtFirst);
  now += 1;
  damaged = false;
  expect(await open()).toBeUndefined();
  expect(rooms.isUnreadable('d')).toBe(false);
});

test("a document that is deleted while it is read is not taken for one that can't be read", async () => {
  const storage = new MemoryStorage();
  await storage.create('d', { epoch: 'e', at: 0 });
  await storage.append('d', 'e', [{ at: 0, update: partUpdate(1) }]);
  const { snapshot } = storage;
  storage.snapshot = async (...args) => {
    storage.snapshot = snapshot;
    await storage.delete('d');
    return snapshot.apply(storage, args);
  };
  const compactor = { compact: () => new Promise<never>(() => {}), close: async () => {} };
  const rooms = new Rooms({
    coreLoad: () => 0,
    storage,
    compactor,
    snapshotReader,
    metrics: new Metrics(),
    clock: systemClock,
    limits: resolveLimits(),
    logger: silentLogger(),
  });
  expect(await rooms.use('d', ({ log }) => log.seq)).toBe(0);
});

test('a document that is in order has no problem, and can be deleted without force', async () => {
  const server = await serve({ what: 'nothing', damage: async () => {}, problem: {}, parts: PARTS });
  expect((await server.call('GET', PATH)).body).not.toHaveProperty('problem');
  expect((await server.call('DELETE', PATH)).status).toBe(204);
  expect((await server.call('DELETE', PATH)).status).toBe(404);
  expect((await server.call('DELETE', `${PATH}?force=true`)).status).toBe(404);
});
