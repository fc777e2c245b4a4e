import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Level } from 'level';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LevelStorage } from '../../persistence/index.ts';
import * as format from '../../persistence/level-format.ts';
import { rejection } from '../support/error-code.ts';
import { toHex } from '../support/hex.ts';
import { type Program, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STORE_PROGRAM = fileURLToPath(new URL('store-program.ts', import.meta.url));
const AT = 1_700_000_000_000;
const EPOCH = 'epoch-1';

type RawLevel = Level<string, Uint8Array>;

async function openStorage(folder: string): Promise<LevelStorage> {
  const storage = new LevelStorage(folder);
  await storage.open();
  onTestFinished(() => storage.close());
  return storage;
}

/** Works on the keys and values of a store that nobody has open. */
async function raw<T>(folder: string, work: (level: RawLevel) => Promise<T>): Promise<T> {
  const level: RawLevel = new Level(folder, { valueEncoding: 'view' });
  await level.open();
  try {
    return await work(level);
  } finally {
    await level.close();
  }
}

const rawValue = (folder: string, key: string): Promise<string> =>
  raw(folder, async (level) => toHex((await level.get(key)) ?? new Uint8Array()));
const rawKeys = (folder: string): Promise<string[]> => raw(folder, (level) => level.keys().all());

/** A closed store with `damaged` and `fine`: a snapshot up to seq 2 and the entries 3 to 5 of each. */
async function storeOfTwo(): Promise<string> {
  const folder = await temporaryFolder();
  const storage = new LevelStorage(folder);
  await storage.open();
  for (const document of ['damaged', 'fine']) {
    await storage.create(document, { epoch: EPOCH, title: 'T', at: AT });
    // One by one, so that each has its own key.
    for (let i = 0; i < 5; i++) {
      await storage.append(document, EPOCH, [{ at: AT + i, update: Uint8Array.of(i + 1, 7) }]);
    }
    await storage.replaceSnapshot(document, EPOCH, 0, {
      seq: 2,
      stateVector: Uint8Array.of(1, 5, 2),
      update: Uint8Array.of(9, 9, 9),
    });
  }
  await storage.close();
  return folder;
}

function runStoreProgram(folder: string, task: string): Program {
  return startProgram(['--import', 'tsx', STORE_PROGRAM, folder, task]);
}

/** Root may write anywhere: as root, acts as somebody else meanwhile. */
async function unprivileged<T>(act: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

const NOBODY = 65_534;

describe('a folder belongs to one store at a time', () => {
  test('a second process is refused, with a message that names the folder', async () => {
    const folder = await temporaryFolder();
    const holder = runStoreProgram(folder, 'hold');
    await holder.line((line) => line === 'open');
    const storage = new LevelStorage(folder);
    const error = await rejection(storage.open());
    expect(error?.code).toBe('STORE_LOCKED');
    expect(error?.message).toContain(folder);

    holder.kill('SIGKILL');
    await holder.ended;
    await storage.open();
    expect(await storage.list()).toEqual([]);
    await storage.close();
  });

  test('a second storage in the same process is refused, also by another spelling of the folder', async () => {
    const folder = await temporaryFolder();
    const first = await openStorage(folder);
    for (const spelling of [folder, `${folder}/`, relative(process.cwd(), folder)]) {
      const error = await rejection(new LevelStorage(spelling).open());
      expect(error?.code).toBe('STORE_LOCKED');
      expect(error?.message).toContain(folder);
    }
    await first.create('d', { epoch: EPOCH, at: AT });
    await first.close();
    expect(await (await openStorage(folder)).list()).toHaveLength(1);
  });

  test('a storage that is opened again sees what another one has written in between', async () => {
    const folder = await temporaryFolder();
    const first = await openStorage(folder);
    await first.create('d', { epoch: EPOCH, at: AT });
    await first.append('d', EPOCH, [{ at: AT, update: Uint8Array.of(1) }]);
    await first.close();
    const second = await openStorage(folder);
    await second.append('d', EPOCH, [{ at: AT, update: Uint8Array.of(2) }]);
    await second.close();
    await first.open();
    expect(await first.append('d', EPOCH, [{ at: AT, update: Uint8Array.of(3) }])).toBe(3);
    expect((await first.read('d', EPOCH, 0)).map(({ update }) => [...update])).toEqual([[1], [2], [3]]);
  });
});

describe('a folder', () => {
  test('is made where it is missing, with those above it', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b', 'ü c');
    const storage = await openStorage(folder);
    expect(storage.folder).toBe(folder);
    await storage.create('d', { epoch: EPOCH, at: AT });
    await storage.close();
    expect(await rawKeys(folder)).toEqual([format.COMMITS_KEY, format.documentKey('d'), format.FORMAT_KEY]);
  });

  test('that is a file is refused by name', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'not a folder');
    const error = await rejection(new LevelStorage(file).open());
    expect(error?.code).toBe('STORE_UNAVAILABLE');
    expect(error?.message).toContain(file);
  });

  test('that cannot be made, because a file is above it, is refused by name', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'not a folder');
    const folder = join(file, 'store');
    const error = await rejection(new LevelStorage(folder).open());
    expect(error?.code).toBe('STORE_UNAVAILABLE');
    expect(error?.message).toContain(folder);
  });

  test('that may not be written is refused by name', async () => {
    const parent = await temporaryFolder();
    const folder = join(parent, 'store');
    await mkdir(folder);
    await chmod(parent, 0o755);
    await chmod(folder, 0o555);
    const error = await unprivileged(() => rejection(new LevelStorage(folder).open()));
    expect(error?.code).toBe('STORE_UNAVAILABLE');
    expect(error?.message).toContain(folder);
  });

  test('whose LevelDB is damaged is refused by name', async () => {
    const folder = await storeOfTwo();
    await writeFile(join(folder, 'CURRENT'), 'MANIFEST-999999\n');
    const error = await rejection(new LevelStorage(folder).open());
    expect(error?.code).toBe('STORE_UNAVAILABLE');
    expect(error?.message).toContain(folder);
  });
});

