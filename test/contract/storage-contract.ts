import { describe, expect, onTestFinished, test } from 'vitest';
import type { Entry, NewEntry, Snapshot, Storage } from '../../persistence/index.ts';
import { rejection } from '../support/error-code.ts';
import { inLargerBuffer } from '../support/hex.ts';
import { seededRandom } from '../support/random.ts';

/**
 * A store under test: each call answers with a closed storage that, once opened, has all that the one before it held
 * when it was closed.
 */
export type OpenStorage = () => Storage;

const AT = 1_700_000_000_000;
const EPOCH = 'epoch-1';
const OTHER_EPOCH = 'epoch-2';

const entry = (...bytes: number[]): NewEntry => ({ at: AT + bytes.length, update: Uint8Array.from(bytes) });
const snapshotAt = (seq: number, ...bytes: number[]): Snapshot => ({
  seq,
  stateVector: Uint8Array.of(1, 5, seq),
  update: Uint8Array.from(bytes),
});
const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => (await rejection(work))?.code;

/** Bytes as plain arrays: a store may answer with any kind of byte array. */
const plain = ({ update, ...rest }: Entry) => ({ ...rest, update: [...update] });
const plainSnapshot = (snapshot: Snapshot | undefined) =>
  snapshot && { seq: snapshot.seq, stateVector: [...snapshot.stateVector], update: [...snapshot.update] };

