import { resolve } from 'node:path';
import { ScriptoriumError } from '../protocol/errors.ts';
import { inspectDocument } from './document-inspection.ts';
import { documentNames } from './document-names.ts';
import type { Database } from './level-database.ts';
import { withDatabase } from './level-database.ts';
import * as format from './level-format.ts';
import type { Problem } from './problem.ts';
import { acknowledgedIn } from './witness.ts';

const DAMAGED_FILE =
  "a file of LevelDB's is damaged; there may be more documents. Back the folder up, restore it into another, repair that";

/** What {@link checkStore} found. */
export interface CheckReport {
  /** How many documents were read. */
  readonly documents: number;
  /** How many entries of theirs can be read. */
  readonly entries: number;
  readonly problems: readonly Problem[];
}

/**
 * Reads every document of a store, or those that are named, and says what is wrong. It writes nothing, beside what
 * LevelDB itself does when a folder is opened, and works also on a folder that a server refuses.
 * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE, DOCUMENT_NOT_FOUND when one that was named is not there
 */
export function checkStore(
  folder: string,
  documents: readonly string[] = [],
  onProblem: (problem: Problem) => void = () => {},
): Promise<CheckReport> {
  return withDatabase(folder, async (db) => {
    const problems: Problem[] = [];
    const report = (found: readonly Problem[]): void => {
      for (const problem of found) {
        problems.push(problem);
        onProblem(problem);
      }
    };
    report(await storeProblems(db, resolve(folder)));
    let names = documents;
    if (documents.length === 0) {
      const found = await documentNames(db);
      if (found.damaged) report([{ kind: 'store', message: DAMAGED_FILE }]);
      names = found.names;
    }
    let read = 0;
    let entries = 0;
    for (const document of names) {
      const inspection = await inspectDocument(db, document);
      if (inspection === undefined && documents.length > 0) throw notStored(document);
      if (inspection === undefined) continue;
      read++;
      entries += inspection.entries.length;
      report(inspection.problems);
    }
    return { documents: read, entries, problems };
  });
}

/** What concerns no document alone. */
async function storeProblems(db: Database, folder: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  const version = await textAt(db, format.FORMAT_KEY);
  if (version !== String(format.FORMAT_VERSION)) {
    const has = version === undefined ? 'it has no format version' : `it has format ${version}`;
    problems.push({ kind: 'store', message: `${has}; this program reads format ${format.FORMAT_VERSION}` });
  }
  const lost = await lostCommits(db, folder);
  if (lost !== undefined) {
    const message = `writes that were acknowledged are missing: it ends at commit ${lost.stored} of ${lost.acknowledged}`;
    problems.push({ kind: 'store', message });
  }
  return problems;
}

/** How many commits are stored and how many were acknowledged, where those are more. */
export async function lostCommits(
  db: Database,
  folder: string,
): Promise<{ readonly stored: number; readonly acknowledged: number } | undefined> {
  const stored = Number((await textAt(db, format.COMMITS_KEY)) ?? 0);
  const acknowledged = acknowledgedIn(folder);
  return acknowledged > stored ? { stored, acknowledged } : undefined;
}

async function textAt(db: Database, key: string): Promise<string | undefined> {
  const bytes = await db.get(key);
  return bytes && Buffer.from(bytes).toString();
}

function notStored(document: string): ScriptoriumError {
  return new ScriptoriumError('DOCUMENT_NOT_FOUND', `There is no document ${JSON.stringify(document)} in this store.`);
}