describe('the format of a store', () => {
  test('is written into a new one', async () => {
    const folder = await temporaryFolder();
    await (await openStorage(folder)).close();
    expect(await rawValue(folder, format.FORMAT_KEY)).toBe(toHex(Buffer.from(String(format.FORMAT_VERSION))));
  });

  test.each([String(format.FORMAT_VERSION + 1), '0', 'x', ''])(
    'that is %j is refused with a clear message, and the store is left as it is',
    async (version) => {
      const folder = await storeOfTwo();
      await raw(folder, (level) => level.put(format.FORMAT_KEY, Buffer.from(version)));
      const before = await raw(folder, (level) => level.iterator().all());
      const error = await rejection(new LevelStorage(folder).open());
      expect(error?.code).toBe('STORE_UNAVAILABLE');
      expect(error?.message).toContain(folder);
      expect(error?.message).toContain(`has format ${version}`);
      expect(error?.message).toContain(`reads format ${format.FORMAT_VERSION}`);
      // It is not held open either: it could not be opened here if it were.
      expect(await raw(folder, (level) => level.iterator().all())).toEqual(before);
    },
  );
});

describe('entries that are appended together', () => {
  const entriesFrom = (first: number, count: number, length = 2) =>
    Array.from({ length: count }, (_, i) => ({ at: AT + first + i, update: new Uint8Array(length).fill(first + i) }));
  const seqsAfter = async (storage: LevelStorage, seq: number) =>
    (await storage.read('d', EPOCH, seq)).map((entry) => entry.seq);
  const entryKeys = async (folder: string) => (await rawKeys(folder)).filter((key) => key.startsWith('e'));

  test('have one key, and are read by their seqs all the same', async () => {
    const folder = await temporaryFolder();
    const storage = await openStorage(folder);
    await storage.create('d', { epoch: EPOCH, at: AT, entries: entriesFrom(1, 3) });
    expect(await storage.append('d', EPOCH, entriesFrom(4, 5))).toBe(8);
    expect(await storage.append('d', EPOCH, entriesFrom(9, 1))).toBe(9);
    for (let seq = 0; seq <= 9; seq++) {
      expect(await seqsAfter(storage, seq)).toEqual(Array.from({ length: 9 - seq }, (_, i) => seq + 1 + i));
    }
    expect((await storage.read('d', EPOCH, 5)).map(({ at, update }) => [at, ...update])).toEqual(
      [6, 7, 8, 9].map((seq) => [AT + seq, seq, seq]),
    );
    await storage.close();
    expect(await entryKeys(folder)).toEqual(
      [[3, 3], [8, 5], [9]].map(([last = 0, count]) => format.entryKey('d', EPOCH, last, count)),
    );
    const again = await openStorage(folder);
    expect(await again.info('d')).toMatchObject({ seq: 9, updatedAt: AT + 9 });
  });

  test('go with the snapshot that stands for the last of them, and until then are read without those it stands for', async () => {
    const folder = await temporaryFolder();
    const storage = await openStorage(folder);
    await storage.create('d', { epoch: EPOCH, at: AT });
    await storage.append('d', EPOCH, entriesFrom(1, 4));
    await storage.append('d', EPOCH, entriesFrom(5, 4));
    const snapshot = { stateVector: Uint8Array.of(0), update: Uint8Array.of(1) };
    expect(await storage.replaceSnapshot('d', EPOCH, 0, { seq: 6, ...snapshot })).toBe(true);
    expect(await seqsAfter(storage, 0)).toEqual([7, 8]);
    await storage.close();
    expect(await entryKeys(folder)).toEqual([format.entryKey('d', EPOCH, 8, 4)]);
    const again = await openStorage(folder);
    expect(await again.info('d')).toMatchObject({ seq: 8 });
    expect(await seqsAfter(again, 0)).toEqual([7, 8]);
    expect(await again.replaceSnapshot('d', EPOCH, 6, { seq: 8, ...snapshot })).toBe(true);
    await again.close();
    expect(await entryKeys(folder)).toEqual([]);
  });

  test('have several keys where they are large', async () => {
    const folder = await temporaryFolder();
    const storage = await openStorage(folder);
    await storage.create('d', { epoch: EPOCH, at: AT });
    expect(await storage.append('d', EPOCH, entriesFrom(1, 40, 1000))).toBe(40);
    expect(await seqsAfter(storage, 0)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    await storage.close();
    const spans = (await entryKeys(folder)).map((key) => format.seqsOfEntryKey(key));
    expect(spans.length).toBeGreaterThan(4);
    expect(spans.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i))).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });

  test('follow what a store of version 1 has, which is read as it is; no program that knows only version 1 opens it then', async () => {
    const folder = await storeOfTwo();
    await raw(folder, (level) => level.put(format.FORMAT_KEY, Buffer.from('1')));
    const storage = await openStorage(folder);
    expect(await storage.append('fine', EPOCH, entriesFrom(6, 3))).toBe(8);
    expect((await storage.read('fine', EPOCH, 0)).map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8]);
    await storage.close();
    expect(await rawValue(folder, format.FORMAT_KEY)).toBe(toHex(Buffer.from('2')));
  });
});

