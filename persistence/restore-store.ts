import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { ScriptoriumError } from '../protocol/errors.ts';
import { decodeBackup } from './backup-file.ts';
import type { BackupItem } from './backup-item.ts';
import { type DocumentContent, putDocument } from './document-operations.ts';
import { type DocumentFile, FileFolder, filesBeside } from './file-folder.ts';
import { type Database, type Operation, withDatabase } from './level-database.ts';
import * as format from './level-format.ts';
import type { Entry, Snapshot } from './storage.ts';

/** What is in a backup. */
export interface BackupSummary {
  readonly documents: number;
  /** Files of documents. */
  readonly files: number;
  /** Documents of which the backup has the stored bytes, because they could not be read. */
  readonly unreadable: readonly string[];
}

/** So much is written at once, in bytes. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Reads a backup to its end without using anything of it.
 * @throws ScriptoriumError MALFORMED_BACKUP
 */
export async function verifyBackup(file: string): Promise<BackupSummary> {
  let [documents, files] = [0, 0];
  const unreadable: string[] = [];
  for await (const item of decodeBackup(createReadStream(file))) {
    if (item.type === 'document') documents++;
    else if (item.type === 'file') files++;
    else if (item.type === 'unreadable') unreadable.push(item.document);
  }
  return { documents, files, unreadable };
}

/**
 * Writes a backup into a folder that has no documents; it is made where it is missing. Every document gets a new epoch,
 * so that clients that come back sync anew and bring what is not in the backup. Documents that could not be read when
 * the backup was made are as they were: not to be read. Files are written beside the documents, as they come.
 *
 *     verify ──▶ format = "restoring" ──▶ documents ... ──▶ format = 1
 *
 * A restore that did not come to its end leaves a folder that no server opens; the next restore begins anew.
 * @throws ScriptoriumError MALFORMED_BACKUP, STORE_NOT_EMPTY, STORE_LOCKED, STORE_UNAVAILABLE
 */
export async function restoreStore(file: string, folder: string): Promise<BackupSummary> {
  const summary = await verifyBackup(file);
  await withDatabase(
    folder,
    async (db) => {
      await claim(db, resolve(folder));
      let batch: Operation[] = [];
      let bytes = 0;
      const items = putFiles(decodeBackup(createReadStream(file)), new FileFolder(filesBeside(folder)));
      for await (const operations of operationsOf(items)) {
        for (const operation of operations) batch.push(operation);
        bytes += bytesOf(operations);
        if (bytes < BATCH_BYTES) continue;
        await db.batch(batch, { sync: true });
        batch = [];
        bytes = 0;
      }
      const whole: Operation = { type: 'put', key: format.FORMAT_KEY, value: text(format.FORMAT_VERSION) };
      await db.batch([...batch, whole], { sync: true });
    },
    { create: true },
  );
  return summary;
}

/** Makes sure that nobody's documents are in the database, and that nobody takes it for whole. */
async function claim(db: Database, folder: string): Promise<void> {
  const stored = await db.get(format.FORMAT_KEY);
  const unfinished = stored !== undefined && Buffer.from(stored).toString() === format.RESTORING;
  const keys = await db.keys({ limit: 3 }).all();
  if (!unfinished && keys.some((key) => key !== format.FORMAT_KEY && key !== format.COMMITS_KEY)) {
    const message = `There are documents in ${folder}. A backup is restored into an empty folder: choose another.`;
    throw new ScriptoriumError('STORE_NOT_EMPTY', message);
  }
  await db.put(format.FORMAT_KEY, text(format.RESTORING), { sync: true });
  // The mark first: what is cleared here would look like a store that has lost something.
  for (const kind of format.KINDS) await db.clear(format.kindRange(kind));
}

/** Writes the files among the items, and hands on the others. */
async function* putFiles(items: AsyncIterable<BackupItem>, folder: FileFolder): AsyncGenerator<StoreItem> {
  let document: string | undefined;
  for await (const item of items) {
    if (item.type === 'document' || item.type === 'unreadable') document = item.document;
    if (item.type !== 'file') yield item;
    else if (document === undefined) throw belongsToNone(item);
    else await putFile(folder, document, item);
  }
}

async function putFile(folder: FileFolder, document: string, file: DocumentFile): Promise<void> {
  await folder.put(document, file).catch((cause: unknown) => {
    const message = `The files of documents cannot be written to ${folder.path}.`;
    throw new ScriptoriumError('STORE_UNAVAILABLE', message, { cause });
  });
}

function belongsToNone({ type }: BackupItem): ScriptoriumError {
  return new ScriptoriumError('MALFORMED_BACKUP', `In the backup, a ${type} belongs to no document.`);
}

type StoreItem = Exclude<BackupItem, { readonly type: 'file' }>;

/** A document at a time: what has to be written for it. */
async function* operationsOf(items: AsyncIterable<StoreItem>): AsyncGenerator<Operation[]> {
  let building: Building | undefined;
  for await (const item of items) {
    if (item.type === 'document' || item.type === 'unreadable') {
      if (building) yield finish(building);
      building = item.type === 'document' ? { ...item, snapshot: undefined, entries: [] } : undefined;
      if (item.type === 'unreadable') yield item.pairs.map(([key, value]) => ({ type: 'put', key, value }));
    } else if (building === undefined) {
      throw belongsToNone(item);
    } else if (item.type === 'snapshot') {
      building.snapshot = item;
    } else {
      building.entries.push(item);
    }
  }
  if (building) yield finish(building);
}

interface Building extends Omit<DocumentContent, 'snapshot' | 'entries'> {
  readonly document: string;
  snapshot: Snapshot | undefined;
  readonly entries: Entry[];
}

function finish(building: Building): Operation[] {
  return putDocument(building.document, randomUUID(), building);
}

function bytesOf(operations: readonly Operation[]): number {
  return operations.reduce((sum, operation) => sum + (operation.type === 'put' ? operation.value.length : 0), 0);
}

function text(value: string | number): Uint8Array {
  return Buffer.from(String(value));
}
