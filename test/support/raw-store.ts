import * as Y from 'yjs';
import { LevelStorage } from '../../persistence/index.ts';
import { type Database, databaseIn } from '../../persistence/level-database.ts';
import * as format from '../../persistence/level-format.ts';
import { compact } from '../../server/compaction.ts';
import { toHex } from './hex.ts';

/** A store's database without anything that understands it. */
export type RawLevel = Database;

/** The epoch of the documents that {@link makeStore} makes. */
export const EPOCH = 'epoch-1';
export const AT = 1_700_000_000_000;
/** What they hold: the parts 1 and 2 in the snapshot, 3 to 6 in the entries 3 to 6. None builds upon another. */
export const PARTS = [1, 2, 3, 4, 5, 6];

/** The update of somebody who only set this part. */
export function partUpdate(part: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1000 + part;
  doc.getMap<number>('parts').set(`part ${part}`, part);
  return Y.encodeStateAsUpdate(doc);
}

/** The parts in a document, in order. */
export const partsOf = (doc: Y.Doc): number[] => [...doc.getMap<number>('parts').values()].sort((a, b) => a - b);

/** Makes a store with these documents and closes it. */
export async function makeStore(folder: string, documents: readonly string[]): Promise<void> {
  const storage = new LevelStorage(folder);
  await storage.open();
  const updates = PARTS.map(partUpdate);
  const snapshot = compact({ snapshot: undefined, updates: updates.slice(0, 2) });
  for (const document of documents) {
    await storage.create(document, { epoch: EPOCH, title: `Title of ${document}`, at: AT });
    // One by one, so that each has its own key.
    for (const [i, update] of updates.entries()) {
      await storage.append(document, EPOCH, [{ at: AT + i, user: 'ada', update }]);
    }
    await storage.replaceSnapshot(document, EPOCH, 0, { seq: 2, ...snapshot });
  }
  await storage.close();
}

/** Works on the keys and values of a store that nobody has open. */
export async function raw<T>(folder: string, work: (level: RawLevel) => Promise<T>): Promise<T> {
  const level = databaseIn(folder);
  await level.open();
  try {
    return await work(level);
  } finally {
    await level.close();
  }
}

/** Changes one bit in the middle of what is stored at a key. */
export function flip(folder: string, key: string): Promise<void> {
  return raw(folder, async (level) => {
    const bytes = Uint8Array.from((await level.get(key)) ?? []);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await level.put(key, bytes);
  });
}

/** Puts some entries of a document under one key, as if they had been appended together. */
export function putTogether(folder: string, document: string, first: number, last: number): Promise<string> {
  return raw(folder, async (level) => {
    const keys = Array.from({ length: last - first + 1 }, (_, i) => entry(document, first + i));
    const values = await Promise.all(keys.map(async (key) => (await level.get(key)) ?? new Uint8Array()));
    const entries = values.flatMap((value, i) => format.decodeEntries(keys[i] ?? '', value));
    const key = format.entryKey(document, EPOCH, last, entries.length);
    for (const single of keys) await level.del(single);
    await level.put(key, format.encodeEntries(key, entries));
    return key;
  });
}

/** All keys of a store and their values, as text that can be compared; with a document, only its own. */
export function everything(folder: string, document?: string): Promise<string[]> {
  return raw(folder, async (level) => {
    const pairs = await level.iterator().all();
    return pairs
      .filter(([key]) => document === undefined || key.split('\0')[1] === document)
      .map(([key, value]) => `${JSON.stringify(key)} ${toHex(value)}`);
  });
}

/** A way to damage a document of {@link makeStore}. */
export interface Damage {
  readonly what: string;
  damage(folder: string, document: string): Promise<void>;
  /** What `check` says of it. */
  readonly problem: object;
  /** The parts that can still be read. */
  readonly parts: readonly number[];
}

const entry = (document: string, seq: number): string => format.entryKey(document, EPOCH, seq);
const remove = (folder: string, key: string): Promise<void> => raw(folder, (level) => level.del(key));

/** Everything that may be wrong with one document. */
export const DAMAGES: readonly Damage[] = [
  {
    what: 'a damaged snapshot',
    damage: (folder, document) => flip(folder, format.snapshotKey(document, EPOCH)),
    problem: { kind: 'snapshot', message: 'its checksum is wrong' },
    parts: [3, 4, 5, 6],
  },
  {
    what: 'a missing snapshot',
    damage: (folder, document) => remove(folder, format.snapshotKey(document, EPOCH)),
    problem: { kind: 'snapshot', message: 'it is missing; it stood for 1 to 2' },
    parts: [3, 4, 5, 6],
  },
  {
    what: 'a damaged entry',
    damage: (folder, document) => flip(folder, entry(document, 4)),
    problem: { kind: 'entry', seq: 4, message: 'its checksum is wrong' },
    parts: [1, 2, 3, 5, 6],
  },
  {
    what: 'a damaged last entry',
    damage: (folder, document) => flip(folder, entry(document, 6)),
    problem: { kind: 'entry', seq: 6, message: 'its checksum is wrong' },
    parts: [1, 2, 3, 4, 5],
  },
  {
    what: 'an entry that is no update, though its checksum is right',
    damage: (folder, document) =>
      raw(folder, async (level) => {
        const key = entry(document, 5);
        await level.put(key, format.encodeEntries(key, [{ at: AT, update: Uint8Array.of(1, 1, 255) }]));
      }),
    problem: { kind: 'entry', seq: 5, message: 'it does not decode' },
    parts: [1, 2, 3, 4, 6],
  },
  {
    what: 'missing entries in the middle',
    damage: async (folder, document) => {
      await remove(folder, entry(document, 4));
      await remove(folder, entry(document, 5));
    },
    problem: { kind: 'entry', seq: 4, lastSeq: 5, message: 'missing' },
    parts: [1, 2, 3, 6],
  },
  {
    what: 'a damaged record',
    damage: (folder, document) => flip(folder, format.documentKey(document)),
    problem: { kind: 'record', message: 'its checksum is wrong' },
    parts: PARTS,
  },
  {
    what: 'a missing record',
    damage: (folder, document) => remove(folder, format.documentKey(document)),
    problem: { kind: 'record', message: 'it is missing' },
    parts: PARTS,
  },
];