describe('a document of which one byte is damaged', () => {
  const ENTRY = format.entryKey('damaged', EPOCH, 4);
  const LAST_ENTRY = format.entryKey('damaged', EPOCH, 5);
  const SNAPSHOT = format.snapshotKey('damaged', EPOCH);
  const RECORD = format.documentKey('damaged');

  /** Changes one letter of the epoch: what is left would still be JSON. */
  const inEpoch = (bytes: Uint8Array): number => Buffer.from(bytes).indexOf(EPOCH) + 2;
  const inMiddle = (bytes: Uint8Array): number => bytes.length >> 1;

  interface Damage {
    readonly what: string;
    readonly key: string;
    at(bytes: Uint8Array): number;
    read(storage: LevelStorage): Promise<unknown>;
  }

  const damages: Damage[] = [
    { what: 'an entry', key: ENTRY, at: inMiddle, read: (storage) => storage.read('damaged', EPOCH, 2) },
    { what: 'the last entry', key: LAST_ENTRY, at: inMiddle, read: (storage) => storage.info('damaged') },
    { what: 'the snapshot', key: SNAPSHOT, at: inMiddle, read: (storage) => storage.snapshot('damaged', EPOCH) },
    { what: 'the record', key: RECORD, at: inEpoch, read: (storage) => storage.info('damaged') },
    {
      what: 'the record, when it is written to',
      key: RECORD,
      at: inMiddle,
      read: (storage) => storage.append('damaged', EPOCH, [{ at: AT, update: Uint8Array.of(1) }]),
    },
    {
      what: 'the record, when the document would be made again',
      key: RECORD,
      at: inMiddle,
      read: (storage) => storage.create('damaged', { epoch: 'epoch-2', at: AT }),
    },
  ];

  test.each(damages)('is unreadable by name, and the only one: $what', async ({ key, at, read }) => {
    const folder = await storeOfTwo();
    const damaged = await raw(folder, async (level) => {
      const bytes = Uint8Array.from((await level.get(key)) ?? []);
      bytes[at(bytes)] = (bytes[at(bytes)] ?? 0) ^ 1;
      await level.put(key, bytes);
      return toHex(bytes);
    });
    const storage = await openStorage(folder);
    const [error, append] = await Promise.all([
      rejection(read(storage)),
      // In the same commit as a write to the damaged one, if that is one.
      storage.append('fine', EPOCH, [{ at: AT, update: Uint8Array.of(6, 7) }]),
    ]);
    expect(error?.code).toBe('DOCUMENT_UNREADABLE');
    expect(error?.message).toContain('"damaged"');
    expect(append).toBe(6);
    expect((await storage.read('fine', EPOCH, 0)).map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    expect((await storage.snapshot('fine', EPOCH))?.seq).toBe(2);
    expect((await storage.list()).map(({ document }) => document)).toContain('fine');
    await storage.close();
    // What is there may still be of use to somebody.
    expect(await rawValue(folder, key)).toBe(damaged);
  });

  test('is not in the list when its record is damaged; all others are', async () => {
    const folder = await storeOfTwo();
    await raw(folder, (level) => level.put(RECORD, Buffer.from('{}')));
    const storage = await openStorage(folder);
    expect((await storage.list()).map(({ document }) => document)).toEqual(['fine']);
  });
});

describe('bytes at the wrong place are not taken for content', () => {
  test.each([
    ['an entry of the same document', format.entryKey('damaged', EPOCH, 3), format.entryKey('damaged', EPOCH, 4)],
    ['an entry of another document', format.entryKey('fine', EPOCH, 4), format.entryKey('damaged', EPOCH, 4)],
    ['a snapshot where an entry should be', format.snapshotKey('damaged', EPOCH), format.entryKey('damaged', EPOCH, 4)],
    ['the snapshot of another document', format.snapshotKey('fine', EPOCH), format.snapshotKey('damaged', EPOCH)],
    ['the record of another document', format.documentKey('fine'), format.documentKey('damaged')],
  ])('%s', async (_, from, to) => {
    const folder = await storeOfTwo();
    await raw(folder, async (level) => level.put(to, (await level.get(from)) ?? new Uint8Array()));
    const storage = await openStorage(folder);
    const load = async (document: string) => {
      await storage.info(document);
      await storage.snapshot(document, EPOCH);
      return storage.read(document, EPOCH, 2);
    };
    const error = await rejection(load('damaged'));
    expect(error?.code).toBe('DOCUMENT_UNREADABLE');
    expect(error?.message).toContain('"damaged"');
    expect(await load('fine')).toHaveLength(3);
  });
});

describe('what has resolved survives the death of the process', () => {
  const DIED = { code: null, signal: 'SIGKILL' };

  test('appended entries', async () => {
    const folder = await temporaryFolder();
    expect(await runStoreProgram(folder, 'append-and-die').ended).toEqual(DIED);
    const storage = await openStorage(folder);
    expect(await storage.info('d')).toMatchObject({ epoch: EPOCH, seq: 201 });
    const entries = await storage.read('d', EPOCH, 0);
    expect(entries[0]).toEqual({ seq: 1, at: 2, user: 'u', update: Uint8Array.of(1, 2, 3) });
    expect(entries.slice(1).map(({ update }) => update[0])).toEqual(Array.from({ length: 200 }, (_, i) => i));
    await storage.close();

    expect(await runStoreProgram(folder, 'compact-and-die').ended).toEqual(DIED);
    const again = await openStorage(folder);
    expect((await again.snapshot('d', EPOCH))?.update).toEqual(Uint8Array.of(9));
    expect((await again.read('d', EPOCH, 0)).at(0)?.seq).toBe(3);
    expect(await again.info('d')).toMatchObject({ seq: 201 });
  });

  test('a deletion; and what it left is cleared by the next who opens the store', async () => {
    const folder = await temporaryFolder();
    expect(await runStoreProgram(folder, 'append-and-die').ended).toEqual(DIED);
    expect(await runStoreProgram(folder, 'delete-and-die').ended).toEqual(DIED);
    const storage = await openStorage(folder);
    expect(await storage.info('d')).toBeUndefined();
    await storage.close();
    expect(await rawKeys(folder)).toEqual([format.COMMITS_KEY, format.FORMAT_KEY]);
  });
});

describe('what a deleted document leaves', () => {
  test('is cleared when the store is closed', async () => {
    const folder = await storeOfTwo();
    const storage = await openStorage(folder);
    await storage.delete('damaged');
    await storage.close();
    expect((await rawKeys(folder)).filter((key) => key.includes('damaged'))).toEqual([]);
    expect((await rawKeys(folder)).filter((key) => key.includes('fine'))).toHaveLength(5);
  });

  test('is cleared by the next who opens the store, when the process died before', async () => {
    const folder = await storeOfTwo();
    // As a process leaves it that died between the deletion and the clearing: the document was made again meanwhile.
    await raw(folder, async (level) => {
      const record = { epoch: 'epoch-2', title: 'New', createdAt: AT, updatedAt: AT, snapshotSeq: 0, schema: 0 };
      const key = format.documentKey('damaged');
      const entryKey = format.entryKey('damaged', 'epoch-2', 1);
      await level.put(key, format.encodeRecord(key, record));
      await level.put(entryKey, format.encodeEntries(entryKey, [{ at: AT, update: Uint8Array.of(42) }]));
      await level.put(format.goneKey('damaged', EPOCH), new Uint8Array());
    });
    const storage = await openStorage(folder);
    expect(await storage.info('damaged')).toMatchObject({ epoch: 'epoch-2', title: 'New', seq: 1 });
    expect(await storage.snapshot('damaged', 'epoch-2')).toBeUndefined();
    await storage.close();
    expect((await rawKeys(folder)).filter((key) => key.includes('damaged'))).toEqual([
      format.documentKey('damaged'),
      format.entryKey('damaged', 'epoch-2', 1),
    ]);
    const again = await openStorage(folder);
    expect((await again.read('damaged', 'epoch-2', 0)).map(({ update }) => [...update])).toEqual([[42]]);
    expect(await again.read('fine', EPOCH, 0)).toHaveLength(3);
  });
});

describe('a store that is closed', () => {
  test('answers STORE_UNAVAILABLE by name to every call', async () => {
    const folder = await temporaryFolder();
    const storage = await openStorage(folder);
    await storage.close();
    for (const call of [
      storage.create('d', { epoch: EPOCH, at: AT }),
      storage.info('d'),
      storage.read('d', EPOCH, 0),
      storage.snapshot('d', EPOCH),
      storage.list(),
      storage.delete('d'),
    ]) {
      const error = await rejection(call);
      expect(error?.code).toBe('STORE_UNAVAILABLE');
      expect(error?.message).toContain(folder);
    }
  });

  test('and opened again goes on without a gap, whatever was refused meanwhile', async () => {
    const storage = await openStorage(await temporaryFolder());
    await storage.create('d', { epoch: EPOCH, at: AT });
    await storage.append('d', EPOCH, [{ at: AT, update: Uint8Array.of(1) }]);
    await storage.close();
    expect((await rejection(storage.append('d', EPOCH, [{ at: AT, update: Uint8Array.of(2) }])))?.code).toBe(
      'STORE_UNAVAILABLE',
    );
    await storage.open();
    expect(await storage.append('d', EPOCH, [{ at: AT, update: Uint8Array.of(3) }])).toBe(2);
    expect((await storage.read('d', EPOCH, 0)).map(({ update }) => [...update])).toEqual([[1], [3]]);
  });
});

test('heads of more documents than are kept in memory are read again', async () => {
  const storage = await openStorage(await temporaryFolder());
  const documents = Array.from({ length: 10_050 }, (_, i) => `document ${i}`);
  await Promise.all(documents.map((document) => storage.create(document, { epoch: EPOCH, at: AT })));
  await storage.append('document 0', EPOCH, [{ at: AT + 1, update: Uint8Array.of(1) }]);
  expect(await storage.info('document 0')).toMatchObject({ seq: 1, updatedAt: AT + 1 });
  expect(await storage.info('document 1')).toMatchObject({ seq: 0 });
  expect(await storage.list({ limit: 20_000 })).toHaveLength(documents.length);
});
