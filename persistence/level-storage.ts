import { ScriptoriumError } from '../protocol/errors.ts';
import type { BackupItem } from './backup-item.ts';
import { storedEpochs } from './document-inspection.ts';
import { putEntries } from './document-operations.ts';
import { readBackup } from './level-backup.ts';
import type { Operation } from './level-database.ts';
import { type FolderOptions, LevelFolder } from './level-folder.ts';
import * as format from './level-format.ts';
import { LevelGarbage } from './level-garbage.ts';
import { type Change, LogStorage } from './log-storage.ts';
import { DEFAULT_LIST_LIMIT, type DocumentInfo, type Entry, type ListOptions, type Snapshot } from './storage.ts';
import { entriesOf, type Head, type Write } from './write.ts';

/** So many heads of documents are kept in memory (each about 300 bytes); others are read again when needed. */
const MAX_CACHED_HEADS = 10_000;

/** What a new snapshot leaves behind beside the old one, roughly: the entries that it replaced, in bytes. */
const GARBAGE_PER_SNAPSHOT = 64 * 1024;

/** Documents in a LevelDB folder of this process. The layout is described in level-format.ts. */
export class LevelStorage extends LogStorage {
  readonly #folder: LevelFolder;
  /** Heads as they are on disk; undefined for a document that is not there. */
  readonly #heads = new Map<string, Head | undefined>();
  #clearing: Promise<void> = Promise.resolve();
  readonly #garbage = new LevelGarbage();

  constructor(folder: string, options: FolderOptions = {}) {
    super();
    this.#folder = new LevelFolder(folder, options);
  }

  /** The folder, as an absolute path. */
  get folder(): string {
    return this.#folder.path;
  }

  override async open(): Promise<void> {
    await this.#folder.open();
    this.#heads.clear(); // another process may have had the folder since
    for (const key of await this.#folder.read('*', (db) => db.keys(format.GONE_RANGE).all())) {
      const { document, epoch } = format.ofGoneKey(key);
      this.#clearLater(document, epoch);
    }
  }

  override async close(): Promise<void> {
    await this.idle();
    await this.#clearing;
    await this.#folder.tidy((db) => this.#garbage.collect(db));
    await this.#folder.close();
  }

  override async read(document: string, epoch: string, afterSeq: number): Promise<Entry[]> {
    const head = await this.head(document);
    const covered = head?.epoch === epoch ? head.snapshotSeq : 0; // what a snapshot replaced may not be cleared yet
    const after = Math.max(afterSeq, covered);
    const range = format.entryRange(document, epoch, after);
    const pairs = await this.#folder.read(document, (db) => db.iterator(range).all());
    return pairs.flatMap((pair) => format.decodeEntries(...pair)).filter(({ seq }) => seq > after);
  }

  override async snapshot(document: string, epoch: string): Promise<Snapshot | undefined> {
    const key = format.snapshotKey(document, epoch);
    const bytes = await this.#folder.read(document, (db) => db.get(key));
    return bytes && format.decodeSnapshot(key, bytes);
  }

