import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SQLite } from '@hocuspocus/extension-sqlite';
import sqlite from 'node-sqlite3-wasm';
// @ts-expect-error its package has types and does not say where
import { LeveldbPersistence } from 'y-leveldb';
// @ts-expect-error nor has this one
import { LeveldbPersistence as LeveldbPersistence01 } from 'y-leveldb-0.1';
import type * as Y from 'yjs';

/** Documents as a test wants them stored: each as updates that came one after the other. */
export type Documents = ReadonlyMap<string, readonly Uint8Array[]>;

/** 0.1 is what the servers of y-websocket 1 and 2 write with. */
const VERSIONS = { '0.1': LeveldbPersistence01, '0.2': LeveldbPersistence };
export const Y_LEVELDB_VERSIONS = Object.keys(VERSIONS) as (keyof typeof VERSIONS)[];

/** What y-leveldb itself writes. `flushed` has its updates merged into one, as its server does when a document is opened. */
export async function writeYLeveldb(
  folder: string,
  documents: Documents,
  flushed: readonly string[] = [],
  version: keyof typeof VERSIONS = '0.2',
) {
  const store = new VERSIONS[version](folder);
  for (const [document, updates] of documents) {
    for (const update of updates) await store.storeUpdate(document, update);
    await store.setMeta(document, 'owner', { name: 'ada' });
  }
  for (const document of flushed) await store.flushDocument(document);
  await store.destroy();
}

/** What Hocuspocus' SQLite extension reads and writes with, on SQLite as WebAssembly: its own binding is native. */
class Binding {
  readonly #db: sqlite.Database;

  constructor(file: string) {
    this.#db = new sqlite.Database(file);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  prepare(sql: string) {
    const named = (values: Record<string, string | Uint8Array>) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [`$${name}`, value]));
    return {
      get: (values: Record<string, string>) => this.#db.get(sql, named(values)) ?? undefined,
      run: (values: Record<string, string | Uint8Array>) => this.#db.run(sql, named(values)),
    };
  }

  close(): void {
    this.#db.close();
  }
}

/** What Hocuspocus' SQLite extension writes: its schema, its queries, its encoding of a document. */
export async function writeHocuspocusSqlite(file: string, documents: ReadonlyMap<string, Y.Doc>): Promise<void> {
  const extension = new SQLite({ database: file });
  const binding = new Binding(file);
  extension.db = binding as unknown as NonNullable<SQLite['db']>;
  binding.exec(extension.configuration.schema);
  for (const [documentName, document] of documents) {
    await extension.onStoreDocument({ documentName, document } as never);
  }
  binding.close();
}

/** A folder with a file for each document. */
export async function writeUpdateFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}
