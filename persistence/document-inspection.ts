import * as Y from 'yjs';
import { decodeUpdateContent, decodeUpdateContentV2 } from '../protocol/index.ts';
import type { Database } from './level-database.ts';
import { type Moment, type Pair, readKey, readRange } from './level-database.ts';
import * as format from './level-format.ts';
import type { Problem } from './problem.ts';
import type { Entry, Snapshot } from './storage.ts';

/** All that can be read of a document, and what is wrong with the rest. */
export interface Inspection {
  readonly document: string;
  readonly record: format.DocumentRecord | undefined;
  readonly snapshot: Snapshot | undefined;
  /** Entries that can be read, in order, also after a gap. */
  readonly entries: readonly Entry[];
  /** Whether LevelDB can't read some of it. What is written anew in the same folder can't be read either then. */
  readonly inDamagedFile: boolean;
  /** Empty when a server would serve the document. */
  readonly problems: readonly Problem[];
  /** Everything that is stored of it, but for what a deletion will still clear. */
  readonly pairs: readonly Pair[];
}

/** The content that is stored under one epoch of a document. */
interface Content {
  snapshot?: Pair;
  /** In the order of their seqs. */
  readonly entries: Pair[];
}

/**
 * Reads everything that is stored of a document without trusting any of it. Writes nothing. Undefined when nothing is
 * stored, or only what a deletion will still clear.
 */
export async function inspectDocument(
  db: Database,
  document: string,
  moment?: Moment,
): Promise<Inspection | undefined> {
  const recordKey = format.documentKey(document);
  const readings = await Promise.all([
    readKey(db, recordKey, moment),
    ...format.contentRanges(document).map((range) => readRange(db, range, moment)),
  ]);
  const gone = await readRange(db, format.goneRange(document), moment);
  const goneEpochs = new Set(gone.pairs.map(([key]) => format.ofContentKey(key).epoch));
  const pairs = readings
    .flatMap((reading) => reading.pairs)
    .filter(([key]) => key === recordKey || !goneEpochs.has(format.ofContentKey(key).epoch));
  const problems: Problem[] = [];
  const inDamagedFile = readings.some(({ damage }) => damage !== undefined);
  if (inDamagedFile) problems.push({ document, kind: 'store', message: "a file of LevelDB's is damaged where it is" });
  if (pairs.length === 0 && problems.length === 0) return undefined;

  const contents = contentsOf(pairs.filter(([key]) => key !== recordKey));
  const stored = pairs.find(([key]) => key === recordKey);
  const record = stored
    ? attempt(() => format.decodeRecord(...stored), report(problems, { document, kind: 'record' }))
    : undefined;
  if (!stored) problems.push({ document, kind: 'record', message: 'it is missing' });

  // Of a document whose record says nothing, every content that was not deleted may be its own.
  const own = record ? [contents.get(record.epoch) ?? { entries: [] }] : [...contents.values()];
  const readable = own.map((content) => readContent(document, content, record, problems));
  for (const [epoch, { snapshot, entries }] of record ? contents : []) {
    if (epoch === record?.epoch) continue;
    const count = entries
      .map(([key]) => format.seqsOfEntryKey(key))
      .reduce((sum, { first, last }) => sum + last - first + 1, 0);
    const what = `${count} entries${snapshot ? ' and a snapshot' : ''}`;
    problems.push({ document, kind: 'leftover', message: `${what} of another epoch, ${epoch}, that nothing reads` });
  }
  const first = readable.find(({ snapshot }) => snapshot);
  const entries = readable.flatMap((content) =>
    content.snapshot && content !== first ? [asEntry(content.snapshot), ...content.entries] : content.entries,
  );
  return { document, record, snapshot: first?.snapshot, entries, inDamagedFile, problems, pairs };
}

/** A document has one snapshot. */
function asEntry({ seq, update }: Snapshot): Entry {
  return { seq, at: 0, update: Y.convertUpdateFormatV2ToV1(update) };
}

/** The epochs under which anything is stored of a document, but for those that a deletion will still clear. */
export async function storedEpochs(db: Database, document: string): Promise<string[]> {
  const inspection = await inspectDocument(db, document);
  const keys = (inspection?.pairs ?? []).map(([key]) => key).filter((key) => key !== format.documentKey(document));
  return [...new Set(keys.map((key) => format.ofContentKey(key).epoch))];
}

function readContent(
  document: string,
  { snapshot: stored, entries: pairs }: Content,
  record: format.DocumentRecord | undefined,
  problems: Problem[],
): { snapshot: Snapshot | undefined; entries: Entry[] } {
  const inSnapshot = report(problems, { document, kind: 'snapshot' });
  const snapshot = stored && attempt(() => readSnapshot(stored), inSnapshot);
  if (record && !stored && record.snapshotSeq > 0) inSnapshot(`it is missing; it stood for 1 to ${record.snapshotSeq}`);
  if (record && snapshot && snapshot.seq !== record.snapshotSeq) {
    const message = `it says that the snapshot stands for 1 to ${record.snapshotSeq}, but that does for 1 to ${snapshot.seq}`;
    problems.push({ document, kind: 'record', message });
  }
  const entries: Entry[] = [];
  // After a snapshot that can't be read, of a document whose record can't either, nobody knows where entries begin.
  let last = snapshot?.seq ?? record?.snapshotSeq ?? (stored ? undefined : 0);
  for (const pair of pairs) {
    const { first, last: end } = format.seqsOfEntryKey(pair[0]);
    if (snapshot && end <= snapshot.seq) continue; // a snapshot's entries are dropped after it was stored
    if (last !== undefined && first > last + 1) {
      problems.push({ document, kind: 'entry', seq: last + 1, lastSeq: first - 1, message: 'missing' });
    }
    entries.push(...readEntries(document, pair, problems).filter(({ seq }) => seq > (snapshot?.seq ?? 0)));
    last = Math.max(last ?? 0, end);
  }
  return { snapshot, entries };
}

function readSnapshot(pair: Pair): Snapshot {
  const snapshot = format.decodeSnapshot(...pair);
  decodeUpdateContentV2(snapshot.update);
  return snapshot;
}

/** Those of the entries at a key that can be read. */
function readEntries(document: string, pair: Pair, problems: Problem[]): Entry[] {
  const { first, last } = format.seqsOfEntryKey(pair[0]);
  const place = { document, kind: 'entry', seq: first, ...(last > first && { lastSeq: last }) } as const;
  const stored = attempt(() => format.decodeEntries(...pair), report(problems, place)) ?? [];
  return stored.filter(({ seq, update }) =>
    attempt(() => decodeUpdateContent(update), report(problems, { document, kind: 'entry', seq })),
  );
}

/** By epoch. */
function contentsOf(pairs: readonly Pair[]): Map<string, Content> {
  const contents = new Map<string, Content>();
  for (const pair of pairs) {
    const { kind, epoch } = format.ofContentKey(pair[0]);
    const content = contents.get(epoch) ?? { entries: [] };
    contents.set(epoch, content);
    if (kind === 's') content.snapshot = pair;
    else content.entries.push(pair);
  }
  return contents;
}

const report =
  (problems: Problem[], place: Omit<Problem, 'message'>) =>
  (message: string): void =>
    void problems.push({ ...place, message });

function attempt<T>(read: () => T, onFailure: (why: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    onFailure(error instanceof format.Unreadable ? error.why : 'it does not decode');
    return undefined;
  }
}