/** What every {@link Storage} promises. `make` prepares a new, empty store for each test. */
export function describeStorage(name: string, make: () => OpenStorage | Promise<OpenStorage>): void {
  async function setUp(): Promise<{ storage: Storage; reopen(): Promise<Storage> }> {
    const next = await make();
    let storage = next();
    await storage.open();
    onTestFinished(() => storage.close());
    return {
      storage,
      async reopen() {
        await storage.close();
        storage = next();
        await storage.open();
        return storage;
      },
    };
  }

  /** A store with one document, `d`, of so many entries: their updates are [1], [2], ... */
  async function setUpDocument(entries = 0): ReturnType<typeof setUp> {
    const prepared = await setUp();
    await prepared.storage.create('d', { epoch: EPOCH, title: 'D', at: AT });
    await prepared.storage.append(
      'd',
      EPOCH,
      Array.from({ length: entries }, (_, i) => entry(i + 1)),
    );
    return prepared;
  }

  const updatesAfter = async (storage: Storage, seq: number, document = 'd', epoch = EPOCH): Promise<number[][]> =>
    (await storage.read(document, epoch, seq)).map(({ update }) => [...update]);

  describe(`${name}: the schema`, () => {
    test('is the highest that wrote, as durable as what it wrote, and not in the entries', async () => {
      const { storage, reopen } = await setUpDocument(1);
      await storage.append('d', EPOCH, [{ ...entry(2), schema: 3 }]);
      await storage.append('d', EPOCH, [entry(3), { ...entry(4), schema: 2 }]);
      expect(await storage.info('d')).toMatchObject({ schema: 3, seq: 4 });
      const again = await reopen();
      expect(await again.info('d')).toMatchObject({ schema: 3, seq: 4 });
      expect((await again.read('d', EPOCH, 0)).map(plain)).toEqual([1, 2, 3, 4].map((seq) => plainEntry(seq)));
      await again.replaceSnapshot('d', EPOCH, 0, snapshotAt(4, 9));
      await again.setTitle('d', EPOCH, 'T', AT + 9);
      await again.append('d', EPOCH, [{ ...entry(5), schema: 4 }]);
      expect(await (await reopen()).info('d')).toMatchObject({ schema: 4, title: 'T', seq: 5 });
    });

    const plainEntry = (seq: number) => ({ seq, at: AT + 1, update: [seq] });
  });

  describe(`${name}: create`, () => {
    test('makes a document without entries', async () => {
      const { storage } = await setUp();
      const info = await storage.create('d', { epoch: EPOCH, title: 'Title', at: AT });
      const expected = { document: 'd', epoch: EPOCH, seq: 0, title: 'Title', createdAt: AT, updatedAt: AT, schema: 0 };
      expect(info).toEqual(expected);
      expect(await storage.info('d')).toEqual(info);
      expect(await storage.read('d', EPOCH, 0)).toEqual([]);
      expect(await storage.snapshot('d', EPOCH)).toBeUndefined();
    });

    test('makes a document with the entries that it is given, all at once', async () => {
      const { storage, reopen } = await setUp();
      const entries = [entry(1), { ...entry(2), schema: 3 }];
      const info = await storage.create('d', { epoch: EPOCH, title: 'T', at: AT, entries });
      expect(info).toMatchObject({ seq: 2, schema: 3, title: 'T' });
      expect(await storage.append('d', EPOCH, [entry(3)])).toBe(3);
      expect(await updatesAfter(storage, 0)).toEqual([[1], [2], [3]]);
      const again = await reopen();
      expect(await again.info('d')).toMatchObject({ seq: 3, schema: 3, title: 'T' });
      expect(await updatesAfter(again, 0)).toEqual([[1], [2], [3]]);
    });

    test('by many at once with entries makes the document of one of them', async () => {
      const { storage } = await setUp();
      const infos = await Promise.all(
        Array.from({ length: 20 }, (_, i) => storage.create('d', { epoch: `e${i}`, at: AT, entries: [entry(i)] })),
      );
      expect(new Set(infos.map(({ epoch }) => epoch)).size).toBe(1);
      expect(infos[0]?.seq).toBe(1);
      const [stored] = await storage.read('d', infos[0]?.epoch ?? '', 0);
      expect(`e${stored?.update[0]}`).toBe(infos[0]?.epoch);
    });

    test('makes one without a title when none is given', async () => {
      const { storage } = await setUp();
      expect((await storage.create('d', { epoch: EPOCH, at: AT })).title).toBe('');
    });

    test('answers with the document that is there already, and changes nothing', async () => {
      const { storage } = await setUpDocument(2);
      const before = await storage.info('d');
      const again = await storage.create('d', { epoch: OTHER_EPOCH, title: 'Other', at: AT + 9 });
      expect(again).toEqual(before);
      expect(again.epoch).toBe(EPOCH);
      expect(await storage.info('d')).toEqual(before);
      expect(await updatesAfter(storage, 0)).toEqual([[1], [2]]);
    });

    test('by many at once makes one document, of which all are told', async () => {
      const { storage } = await setUp();
      const infos = await Promise.all(
        Array.from({ length: 20 }, (_, i) => storage.create('d', { epoch: `epoch-${i}`, at: AT + i })),
      );
      for (const info of infos) expect(info).toEqual(infos[0]);
      expect(await storage.list()).toEqual([infos[0]]);
    });

    test('is needed: there is no document before it', async () => {
      const { storage } = await setUp();
      expect(await storage.info('d')).toBeUndefined();
      expect(await storage.read('d', EPOCH, 0)).toEqual([]);
      expect(await storage.snapshot('d', EPOCH)).toBeUndefined();
      expect(await storage.list()).toEqual([]);
    });
  });

  describe(`${name}: append`, () => {
    test('gives contiguous seqs that begin at 1, and resolves with the last one', async () => {
      const { storage } = await setUpDocument();
      expect(await storage.append('d', EPOCH, [entry(1)])).toBe(1);
      expect(await storage.append('d', EPOCH, [entry(2), entry(3), entry(4)])).toBe(4);
      expect((await storage.read('d', EPOCH, 0)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    });

    test('keeps of each entry when it came, who wrote it, and its bytes', async () => {
      const { storage } = await setUpDocument();
      await storage.append('d', EPOCH, [
        { at: AT + 1, user: 'Zoë 🖋️', update: Uint8Array.of(0, 255, 128) },
        { at: AT + 2, update: new Uint8Array() },
      ]);
      expect((await storage.read('d', EPOCH, 0)).map(plain)).toEqual([
        { seq: 1, at: AT + 1, user: 'Zoë 🖋️', update: [0, 255, 128] },
        { seq: 2, at: AT + 2, update: [] },
      ]);
    });

    test('moves the seq and the time of the last change', async () => {
      const { storage } = await setUpDocument();
      await storage.append('d', EPOCH, [
        { at: AT + 5, update: Uint8Array.of(1) },
        { at: AT + 7, update: Uint8Array.of(2) },
      ]);
      expect(await storage.info('d')).toMatchObject({ seq: 2, createdAt: AT, updatedAt: AT + 7 });
    });

    test('of nothing changes nothing and resolves with the seq as it is', async () => {
      const { storage } = await setUpDocument(2);
      const before = await storage.info('d');
      expect(await storage.append('d', EPOCH, [])).toBe(2);
      expect(await storage.info('d')).toEqual(before);
    });

    test('takes updates of many megabytes', async () => {
      const { storage } = await setUpDocument();
      const sizes = [3_000_000, 5_000_000, 1, 3_000_000];
      const seqs = await Promise.all(
        sizes.map((size, i) => storage.append('d', EPOCH, [{ at: AT, update: new Uint8Array(size).fill(i) }])),
      );
      expect(seqs).toEqual([1, 2, 3, 4]);
      const stored = await storage.read('d', EPOCH, 0);
      expect(stored.map(({ update }) => [update.length, update.at(0), update.at(-1)])).toEqual(
        sizes.map((size, i) => [size, i, i]),
      );
    });

    test('to a document that is not there, or under another epoch, rejects and stores nothing', async () => {
      const { storage } = await setUpDocument(1);
      expect(await codeOf(storage.append('nobody', EPOCH, [entry(1)]))).toBe('DOCUMENT_DELETED');
      expect(await codeOf(storage.append('d', OTHER_EPOCH, [entry(9)]))).toBe('DOCUMENT_DELETED');
      expect(await codeOf(storage.append('d', OTHER_EPOCH, []))).toBe('DOCUMENT_DELETED');
      expect(await storage.info('nobody')).toBeUndefined();
      expect(await updatesAfter(storage, 0)).toEqual([[1]]);
    });

    test('by many to many documents at once keeps the order of each document', async () => {
      const { storage } = await setUp();
      const random = seededRandom(7);
      const documents = Array.from({ length: 12 }, (_, i) => `document ${i}`);
      await Promise.all(documents.map((document) => storage.create(document, { epoch: EPOCH, at: AT })));
      const expected = new Map<string, number[][]>(documents.map((document) => [document, []]));
      const appends: Promise<void>[] = [];
      for (let round = 0; round < 600; round++) {
        const document = documents[Math.floor(random() * documents.length)] ?? '';
        const updates = expected.get(document) ?? [];
        const entries = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) =>
          entry(round >> 8, round & 255, i),
        );
        updates.push(...entries.map(({ update }) => [...update]));
        const last = updates.length;
        appends.push(
          storage.append(document, EPOCH, entries).then(async (seq) => {
            expect(seq).toBe(last);
            // What resolved can be read, also while others are still under way.
            if (round % 50 === 0) {
              expect(await updatesAfter(storage, 0, document)).toEqual(expect.arrayContaining(updates.slice(0, last)));
            }
          }),
        );
        if (random() < 0.05) await appends[Math.floor(random() * appends.length)];
      }
      await Promise.all(appends);
      for (const [document, updates] of expected) {
        expect(await updatesAfter(storage, 0, document)).toEqual(updates);
        expect((await storage.info(document))?.seq).toBe(updates.length);
      }
    });
  });

  describe(`${name}: read`, () => {
    test('answers with the entries after a seq, in order', async () => {
      const { storage } = await setUpDocument(300);
      expect((await storage.read('d', EPOCH, 250)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 50 }, (_, i) => 251 + i),
      );
      expect((await storage.read('d', EPOCH, 299)).map(({ seq }) => seq)).toEqual([300]);
    });

    test('has nothing after the last entry', async () => {
      const { storage } = await setUpDocument(3);
      expect(await storage.read('d', EPOCH, 3)).toEqual([]);
      expect(await storage.read('d', EPOCH, 1000)).toEqual([]);
    });

    test('has nothing of another epoch', async () => {
      const { storage } = await setUpDocument(3);
      expect(await storage.read('d', OTHER_EPOCH, 0)).toEqual([]);
      expect(await storage.snapshot('d', OTHER_EPOCH)).toBeUndefined();
    });
  });

  describe(`${name}: snapshots`, () => {
    test('take the place of the entries that they cover; later ones stay', async () => {
      const { storage } = await setUpDocument(5);
      expect(await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(3, 7, 8))).toBe(true);
      expect(plainSnapshot(await storage.snapshot('d', EPOCH))).toEqual({
        seq: 3,
        stateVector: [1, 5, 3],
        update: [7, 8],
      });
      expect(await updatesAfter(storage, 0)).toEqual([[4], [5]]);
      expect(await updatesAfter(storage, 4)).toEqual([[5]]);
    });

    test('keep the name of who wrote last, which holds until somebody writes, or changes the title', async () => {
      const { storage } = await setUpDocument(3);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(2, 1), 'Ada');
      expect(await storage.info('d')).not.toHaveProperty('updatedBy');
      await storage.replaceSnapshot('d', EPOCH, 2, snapshotAt(3, 1), 'Ben');
      expect(await storage.info('d')).toMatchObject({ updatedBy: 'Ben' });
      expect((await storage.list())[0]).toMatchObject({ updatedBy: 'Ben' });
      await storage.append('d', EPOCH, [entry(4)]);
      expect(await storage.info('d')).not.toHaveProperty('updatedBy');
      await storage.replaceSnapshot('d', EPOCH, 3, snapshotAt(4, 1), 'Eve');
      expect(await storage.info('d')).toMatchObject({ updatedBy: 'Eve' });
      await storage.setTitle('d', EPOCH, 'Title', AT);
      expect(await storage.info('d')).not.toHaveProperty('updatedBy');
    });

    test('that cover everything leave no entries, and the seqs go on', async () => {
      const { storage } = await setUpDocument(3);
      const before = await storage.info('d');
      expect(await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(3, 1))).toBe(true);
      expect(await storage.info('d')).toEqual(before);
      expect(await updatesAfter(storage, 0)).toEqual([]);
      expect(await storage.append('d', EPOCH, [entry(4)])).toBe(4);
      expect(await updatesAfter(storage, 3)).toEqual([[4]]);
    });

    test('are replaced by the next one', async () => {
      const { storage } = await setUpDocument(6);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(2, 2));
      expect(await storage.replaceSnapshot('d', EPOCH, 2, snapshotAt(5, 5))).toBe(true);
      expect(plainSnapshot(await storage.snapshot('d', EPOCH))).toMatchObject({ seq: 5, update: [5] });
      expect(await updatesAfter(storage, 0)).toEqual([[6]]);
    });

    test.each([
      ['another snapshot is there', 0, 5],
      ['an older one was expected', 1, 5],
      ['a newer one was expected', 4, 5],
      ['it has the same seq', 3, 3],
      ['it is older', 3, 2],
      ['it has the seq of no entry yet', 3, 7],
    ])('are refused and change nothing when %s', async (_, expectedSeq, seq) => {
      const { storage, reopen } = await setUpDocument(6);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(3, 3));
      const before = await storage.info('d');
      expect(await storage.replaceSnapshot('d', EPOCH, expectedSeq, snapshotAt(seq, 9))).toBe(false);
      for (const open of [async () => storage, reopen]) {
        const store = await open();
        expect(plainSnapshot(await store.snapshot('d', EPOCH))).toMatchObject({ seq: 3, update: [3] });
        expect(await updatesAfter(store, 0)).toEqual([[4], [5], [6]]);
        expect(await store.info('d')).toEqual(before);
      }
    });

    test('by two at once: one is taken', async () => {
      const { storage } = await setUpDocument(4);
      const taken = await Promise.all([
        storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(3, 1)),
        storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(4, 2)),
      ]);
      expect(taken).toEqual([true, false]);
      expect(plainSnapshot(await storage.snapshot('d', EPOCH))).toMatchObject({ seq: 3, update: [1] });
      expect(await updatesAfter(storage, 0)).toEqual([[4]]);
    });

    test('may follow an append that is still under way', async () => {
      const { storage } = await setUpDocument();
      const [seq, taken] = await Promise.all([
        storage.append('d', EPOCH, [entry(1), entry(2)]),
        storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(1, 9)),
      ]);
      expect([seq, taken]).toEqual([2, true]);
      expect(await updatesAfter(storage, 0)).toEqual([[2]]);
    });

    test('of a document that is not there, or under another epoch, reject', async () => {
      const { storage } = await setUpDocument(2);
      expect(await codeOf(storage.replaceSnapshot('nobody', EPOCH, 0, snapshotAt(1)))).toBe('DOCUMENT_DELETED');
      expect(await codeOf(storage.replaceSnapshot('d', OTHER_EPOCH, 0, snapshotAt(1)))).toBe('DOCUMENT_DELETED');
      expect(await storage.snapshot('d', EPOCH)).toBeUndefined();
      expect(await updatesAfter(storage, 0)).toEqual([[1], [2]]);
    });
  });

  describe(`${name}: titles`, () => {
    test('are kept, with when they changed', async () => {
      const { storage } = await setUpDocument(1);
      const info = await storage.setTitle('d', EPOCH, 'Die Glöckchen 🔔', AT + 50);
      expect(info).toMatchObject({ title: 'Die Glöckchen 🔔', updatedAt: AT + 50, seq: 1, createdAt: AT });
      expect(await storage.info('d')).toEqual(info);
    });

    test('and appends do not undo each other', async () => {
      const { storage } = await setUpDocument();
      await Promise.all([
        storage.append('d', EPOCH, [entry(1)]),
        storage.setTitle('d', EPOCH, 'T', AT + 50),
        storage.append('d', EPOCH, [{ at: AT + 60, update: Uint8Array.of(2) }]),
      ]);
      expect(await storage.info('d')).toMatchObject({ title: 'T', seq: 2, updatedAt: AT + 60 });
      expect(await updatesAfter(storage, 0)).toEqual([[1], [2]]);
    });

    test('of a document that is not there, or under another epoch, reject', async () => {
      const { storage } = await setUpDocument();
      expect(await codeOf(storage.setTitle('nobody', EPOCH, 'T', AT))).toBe('DOCUMENT_DELETED');
      expect(await codeOf(storage.setTitle('d', OTHER_EPOCH, 'T', AT))).toBe('DOCUMENT_DELETED');
      expect((await storage.info('d'))?.title).toBe('D');
    });
  });

  describe(`${name}: list`, () => {
    // In the order of their UTF-8 bytes, in which U+FFFD comes before all emoji; UTF-16 has it the other way round.
    const names = [
      ' ',
      '!',
      '/',
      '/a',
      'A',
      'a',
      'a ',
      'a!',
      'a/',
      'a/b',
      'a/b/c',
      'a0',
      'aa',
      'b',
      'd',
      'e',
      'z',
      '~',
      'u\u0308',
      'ä',
      'ü',
      '文書',
      '\uffee',
      '\ufffd',
      '𝄞',
      '🖋️',
      '🖋️/a',
    ].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

    async function setUpNames(): Promise<Storage> {
      const { storage } = await setUp();
      const random = seededRandom(3);
      for (const document of [...names].sort(() => random() - 0.5)) {
        await storage.create(document, { epoch: `of ${document}`, title: `Title of ${document}`, at: AT });
      }
      return storage;
    }

    test('has the documents in the order of the UTF-8 bytes of their names', async () => {
      const storage = await setUpNames();
      expect((await storage.list()).map(({ document }) => document)).toEqual(names);
      expect(names.indexOf('\ufffd')).toBeLessThan(names.indexOf('𝄞'));
    });

    test('has of each what info has', async () => {
      const storage = await setUpNames();
      await storage.append('a/b', 'of a/b', [entry(1)]);
      for (const info of await storage.list()) expect(info).toEqual(await storage.info(info.document));
    });

    test('begins after any name, also one that is not there', async () => {
      const storage = await setUpNames();
      for (const [i, after] of names.entries()) {
        expect((await storage.list({ after })).map(({ document }) => document)).toEqual(names.slice(i + 1));
      }
      expect((await storage.list({ after: 'a/b/' })).at(0)?.document).toBe('a/b/c');
      expect(await storage.list({ after: '\u{10ffff}' })).toEqual([]);
    });

    test('can be read page by page', async () => {
      const storage = await setUpNames();
      const read: string[] = [];
      for (;;) {
        const after = read.at(-1);
        const page = await storage.list({ limit: 4, ...(after !== undefined && { after }) });
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(4);
        read.push(...page.map(({ document }) => document));
      }
      expect(read).toEqual(names);
    });

    test('has a thousand documents unless it is told otherwise', async () => {
      const { storage } = await setUp();
      await Promise.all(
        Array.from({ length: 1_002 }, (_, i) => storage.create(String(i).padStart(4, '0'), { epoch: EPOCH, at: AT })),
      );
      expect((await storage.list()).at(-1)?.document).toBe('0999');
      expect(await storage.list()).toHaveLength(1_000);
      expect(await storage.list({ limit: 5_000 })).toHaveLength(1_002);
    });

    test('keeps the content of documents apart whose names begin alike', async () => {
      const { storage } = await setUp();
      const alike = ['a', 'a/', 'aa', 'a!', 'a\u00a0'];
      for (const [i, document] of alike.entries()) {
        await storage.create(document, { epoch: EPOCH, at: AT });
        await storage.append(document, EPOCH, [entry(i), entry(i, i)]);
        await storage.replaceSnapshot(document, EPOCH, 0, snapshotAt(1, i));
      }
      await storage.delete('a');
      for (const [i, document] of alike.entries()) {
        if (document === 'a') continue;
        expect(await updatesAfter(storage, 0, document)).toEqual([[i, i]]);
        expect(plainSnapshot(await storage.snapshot(document, EPOCH))?.update).toEqual([i]);
      }
    });
  });

  describe(`${name}: delete`, () => {
    test('takes the document and its content away', async () => {
      const { storage } = await setUpDocument(3);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(2, 9));
      expect(await storage.delete('d')).toBe(true);
      expect(await storage.info('d')).toBeUndefined();
      expect(await storage.list()).toEqual([]);
    });

    test('says whether there was something to delete', async () => {
      const { storage } = await setUpDocument();
      expect(await storage.delete('nobody')).toBe(false);
      expect(await storage.delete('d')).toBe(true);
      expect(await storage.delete('d')).toBe(false);
    });

    test('leaves nothing for a document that is made again', async () => {
      const { storage, reopen } = await setUpDocument(3);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(2, 9));
      await storage.delete('d');
      await storage.create('d', { epoch: OTHER_EPOCH, at: AT + 9 });
      await storage.append('d', OTHER_EPOCH, [entry(42)]);
      for (const open of [async () => storage, reopen]) {
        const store = await open();
        expect(await store.info('d')).toMatchObject({ epoch: OTHER_EPOCH, seq: 1, title: '', createdAt: AT + 9 });
        expect(await updatesAfter(store, 0, 'd', OTHER_EPOCH)).toEqual([[42]]);
        expect(await store.snapshot('d', OTHER_EPOCH)).toBeUndefined();
      }
    });

    test('ends the epoch: whoever still writes under it is told so', async () => {
      const { storage } = await setUpDocument(3);
      await storage.delete('d');
      for (const again of [false, true]) {
        if (again) await storage.create('d', { epoch: OTHER_EPOCH, title: 'New', at: AT });
        expect(await codeOf(storage.append('d', EPOCH, [entry(1)]))).toBe('DOCUMENT_DELETED');
        expect(await codeOf(storage.setTitle('d', EPOCH, 'T', AT))).toBe('DOCUMENT_DELETED');
        expect(await codeOf(storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(1)))).toBe('DOCUMENT_DELETED');
      }
      expect(await storage.info('d')).toMatchObject({ title: 'New', seq: 0 });
      expect(await updatesAfter(storage, 0, 'd', OTHER_EPOCH)).toEqual([]);
    });

    test('keeps its place among writes that are sent without waiting', async () => {
      const { storage, reopen } = await setUpDocument(1);
      const outcomes = await Promise.allSettled([
        storage.append('d', EPOCH, [entry(2)]),
        storage.delete('d'),
        storage.append('d', EPOCH, [entry(3)]),
        storage.create('d', { epoch: OTHER_EPOCH, at: AT }),
        storage.append('d', OTHER_EPOCH, [entry(4)]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      for (const open of [async () => storage, reopen]) {
        const store = await open();
        expect(await updatesAfter(store, 0, 'd', OTHER_EPOCH)).toEqual([[4]]);
        expect(await store.info('d')).toMatchObject({ epoch: OTHER_EPOCH, seq: 1 });
      }
    });
  });

  describe(`${name}: closing and opening`, () => {
    test('keeps everything', async () => {
      const { storage, reopen } = await setUpDocument(5);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(3, 7));
      await storage.setTitle('d', EPOCH, 'Later', AT + 70);
      await storage.create('empty/ü', { epoch: EPOCH, at: AT });
      const infos = await storage.list();
      const again = await reopen();
      expect(await again.list()).toEqual(infos);
      expect(infos.map(({ document }) => document)).toEqual(['d', 'empty/ü']);
      expect(await again.info('d')).toEqual(infos[0]);
      expect(plainSnapshot(await again.snapshot('d', EPOCH))).toEqual({ seq: 3, stateVector: [1, 5, 3], update: [7] });
      expect((await again.read('d', EPOCH, 0)).map(plain)).toEqual([
        { seq: 4, at: AT + 1, update: [4] },
        { seq: 5, at: AT + 1, update: [5] },
      ]);
      expect(await again.append('d', EPOCH, [entry(6)])).toBe(6);
    });

    test('keeps the seq of a document of which only the snapshot is left', async () => {
      const { storage, reopen } = await setUpDocument(3);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(3, 7));
      const again = await reopen();
      expect(await again.info('d')).toMatchObject({ seq: 3, updatedAt: AT + 1 });
      expect(await again.append('d', EPOCH, [entry(4)])).toBe(4);
    });

    test('waits for the writes that are under way', async () => {
      const { storage, reopen } = await setUpDocument();
      const appends = Array.from({ length: 50 }, (_, i) => storage.append('d', EPOCH, [entry(i)]));
      const again = await reopen();
      expect(await Promise.all(appends)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
      expect(await again.read('d', EPOCH, 0)).toHaveLength(50);
    });

    test('can be closed twice', async () => {
      const { storage } = await setUpDocument();
      await storage.close();
      await storage.close();
    });
  });

  describe(`${name}: bytes`, () => {
    const kinds: [string, (...bytes: number[]) => Uint8Array][] = [
      ['a Uint8Array', (...bytes) => Uint8Array.from(bytes)],
      ['a Buffer, of which slice is a view', (...bytes) => Buffer.from(bytes)],
      ['a view into a larger buffer', (...bytes) => inLargerBuffer(Uint8Array.from(bytes))],
    ];

    test.each(kinds)('that were written as %s may be changed afterwards', async (_, bytes) => {
      const { storage, reopen } = await setUpDocument();
      const update = bytes(1, 2, 3);
      const snapshot = { seq: 1, stateVector: bytes(1, 5, 1), update: bytes(4, 5, 6) };
      const later = bytes(7, 8, 9);
      await storage.append('d', EPOCH, [{ at: AT, update }]);
      update.fill(0xee);
      expect(await updatesAfter(storage, 0)).toEqual([[1, 2, 3]]);
      await storage.append('d', EPOCH, [{ at: AT, update: later }]);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshot);
      for (const changed of [later, snapshot.stateVector, snapshot.update]) changed.fill(0xee);
      for (const open of [async () => storage, reopen]) {
        const store = await open();
        expect(await updatesAfter(store, 0)).toEqual([[7, 8, 9]]);
        expect(plainSnapshot(await store.snapshot('d', EPOCH))).toEqual({
          seq: 1,
          stateVector: [1, 5, 1],
          update: [4, 5, 6],
        });
      }
    });

    test('that were read may be changed: the next reader gets what was written', async () => {
      const { storage } = await setUpDocument(2);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(1, 7, 8));
      for (let round = 0; round < 2; round++) {
        const [stored] = await storage.read('d', EPOCH, 0);
        const snapshot = await storage.snapshot('d', EPOCH);
        expect([...(stored?.update ?? [])]).toEqual([2]);
        expect(plainSnapshot(snapshot)).toEqual({ seq: 1, stateVector: [1, 5, 1], update: [7, 8] });
        for (const bytes of [stored?.update, snapshot?.stateVector, snapshot?.update]) bytes?.fill(0xee);
      }
    });

    test('of an update end where their buffer ends, as Yjs needs it', async () => {
      const { storage } = await setUpDocument(2);
      await storage.replaceSnapshot('d', EPOCH, 0, snapshotAt(1, 7, 8));
      const [stored] = await storage.read('d', EPOCH, 0);
      const snapshot = await storage.snapshot('d', EPOCH);
      for (const bytes of [stored?.update, snapshot?.update]) {
        if (bytes === undefined) throw new Error('nothing was read');
        expect(bytes.byteOffset + bytes.byteLength).toBe(bytes.buffer.byteLength);
      }
    });
  });
}
