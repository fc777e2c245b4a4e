import type { Operation, Pair } from './level-database.ts';
import * as format from './level-format.ts';
import type { NewEntry, Snapshot } from './storage.ts';

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
  const putEntries = entries.map((entry, i): Operation => {
    const entryKey = format.entryKey(document, epoch, snapshotSeq + 1 + i);
    return { type: 'put', key: entryKey, value: format.encodeEntry(entryKey, entry) };
  });
  return [
    { type: 'put', key, value: format.encodeRecord(key, record) },
    ...(snapshot ? [putSnapshot(document, epoch, snapshot)] : []),
    ...putEntries,
  ];
}

function putSnapshot(document: string, epoch: string, snapshot: Snapshot): Operation {
  const key = format.snapshotKey(document, epoch);
  return { type: 'put', key, value: format.encodeSnapshot(key, snapshot) };
}

export function deletePairs(pairs: readonly Pair[]): Operation[] {
  return pairs.map(([key]) => ({ type: 'del', key }));
}
