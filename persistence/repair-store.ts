import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { ScriptoriumError } from '../protocol/errors.ts';
import { lostCommits } from './check-store.ts';
import { type Inspection, inspectDocument } from './document-inspection.ts';
import { documentNames } from './document-names.ts';
import { deletePairs, putDocument } from './document-operations.ts';
import { type Database, type Operation, withDatabase } from './level-database.ts';
import { LevelFolder } from './level-folder.ts';
import * as format from './level-format.ts';
import type { Problem } from './problem.ts';
import { RepairCopy } from './repair-copy.ts';

/** What is to be repaired. */
export interface RepairOptions {
  /** Documents by name, or all that are damaged. Default: none, which serves only to accept a loss. */
  readonly documents?: readonly string[] | 'damaged';
  /** Go on with a store that has lost writes which it had acknowledged. Every document gets a new epoch then. */
  readonly acceptLoss?: boolean;
}

/** One document that was damaged and can be read now. */
export interface Repaired {
  readonly document: string;
  /** How many entries were kept, beside the snapshot. */
  readonly entries: number;
  readonly snapshot: boolean;
  /** Its title; undefined when that is lost too. One from a damaged record may itself be damaged. */
  readonly title: string | undefined;
  /** What was wrong and is mended. */
  readonly mended: readonly Problem[];
  /** What could not be read and is not in the document any more. */
  readonly leftOut: readonly Problem[];
}

/** What {@link repairStore} did. */
export interface RepairReport {
  readonly repaired: readonly Repaired[];
  /** Documents in a damaged file of LevelDB's: they can be repaired only in another folder, to which a backup brings them. */
  readonly notHere: readonly string[];
  /** How many documents were looked at and were in order. */
  readonly healthy: number;
  /** How many documents got a new epoch because a loss was accepted. */
  readonly renewed: number;
  /** The file with what was stored before; undefined when nothing was repaired. */
  readonly copy: string | undefined;
}

/**
 * Makes documents readable that are not: keeps a copy of what is stored, then writes all that can be read under a new
 * epoch, so that clients that come back sync anew and bring what they hold. Entries after a gap are kept; Yjs holds back
 * what builds upon something that is missing. A document that is in order is not changed.
 * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE, DOCUMENT_NOT_FOUND
 */
export async function repairStore(
  folder: string,
  { documents = [], acceptLoss = false }: RepairOptions = {},
): Promise<RepairReport> {
  const path = resolve(folder);
  const lossy = await withDatabase(path, async (db) => (await lostCommits(db, path)) !== undefined);
  // Epochs first: as long as the store is refused, no client can go on at a place that is lost.
  const renewed = lossy && acceptLoss ? await withDatabase(path, renewEpochs) : 0;
  const store = new LevelFolder(path, { acceptLoss });
  const copy = new RepairCopy(path, new Date());
  const repaired: Repaired[] = [];
  const notHere: string[] = [];
  let healthy = 0;
  await store.open();
  try {
    const all = documents === 'damaged';
    const names = all ? (await store.read('*', (db) => documentNames(db))).names : documents;
    for (const document of names) {
      const inspection = await store.read(document, (db) => inspectDocument(db, document));
      if (inspection === undefined) {
        if (!all) throw notStored(document);
      } else if (inspection.problems.length === 0) {
        healthy++;
      } else if (inspection.inDamagedFile) {
        notHere.push(document);
      } else {
        await copy.add(inspection);
        await store.commit(operationsOf(inspection, Date.now()));
        repaired.push(reportOf(inspection));
      }
    }
    return { repaired, notHere, healthy, renewed, copy: copy.path };
  } finally {
    await copy.close();
    await store.close();
  }
}

/** Gives every document that can be read a new epoch; a crash in between does no harm. */
async function renewEpochs(db: Database): Promise<number> {
  let renewed = 0;
  for (const document of (await documentNames(db)).names) {
    const inspection = await inspectDocument(db, document);
    if (inspection === undefined || inspection.problems.length > 0) continue;
    await db.batch(operationsOf(inspection, Date.now()), { sync: true });
    renewed++;
  }
  return renewed;
}

/** Everything that can be read in the place of everything that is stored. */
function operationsOf({ document, record, snapshot, entries, pairs }: Inspection, now: number): Operation[] {
  const { title, createdAt, updatedAt, schema } = record ?? {
    title: salvagedTitle(document, pairs) ?? '',
    createdAt: entries[0]?.at || now,
    updatedAt: now,
    schema: 0,
  };
  const content = { title, createdAt, updatedAt, schema, snapshot, entries };
  return [...deletePairs(pairs), ...putDocument(document, randomUUID(), content)];
}

function reportOf({ document, record, snapshot, entries, problems, pairs }: Inspection): Repaired {
  const isMended = ({ kind }: Problem): boolean => kind === 'record';
  return {
    document,
    entries: entries.length,
    snapshot: snapshot !== undefined,
    title: record?.title ?? salvagedTitle(document, pairs),
    mended: problems.filter(isMended),
    leftOut: problems.filter((problem) => !isMended(problem)),
  };
}

/** The title in a record whose checksum is wrong, if it is text still. */
function salvagedTitle(document: string, pairs: Inspection['pairs']): string | undefined {
  const [, bytes] = pairs.find(([key]) => key === format.documentKey(document)) ?? [];
  const [, title] = /"title":("(?:[^"\\]|\\.)*")/.exec(Buffer.from(bytes ?? []).toString()) ?? [];
  try {
    const parsed: unknown = title && JSON.parse(title);
    return typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function notStored(document: string): ScriptoriumError {
  return new ScriptoriumError('DOCUMENT_NOT_FOUND', `There is no document ${JSON.stringify(document)} in this store.`);
}