  override async list({ limit = DEFAULT_LIST_LIMIT, after, onUnreadable }: ListOptions = {}): Promise<DocumentInfo[]> {
    const options = { ...format.documentRange(after), limit: Number.isFinite(limit) ? limit : -1 };
    const keys = await this.#folder.read('*', (db) => db.keys(options).all());
    const infos = await Promise.all(keys.map((key) => this.#infoIfReadable(format.documentOfKey(key), onUnreadable)));
    return infos.filter((info) => info !== undefined);
  }

  async #infoIfReadable(
    document: string,
    onUnreadable: ListOptions['onUnreadable'],
  ): Promise<DocumentInfo | undefined> {
    try {
      return await this.info(document);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      onUnreadable?.(document, error);
      return undefined;
    }
  }

  override async discard(document: string): Promise<boolean> {
    try {
      return await this.delete(document);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
    const epochs = await this.#folder.read(document, (db) => storedEpochs(db, document));
    return (await this.submit({ type: 'discard', document, epochs })).changed;
  }

  override async *backup(): AsyncIterable<BackupItem> {
    yield* await this.#folder.read('*', async (db) => readBackup(db));
  }

  protected override async prepare(): Promise<void> {
    if (await this.#folder.prepare()) this.#heads.clear();
  }

  protected override async commit(changes: readonly Change[]): Promise<void> {
    try {
      const operations: Operation[] = []; // not `flatMap`: on this path its cost shows
      for (const change of changes) for (const operation of operationsOf(change)) operations.push(operation);
      await this.#folder.commit(operations);
    } catch (error) {
      for (const { write } of changes) this.#heads.delete(write.document);
      throw error;
    }
    for (const { write, before, after } of changes) {
      this.#cacheHead(write.document, after);
      if (write.type === 'snapshot') this.#dropLater(write.document, write.epoch, write.snapshot);
      if (after !== undefined) continue;
      for (const epoch of goneEpochs(write, before)) this.#clearLater(write.document, epoch);
    }
  }

  protected override head(document: string): Head | undefined | Promise<Head | undefined> {
    return this.#heads.has(document) ? this.#heads.get(document) : this.#readHead(document);
  }

  async #readHead(document: string): Promise<Head | undefined> {
    const key = format.documentKey(document);
    const bytes = await this.#folder.read(document, (db) => db.get(key));
    const head = bytes && (await this.#headOf(document, format.decodeRecord(key, bytes)));
    // A write may have been committed while this was read.
    if (this.#heads.has(document)) return this.#heads.get(document);
    this.#cacheHead(document, head);
    return head;
  }

  async #headOf(document: string, record: format.DocumentRecord): Promise<Head> {
    const range = { ...format.entryRange(document, record.epoch, record.snapshotSeq), reverse: true, limit: 1 };
    const [last] = await this.#folder.read(document, (db) => db.iterator(range).all());
    const newest = last && format.decodeEntries(...last).at(-1);
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

  /**
   * Drops the entries that a snapshot stands for. Not in the commit that stores it: to name each of them would hold up
   * everything else that this thread does. What a crash leaves of them nothing reads, and the next snapshot drops it.
   */
  #dropLater(document: string, epoch: string, { seq, update }: Snapshot): void {
    const range = format.coveredRange(document, epoch, seq);
    this.#garbage.dropped(document, range, update.length + GARBAGE_PER_SNAPSHOT);
    this.#clearing = this.#clearing.then(() =>
      this.#folder.tidy(async (db) => {
        await db.clear(range);
        if (this.#garbage.isDue) await this.#garbage.collect(db);
      }),
    );
  }

  /** Clears what a deleted document left, then its "gone" mark. A crash before the end is made good by the next open. */
  #clearLater(document: string, epoch: string): void {
    this.#clearing = this.#clearing.then(() =>
      this.#folder.tidy(async (db) => {
        await db.clear(format.entryRange(document, epoch, 0));
        await db.del(format.snapshotKey(document, epoch));
        await db.del(format.goneKey(document, epoch));
      }),
    );
  }
}

/** The epochs whose content a deletion leaves to be cleared. */
function goneEpochs(write: Write, before: Head | undefined): readonly string[] {
  if (write.type === 'discard') return write.epochs;
  return before ? [before.epoch] : [];
}

/** What has to be written for a change. */
function operationsOf({ write, before, after }: Change): Operation[] {
  const { document } = write;
  const recordKey = format.documentKey(document);
  if (after === undefined) {
    const marks = goneEpochs(write, before).map(
      (epoch): Operation => ({ type: 'put', key: format.goneKey(document, epoch), value: new Uint8Array() }),
    );
    return [{ type: 'del', key: recordKey }, ...marks];
  }
  const putRecord = (): Operation => {
    const { seq: _, ...record } = after;
    return { type: 'put', key: recordKey, value: format.encodeRecord(recordKey, record) };
  };
  if (write.type === 'append' || write.type === 'create') {
    const entries = putEntries(document, after.epoch, entriesOf(write), after.seq);
    // The schema is all of a record that an entry changes and does not say itself.
    return after.schema === before?.schema ? entries : [putRecord(), ...entries];
  }
  if (write.type !== 'snapshot') return [putRecord()];
  const key = format.snapshotKey(document, after.epoch);
  return [putRecord(), { type: 'put', key, value: format.encodeSnapshot(key, write.snapshot) }];
}

function isUnreadable(error: unknown): error is ScriptoriumError {
  return error instanceof ScriptoriumError && error.code === 'DOCUMENT_UNREADABLE';
}
