import { resolve } from 'node:path';
import { type BatchOperation, Level } from 'level';
import { ScriptoriumError } from '../protocol/errors.ts';
import * as format from './level-format.ts';
import { type Change, LogStorage } from './log-storage.ts';
import { DEFAULT_LIST_LIMIT, type DocumentInfo, type Entry, type ListOptions, type Snapshot } from './storage.ts';
import type { Head } from './write.ts';

type Database = Level<string, Uint8Array>;
type Operation = BatchOperation<Database, string, Uint8Array>;

/** So many heads of documents are kept in memory (each about 300 bytes); others are read again when needed. */
const MAX_CACHED_HEADS = 10_000;

/** Documents in a LevelDB folder of this process. The layout is described in level-format.ts. */
export class LevelStorage extends LogStorage {
  /** The folder, as an absolute path. */
  readonly folder: string;
  readonly #db: Database;
  /** Heads as they are on disk; undefined for a document that is not there. */
  readonly #heads = new Map<string, Head | undefined>();
  #clearing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    super();
    this.folder = resolve(folder);
    this.#db = new Level(this.folder, { keyEncoding: 'utf8', valueEncoding: 'view' });
  }

  override async open(): Promise<void> {
    try {
      await this.#db.open();
    } catch (error) {
      throw this.#openError(error);
    }
    this.#heads.clear(); // another process may have had the folder since
    try {
      await this.#checkFormat();
      for (const key of await this.#reading('*', () => this.#db.keys(format.GONE_RANGE).all())) {
        const { document, epoch } = format.ofGoneKey(key);
        this.#clearLater(document, epoch);
      }
    } catch (error) {
      await this.#db.close();
      throw error;
    }
  }

  override async close(): Promise<void> {
    await this.idle();
    await this.#clearing;
    await this.#db.close();
  }

  override async read(document: string, epoch: string, afterSeq: number): Promise<Entry[]> {
    const pairs = await this.#reading(document, () =>
      this.#db.iterator(format.entryRange(document, epoch, afterSeq)).all(),
    );
    return pairs.map(([key, value]) => format.decodeEntry(key, value));
  }

  override async snapshot(document: string, epoch: string): Promise<Snapshot | undefined> {
    const key = format.snapshotKey(document, epoch);
    const bytes = await this.#reading(document, () => this.#db.get(key));
    return bytes && format.decodeSnapshot(key, bytes);
  }

  override async list({ limit = DEFAULT_LIST_LIMIT, after }: ListOptions = {}): Promise<DocumentInfo[]> {
    const range = format.documentRange(after);
    const keys = await this.#reading('*', () =>
      this.#db.keys({ ...range, limit: Number.isFinite(limit) ? limit : -1 }).all(),
    );
    const infos = await Promise.all(keys.map((key) => this.#infoIfReadable(format.documentOfKey(key))));
    return infos.filter((info) => info !== undefined);
  }

  async #infoIfReadable(document: string): Promise<DocumentInfo | undefined> {
    try {
      return await this.info(document);
    } catch (error) {
      if (codeOf(error) === 'DOCUMENT_UNREADABLE') return undefined;
      throw error;
    }
  }

  protected override async commit(changes: readonly Change[]): Promise<void> {
    try {
      await this.#db.batch(changes.flatMap(operationsOf), { sync: true });
    } catch (error) {
      for (const { write } of changes) this.#heads.delete(write.document);
      throw this.#unavailable(error);
    }
    for (const { write, before, after } of changes) {
      this.#cacheHead(write.document, after);
      if (after === undefined && before !== undefined) this.#clearLater(write.document, before.epoch);
    }
  }

  protected override head(document: string): Head | undefined | Promise<Head | undefined> {
    return this.#heads.has(document) ? this.#heads.get(document) : this.#readHead(document);
  }

  async #readHead(document: string): Promise<Head | undefined> {
    const key = format.documentKey(document);
    const bytes = await this.#reading(document, () => this.#db.get(key));
    const head = bytes && (await this.#headOf(document, format.decodeRecord(key, bytes)));
    // A write may have been committed while this was read.
    if (this.#heads.has(document)) return this.#heads.get(document);
    this.#cacheHead(document, head);
    return head;
  }

  async #headOf(document: string, record: format.DocumentRecord): Promise<Head> {
    const range = format.entryRange(document, record.epoch, 0);
    const [last] = await this.#reading(document, () => this.#db.iterator({ ...range, reverse: true, limit: 1 }).all());
    const newest = last && format.decodeEntry(...last);
    return {
      ...record,
      seq: newest?.seq ?? record.snapshotSeq,
      updatedAt: Math.max(record.updatedAt, newest?.at ?? 0),
    };
  }

  #cacheHead(document: string, head: Head | undefined): void {
    this.#heads.delete(document); // so that it is the youngest
    this.#heads.set(document, head);
    if (this.#heads.size > MAX_CACHED_HEADS) {
      const [oldest] = this.#heads.keys();
      if (oldest !== undefined) this.#heads.delete(oldest);
    }
  }

  /** Clears what a deleted document left, then its "gone" mark. A crash before the end is made good by the next open. */
  #clearLater(document: string, epoch: string): void {
    this.#clearing = this.#clearing.then(async () => {
      try {
        await this.#db.clear(format.entryRange(document, epoch, 0));
        await this.#db.del(format.snapshotKey(document, epoch));
        await this.#db.del(format.goneKey(document, epoch));
      } catch {
        // The mark is still there; nothing reads that epoch.
      }
    });
  }

  async #checkFormat(): Promise<void> {
    const stored = await this.#reading('*', () => this.#db.get(format.FORMAT_KEY));
    if (stored === undefined) {
      await this.#db.put(format.FORMAT_KEY, Buffer.from(String(format.FORMAT_VERSION)), { sync: true });
      return;
    }
    const version = Buffer.from(stored).toString();
    if (version === String(format.FORMAT_VERSION)) return;
    throw new ScriptoriumError(
      'STORE_UNAVAILABLE',
      `The store in ${this.folder} has format ${version}; this program reads format ${format.FORMAT_VERSION}.`,
    );
  }

  async #reading<T>(document: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (codeOf(error) === 'LEVEL_CORRUPTION') {
        throw format.unreadable(format.documentKey(document), 'LevelDB finds its bytes damaged', error);
      }
      throw this.#unavailable(error);
    }
  }

  #unavailable(cause: unknown): ScriptoriumError {
    return new ScriptoriumError('STORE_UNAVAILABLE', `The store in ${this.folder} does not answer.`, { cause });
  }

  #openError(error: unknown): ScriptoriumError {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (codeOf(cause) === 'LEVEL_LOCKED') {
      return new ScriptoriumError('STORE_LOCKED', `Another process has the store in ${this.folder} open.`, { cause });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    return new ScriptoriumError('STORE_UNAVAILABLE', `The store in ${this.folder} can't be opened: ${why}`, { cause });
  }
}

/** What has to be written for a change. */
function operationsOf({ write, before, after }: Change): Operation[] {
  const { document } = write;
  const recordKey = format.documentKey(document);
  if (after === undefined) {
    const mark: Operation[] = before
      ? [{ type: 'put', key: format.goneKey(document, before.epoch), value: new Uint8Array() }]
      : [];
    return [{ type: 'del', key: recordKey }, ...mark];
  }
  if (write.type === 'append') {
    return write.entries.map((entry, i) => {
      const key = format.entryKey(document, after.epoch, after.seq - write.entries.length + 1 + i);
      return { type: 'put', key, value: format.encodeEntry(key, entry) };
    });
  }
  const { seq: _, ...record } = after;
  const putRecord: Operation = { type: 'put', key: recordKey, value: format.encodeRecord(recordKey, record) };
  if (write.type !== 'snapshot') return [putRecord];
  const key = format.snapshotKey(document, after.epoch);
  const operations: Operation[] = [putRecord, { type: 'put', key, value: format.encodeSnapshot(key, write.snapshot) }];
  for (let seq = write.expectedSeq + 1; seq <= write.snapshot.seq; seq++) {
    operations.push({ type: 'del', key: format.entryKey(document, after.epoch, seq) });
  }
  return operations;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
