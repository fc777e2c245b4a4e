import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ScriptoriumError } from '../../protocol/errors.ts';
import type { ForeignDocument } from './foreign-store.ts';

const MAGIC = 'SQLite format 3\0';

/**
 * The file of `@hocuspocus/extension-sqlite`: a table `documents` of `name` and `data`, which is one Yjs V1 update. It is
 * read with SQLite as WebAssembly, loaded only here. That does not see the locks of other programs, so the server that
 * writes the file has to be stopped.
 */
export async function* hocuspocusSqlite(file: string): AsyncGenerator<ForeignDocument> {
  const path = resolve(file);
  await checkFile(path);
  const { default: sqlite } = await import('node-sqlite3-wasm');
  const db = read(path, () => new sqlite.Database(path, { fileMustExist: true, readOnly: true }));
  try {
    // Their names first: a document may have many megabytes.
    const names = read(path, () => db.all('SELECT rowid AS id, name FROM "documents" ORDER BY rowid'));
    for (const { id, name } of names) {
      const row = read(path, () => db.get('SELECT data FROM "documents" WHERE rowid = ?', [id as number]));
      const data = row?.['data'];
      yield {
        document: String(name),
        updates: [data instanceof Uint8Array ? Uint8Array.from(data) : new Uint8Array()],
      };
    }
  } finally {
    db.close();
  }
}

async function checkFile(path: string): Promise<void> {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new ScriptoriumError('STORE_UNAVAILABLE', `There is no such file: ${path}`);
  }
  const handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0).finally(() => handle.close());
  if (bytesRead < 20 || buffer.toString('latin1', 0, 16) !== MAGIC) {
    throw new ScriptoriumError('STORE_UNAVAILABLE', `${path} is no SQLite database.`);
  }
  const [log, journal] = [`${path}-wal`, `${path}-journal`].map((side) => existsSync(side) && statSync(side).size > 0);
  if (log || journal) {
    const message =
      `${path} has changes beside it (${log ? '-wal' : '-journal'}) that are not in it yet. Stop the server that ` +
      'writes it; if they are there still, open the file once with `sqlite3` and `PRAGMA wal_checkpoint(TRUNCATE)`.';
    throw new ScriptoriumError('STORE_LOCKED', message);
  }
}

function read<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScriptoriumError('STORE_UNAVAILABLE', `The database ${path} can't be read: ${why}`, { cause });
  }
}
