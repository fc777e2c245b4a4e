import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { Coverage, decodeUpdateContent, decodeUpdateContentV2 } from '../../protocol/index.ts';
import { compact } from '../../server/compaction.ts';
import { workerCompactor } from '../../server/compactor.ts';
import { contentOf, randomEdit } from '../fuzz/random-edit.ts';
import { fromHex } from '../support/hex.ts';
import { seededRandom } from '../support/random.ts';

/** A document and the updates that made it, in order. */
function history(seed: number, edits: number): { doc: Y.Doc; updates: Uint8Array[] } {
  const random = seededRandom(seed);
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < edits; i++) randomEdit(doc, random);
  return { doc, updates };
}

function read(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, update);
  return doc;
}

test('a compacted document says what its entries said, in fewer bytes', () => {
  const { doc, updates } = history(1, 2_000);
  const { update, stateVector } = compact({ snapshot: undefined, updates });
  expect(contentOf(read(update))).toEqual(contentOf(doc));
  expect(Y.decodeStateVector(stateVector)).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)));
  expect(update.length).toBeLessThan(updates.reduce((sum, { length }) => sum + length, 0) / 2);
});

test('compacting in steps, snapshot upon snapshot, ends as compacting at once does', () => {
  const { doc, updates } = history(2, 300);
  let snapshot: Uint8Array | undefined;
  for (let i = 0; i < updates.length; i += 50) {
    snapshot = compact({ snapshot, updates: updates.slice(i, i + 50) }).update;
  }
  expect(snapshot && contentOf(read(snapshot))).toEqual(contentOf(doc));
});

test('an update that waits for one that has not come yet is kept, and takes effect when that comes', () => {
  const { doc, updates } = history(3, 30);
  const [first, ...later] = updates;
  if (first === undefined) throw new TypeError('there are updates');
  const { update, stateVector } = compact({ snapshot: undefined, updates: later });
  expect(Y.decodeStateVector(stateVector).size).toBe(0);
  const whole = compact({ snapshot: update, updates: [first] });
  expect(contentOf(read(whole.update))).toEqual(contentOf(doc));
});

test('a delete set with overlapping ranges, of which Yjs itself forgets some, is kept whole', () => {
  // No structs; deletes of client 7: clocks 10 to 29 and 20 to 39, which nobody has written yet.
  const odd = Uint8Array.of(0, 1, 7, 2, 10, 20, 20, 20);
  const { update } = compact({ snapshot: undefined, updates: [odd] });
  const written = new Coverage();
  written.add(decodeUpdateContentV2(update));
  expect(written.covers(decodeUpdateContent(odd))).toBe(true);
});

test('two things under one id, of which Yjs can build nothing, do not keep a document from being compacted', () => {
  const insertion = fromHex('01 01 05 00 04 01 01 74 04 61 62 63 64 00'); // client 5 from clock 0: "abcd"
  const garbage = fromHex('01 01 05 00 00 02 00'); // client 5 from clock 0: two of garbage
  const other = history(3, 50).updates;
  expect(() => Y.applyUpdate(read(compact({ snapshot: undefined, updates: [garbage] }).update), insertion)).toThrow();
  for (const updates of [
    [garbage, insertion, ...other],
    [...other, garbage, insertion],
  ]) {
    const written = new Coverage();
    written.add(decodeUpdateContentV2(compact({ snapshot: undefined, updates }).update));
    for (const update of updates) expect(written.covers(decodeUpdateContent(update))).toBe(true);
  }
  const { update: snapshot } = compact({ snapshot: undefined, updates: [garbage, ...other] });
  const { update } = compact({ snapshot, updates: [insertion] });
  expect(contentOf(read(update))).toEqual(contentOf(read(snapshot)));
});

test('the worker thread gives what compacting here gives', async () => {
  const compactor = workerCompactor({ compactionTimeoutMs: 30_000, compactionMemoryMb: 256 });
  onTestFinished(() => compactor.close());
  const { updates } = history(4, 200);
  expect(await compactor.compact(undefined, updates)).toEqual(compact({ snapshot: undefined, updates }));
});

test('many at once are compacted one after the other; what waits when it is closed is refused', async () => {
  const compactor = workerCompactor({ compactionTimeoutMs: 30_000, compactionMemoryMb: 256 });
  const histories = [1, 2, 3].map((seed) => history(seed, 50).updates);
  const [done, read] = [[] as number[], new Set<number>()];
  const all = Promise.all(
    histories.map(async (updates, i) => {
      const watched = new Proxy(updates, {
        get(target, key, receiver) {
          read.add(i);
          return Reflect.get(target, key, receiver);
        },
      });
      expect(await compactor.compact(undefined, watched)).toEqual(compact({ snapshot: undefined, updates }));
      done.push(i);
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect([...read]).toEqual([0]); // the others are not put together before it is their turn
  await all;
  expect([done, [...read]]).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);

  const waiting = histories.map((updates) => compactor.compact(undefined, updates));
  const outcomes = Promise.allSettled(waiting);
  await compactor.close();
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'INTERNAL' } });
  await expect(compactor.compact(undefined, [])).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('updates that cannot be applied and time that runs out are errors, and the next compaction works', async () => {
  const { updates } = history(5, 20);
  const compactor = workerCompactor({ compactionTimeoutMs: 30_000, compactionMemoryMb: 256 });
  onTestFinished(() => compactor.close());
  await expect(compactor.compact(undefined, [Uint8Array.of(9, 9, 9)])).rejects.toMatchObject({ code: 'INTERNAL' });
  expect((await compactor.compact(undefined, updates)).update.length).toBeGreaterThan(0);

  const hasty = workerCompactor({ compactionTimeoutMs: 1, compactionMemoryMb: 256 });
  onTestFinished(() => hasty.close());
  await expect(hasty.compact(undefined, updates)).rejects.toMatchObject({ code: 'INTERNAL' });
});
