import type { Operation, Pair } from './level-database.ts';
import * as format from './level-format.ts';
import type { NewEntry, Snapshot } from './storage.ts';

/** Not more than about so much is at one key, in bytes: what is there is lost together when it is damaged. */
const TOGETHER_BYTES = 4 * 1024;

/** All that makes a document, whatever its epoch and its seqs were before. */
export interface DocumentContent {
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly schema: number;
  readonly snapshot: Snapshot | undefined;
  readonly entries: readonly NewEntry[];
}

/** Puts a document under an epoch. Its entries are numbered anew after its snapshot, without gaps. */
export function putDocument(document: string, epoch: string, content: DocumentContent): Operation[] {
  const { title, createdAt, updatedAt, schema, snapshot, entries } = content;
  const key = format.documentKey(document);
  const snapshotSeq = snapshot?.seq ?? 0;
  const record = { epoch, title, createdAt, updatedAt, snapshotSeq, schema };
  return [
    { type: 'put', key, value: format.encodeRecord(key, record) },
    ...(snapshot ? [putSnapshot(document, epoch, snapshot)] : []),
    ...putEntries(document, epoch, entries, snapshotSeq + entries.length),
  ];
}

/** Puts entries that follow one another, the last of them with this seq: under few keys, which LevelDB sorts and moves. */
export function putEntries(
  document: string,
  epoch: string,
  entries: readonly NewEntry[],
  lastSeq: number,
): Operation[] {
  const operations: Operation[] = [];
  let together: NewEntry[] = [];
  let bytes = 0;
  for (const [i, entry] of entries.entries()) {
    together.push(entry);
    bytes += entry.update.length;
    const left = entries.length - 1 - i;
    if (bytes < TOGETHER_BYTES && left > 0) continue;
    const key = format.entryKey(document, epoch, lastSeq - left, together.length);
    operations.push({ type: 'put', key, value: format.encodeEntries(key, together) });
    together = [];
    bytes = 0;
  }
  return operations;
}

function putSnapshot(document: string, epoch: string, snapshot: Snapshot): Operation {
  const key = format.snapshotKey(document, epoch);
  return { type: 'put', key, value: format.encodeSnapshot(key, snapshot) };
}

export function deletePairs(pairs: readonly Pair[]): Operation[] {
  return pairs.map(([key]) => ({ type: 'del', key }));
}
