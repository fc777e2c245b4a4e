import { ScriptoriumError } from '../protocol/errors.ts';
import type { Database } from './level-database.ts';
import * as format from './level-format.ts';

/**
 * How the layout of one version becomes that of a later one. A crash may cut it off anywhere, and it is run again from
 * the beginning: so it has to leave alone what it has changed before. Its own writes have to be synced.
 */
export interface Migration {
  readonly from: number;
  readonly to: number;
  migrate(db: Database): Promise<void>;
}

/** Every migration there is; each begins where one before it ends. Version 1 is the first. */
export const MIGRATIONS: readonly Migration[] = [
  // What version 1 stored is read as it is; but a program that knows only version 1 does not read what is written from now on.
  { from: 1, to: 2, migrate: async () => {} },
];

/**
 * Brings a store that was just opened to the current layout, one migration after the other; the version of each is
 * written when all of it is done. A new store gets the current version.
 * @throws ScriptoriumError STORE_UNAVAILABLE when the store is of a newer version, or none that can be migrated
 */
export async function bringUpToDate(
  db: Database,
  folder: string,
  migrations: readonly Migration[] = MIGRATIONS,
  current: number = format.FORMAT_VERSION,
): Promise<void> {
  const stored = await db.get(format.FORMAT_KEY);
  if (stored === undefined) {
    const [key] = await db.keys({ limit: 1 }).all();
    if (key !== undefined) throw refused(folder, 'has no format version, but it is not empty');
    return writeVersion(db, current);
  }
  const text = Buffer.from(stored).toString();
  if (text === format.RESTORING) throw refused(folder, 'holds a restore that did not come to its end; run it again');
  let version = text;
  while (version !== String(current)) {
    const next = migrations.find(({ from }) => String(from) === version);
    if (next === undefined) throw refused(folder, `has format ${version}; this program reads format ${current}`);
    await next.migrate(db);
    await writeVersion(db, next.to);
    version = String(next.to);
  }
}

function writeVersion(db: Database, version: number): Promise<void> {
  const value = Buffer.from(String(version));
  return db.batch([{ type: 'put', key: format.FORMAT_KEY, value }], { sync: true });
}

function refused(folder: string, why: string): ScriptoriumError {
  return new ScriptoriumError('STORE_UNAVAILABLE', `The store in ${folder} ${why}.`);
}
