import type { Database } from './level-database.ts';
import { isCorruption, type Moment } from './level-database.ts';
import * as format from './level-format.ts';

/** Every document of which anything is stored, and whether LevelDB found bytes damaged while looking. */
export interface DocumentNames {
  /** In the order of their UTF-8 bytes. */
  readonly names: readonly string[];
  readonly damaged: boolean;
}

/** Finds all documents: those that have a record, and those of which only content is left. */
export async function documentNames(db: Database, moment?: Moment): Promise<DocumentNames> {
  const names = new Set<string>();
  let damaged = false;
  for (const kind of ['d', 'e', 's']) {
    const keys = db.keys({ ...format.kindRange(kind), ...(moment && { snapshot: moment }) });
    try {
      for (let key = await keys.next(); key !== undefined; key = await keys.next()) {
        const { document } = format.ofContentKey(key);
        names.add(document);
        // Over all that is left of this document: a document may have thousands of entries.
        if (kind !== 'd') keys.seek(format.afterDocument(kind, document));
      }
    } catch (error) {
      if (!isCorruption(error)) throw error;
      damaged = true;
    } finally {
      await keys.close();
    }
  }
  return { names: [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))), damaged };
}
