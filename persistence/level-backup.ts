import type { Readable } from 'node:stream';
import { ScriptoriumError } from '../protocol/errors.ts';
import { encodeBackup } from './backup-file.ts';
import type { BackupItem } from './backup-item.ts';
import { type Inspection, inspectDocument } from './document-inspection.ts';
import { documentNames } from './document-names.ts';
import { FileFolder, filesBeside } from './file-folder.ts';
import { type Database, withDatabase } from './level-database.ts';
import * as format from './level-format.ts';
import { describeProblem } from './problem.ts';

/**
 * Makes a backup of a store that no server has open, and of the files beside it, and hands its bytes on. It works also where acknowledged writes are
 * missing.
 * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE when there is none, or one of another format
 */
export function backupFolder(folder: string, write: (bytes: Readable) => Promise<void>): Promise<void> {
  return withDatabase(folder, async (db) => {
    const version = await db.get(format.FORMAT_KEY);
    if (Buffer.from(version ?? []).toString() !== String(format.FORMAT_VERSION)) {
      const message = `The store in ${folder} has another format, or is not whole. Open it with the server, or see check.`;
      throw new ScriptoriumError('STORE_UNAVAILABLE', message);
    }
    await write(encodeBackup(readBackup(db), new FileFolder(filesBeside(folder))));
  });
}

/** Everything in a database at the moment at which the first item is asked for; one document at a time in memory. */
export async function* readBackup(db: Database): AsyncGenerator<BackupItem> {
  const moment = db.snapshot();
  try {
    const { names, damaged } = await documentNames(db, moment);
    if (damaged) yield { type: 'unreadable', document: '', problems: ['there may be more documents'], pairs: [] };
    for (const document of names) {
      const inspection = await inspectDocument(db, document, moment);
      if (inspection) yield* itemsOf(inspection);
    }
  } finally {
    await moment.close();
  }
}

function* itemsOf({ document, record, snapshot, entries, problems, pairs }: Inspection): Generator<BackupItem> {
  if (record === undefined || problems.length > 0) {
    yield { type: 'unreadable', document, problems: problems.map(describeProblem), pairs };
    return;
  }
  const { title, createdAt, updatedAt, schema } = record;
  yield { type: 'document', document, title, createdAt, updatedAt, schema };
  if (snapshot) yield { type: 'snapshot', ...snapshot };
  for (const entry of entries) yield { type: 'entry', ...entry };
}
