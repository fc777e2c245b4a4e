import type { BackupItem } from './backup-item.ts';
import { type Inspection, inspectDocument } from './document-inspection.ts';
import { documentNames } from './document-names.ts';
import type { Database } from './level-database.ts';
import { describeProblem } from './problem.ts';

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
  const { title, createdAt, updatedAt } = record;
  yield { type: 'document', document, title, createdAt, updatedAt };
  if (snapshot) yield { type: 'snapshot', ...snapshot };
  for (const entry of entries) yield { type: 'entry', ...entry };
}
