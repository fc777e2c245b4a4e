import { resolve } from 'node:path';
import { FOREIGN_STORES, type ForeignStore, isStoreFolder, LevelStorage } from '../../persistence/index.ts';
import { asScriptoriumError, ScriptoriumError } from '../../protocol/index.ts';
import { type Imported, type ImportOptions, importDocument } from '../import/import-document.ts';
import { plural } from './plural.ts';

/** So many documents are on their way at a time: their commits wait for the disk together. */
const AT_ONCE = 16;
const PROGRESS_MS = 2_000;

/** 1 for what the command found, as `check` has it. */
const SOME_LEFT = 1;

type Counts = Record<Imported['result'], number>;

/**
 * Imports all documents of another store into a folder, which is made if it is missing. Answers with the exit code: 1
 * when some were left.
 * @throws ScriptoriumError STORE_LOCKED, STORE_UNAVAILABLE
 */
export async function importStore(
  from: ForeignStore,
  path: string,
  data: string,
  options: ImportOptions,
): Promise<number> {
  const folder = resolve(data);
  const isNew = !isStoreFolder(folder);
  const documents = FOREIGN_STORES[from].read(path)[Symbol.asyncIterator]();
  // Before a folder is made: there may be nothing to import.
  const first = await documents.next();
  const storage = options.dryRun && isNew ? undefined : new LevelStorage(folder);
  const counts: Counts = { imported: 0, replaced: 0, present: 0, differs: 0, unreadable: 0 };
  const progress = setInterval(() => console.error(`scriptorium: ${summary(counts, options)} so far`), PROGRESS_MS);
  try {
    await storage?.open();
    const underWay = new Set<Promise<void>>();
    for (let next = first; !next.done; next = await documents.next()) {
      const { value } = next;
      const work = importDocument(storage, value, options)
        .catch((thrown: unknown): Imported => {
          const error = asScriptoriumError(thrown);
          // Whatever else there is comes to the same.
          if (error.code !== 'DOCUMENT_UNREADABLE') throw thrown;
          return { result: 'unreadable', error };
        })
        .then((imported) => {
          counts[imported.result]++;
          tell(value.document, imported);
        });
      underWay.add(work);
      work.then(
        () => underWay.delete(work),
        () => {}, // it stays, and is met below
      );
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  } finally {
    clearInterval(progress);
    await documents.return?.(undefined);
    await storage?.close();
  }
  console.log(`${options.dryRun ? 'nothing is written; there are ' : ''}${summary(counts, options)}`);
  return counts.differs + counts.unreadable > 0 ? SOME_LEFT : 0;
}

function tell(document: string, imported: Imported): void {
  const name = JSON.stringify(document);
  if (imported.result === 'differs') {
    console.error(`scriptorium: ${name} is left: there is another document of that name (--force replaces it)`);
  } else if (imported.result === 'unreadable') {
    console.error(`scriptorium: ${name} is left: ${why(imported.error)}`);
  }
}

function why({ message, cause }: ScriptoriumError): string {
  return cause instanceof Error && !(cause instanceof ScriptoriumError) ? `${message} (${cause.message})` : message;
}

function summary({ imported, replaced, present, differs, unreadable }: Counts, { dryRun }: ImportOptions): string {
  const parts = [`${plural(imported, 'document')} ${dryRun ? 'to import' : 'imported'}`];
  if (replaced > 0) parts.push(`${replaced} ${dryRun ? 'to replace' : 'replaced'}`);
  if (present > 0) parts.push(`${present} there already`);
  if (differs > 0) parts.push(`${differs} left that differ`);
  if (unreadable > 0) parts.push(`${unreadable} left that can't be read`);
  return parts.join(', ');
}
