import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { MemoryStorage } from '../../persistence/index.ts';
import { Coverage, decodeUpdateContent, type ScriptoriumError } from '../../protocol/index.ts';
import { SnapshotCache } from '../../server/snapshot-cache.ts';
import { snapshotReader } from '../support/snapshot-reader.ts';

const REF = { document: 'd', epoch: 'e', seq: 1 };

/** A document with a snapshot, and a count of how often that is read. */
async function stored(text: string) {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  doc.getText().delete(0, 1);
  const storage = new MemoryStorage();
  await storage.create('d', { epoch: 'e', at: 0 });
  await storage.append('d', 'e', [{ at: 0, update: Y.encodeStateAsUpdate(doc) }]);
  const snapshot = { seq: 1, stateVector: Y.encodeStateVector(doc), update: Y.encodeStateAsUpdateV2(doc) };
  await storage.replaceSnapshot('d', 'e', 0, snapshot);
  const { snapshot: read } = storage;
  const count = { reads: 0 };
  storage.snapshot = async (...args) => {
    count.reads++;
    return read.apply(storage, args);
  };
  return { doc, storage, count };
}

function textOf(...updates: Uint8Array[]): string {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc.getText().toJSON();
}

test('all who ask at once share one reading, and who asks later has the answer at once', async () => {
  const { storage, count } = await stored('hello');
  const cache = new SnapshotCache({ storage, reader: snapshotReader, maxBytes: 10_000 });
  const all = await Promise.all(Array.from({ length: 200 }, () => cache.whole(REF)));
  expect(new Set(all).size).toBe(1);
  expect(count.reads).toBe(1);
  const again = cache.whole(REF);
  expect(again).toBe(all[0]);
  expect(textOf(again as Uint8Array)).toBe('ello');
});

test('a difference is made once for each state vector, and is what is lacking', async () => {
  const { doc, storage, count } = await stored('hello');
  const cache = new SnapshotCache({ storage, reader: snapshotReader, maxBytes: 10_000 });
  const early = new Y.Doc();
  Y.applyUpdate(early, Y.encodeStateAsUpdate(doc));
  const all = await Promise.all(Array.from({ length: 50 }, () => cache.difference(REF, Y.encodeStateVector(early))));
  expect(new Set(all).size).toBe(1);
  expect(count.reads).toBe(1);
  expect(decodeUpdateContent(all[0] as Uint8Array).inserted).toEqual([]);
  expect(decodeUpdateContent((await cache.difference(REF, Uint8Array.of(0))) as Uint8Array).inserted).toHaveLength(2);
});

test('its coverage has every operation, deletions too', async () => {
  const { doc, storage } = await stored('hello');
  const cache = new SnapshotCache({ storage, reader: snapshotReader, maxBytes: 10_000 });
  const coverage = await cache.coverage(REF);
  expect(coverage).toBeInstanceOf(Coverage);
  expect(coverage.covers(decodeUpdateContent(Y.encodeStateAsUpdate(doc)))).toBe(true);
  doc.getText().delete(0, 1);
  expect(coverage.covers(decodeUpdateContent(Y.encodeStateAsUpdate(doc)))).toBe(false);
});

test('no more than its bound stays in memory; what does not fit is read again', async () => {
  const { storage, count } = await stored('x'.repeat(2_000));
  const cache = new SnapshotCache({ storage, reader: snapshotReader, maxBytes: 5_000 });
  await cache.whole(REF);
  expect(cache.usage.bytes).toBeLessThanOrEqual(5_000);
  await cache.stored(REF); // pushes the whole one out
  await cache.whole(REF);
  expect(count.reads).toBe(2);
  const tiny = new SnapshotCache({ storage, reader: snapshotReader, maxBytes: 0 });
  expect(textOf(await tiny.whole(REF))).toHaveLength(1_999);
  expect(tiny.usage.bytes).toBe(0);
});

test('what fails is tried again, and says why', async () => {
  const { storage } = await stored('hello');
  const { snapshot } = storage;
  storage.snapshot = async (...args) => {
    storage.snapshot = snapshot;
    const found = await snapshot.apply(storage, args);
    return found && { ...found, update: Uint8Array.of(1, 2, 3) };
  };
  const cache = new SnapshotCache({ storage, reader: snapshotReader, maxBytes: 0 });
  const code = async () => (cache.whole(REF) as Promise<unknown>).then(String, ({ code }: ScriptoriumError) => code);
  expect(await code()).toBe('DOCUMENT_UNREADABLE');
  expect(textOf(await cache.whole(REF))).toBe('ello');
  storage.snapshot = async () => undefined;
  expect(await code()).toBe('DOCUMENT_UNREADABLE');
  await storage.delete('d');
  expect(await code()).toBe('DOCUMENT_DELETED');
});
