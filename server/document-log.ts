import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { DocumentInfo, Entry, NewDocument, NewEntry, Snapshot, Storage } from '../persistence/index.ts';
import {
  asScriptoriumError,
  Coverage,
  decodeStateVector,
  decodeUpdateContent,
  ScriptoriumError,
  type UpdateContent,
} from '../protocol/index.ts';
import { AppendQueue } from './append-queue.ts';
import { Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import type { CommitPacer } from './commit-pacer.ts';
import { CompactionSchedule } from './compaction-schedule.ts';
import type { Compactor } from './compactor.ts';
import type { Metrics } from './metrics.ts';
import type { SnapshotCache, SnapshotRef } from './snapshot-cache.ts';
import { checkContiguous, readStoredDocument, type StoredDocument } from './stored-document.ts';

/** Bounds of a document's log; defaults in options.ts. */
export interface LogLimits {
  /** What may wait for the store, in bytes, for each document; past it edits are refused. */
  readonly maxPendingBytes: number;
  /** How large a document may be, in bytes: its snapshot and all edits after it. Past it only deletions are taken. */
  readonly maxDocumentBytes: number;
  /** A store that has not answered for so long is in trouble, in milliseconds; peers are told. */
  readonly storeTimeoutMs: number;
  /** Compact when the entries after the snapshot have so many bytes, and at least half the snapshot's. */
  readonly compactBytes: number;
  /** Compact when so many entries follow the snapshot; so many for each 32 KiB where it is larger. */
  readonly compactEntries: number;
}

/** What a document's log needs from its surroundings. */
export interface LogContext {
  readonly storage: Storage;
  readonly snapshots: SnapshotCache;
  readonly compactor: Compactor;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly limits: LogLimits;
  /** What may wait for the store in all documents together. */
  readonly budget: Budget;
  /** When commits begin, for all documents together. */
  readonly commitPacer: CommitPacer;
}

/** What a document's log tells its room. */
export interface LogEvents {
  /** More has become durable: see `durable` and `seq`. */
  onDurable(): void;
  /** The store fails or hangs (an error), or is well again (undefined). What waits is tried again until it is taken. */
  onTrouble(trouble: ScriptoriumError | undefined): void;
  /** The name of who made the newest edit, as far as it is known. */
  writer(): string | undefined;
  /** A compaction failed; the log stays as it was, and it is tried again later. */
  onCompactionError(error: ScriptoriumError): void;
  /** The stored document is no longer the one that was opened, or can't be read: nothing more can be written. */
  onLost(error: ScriptoriumError): void;
}

/** A document that is full takes deletions until it is larger by this part of its bound. */
const SPARE_FOR_DELETIONS = 0.1;

/**
 * A snapshot that is larger than this by some factor is compacted after more entries by the same factor: what an edit
 * costs hardly depends on the document. With 500 entries for each, they take as long to read as the snapshot.
 */
const LARGE_SNAPSHOT_BYTES = 32 * 1024;

/** Updates that follow one another: what comes of the snapshot, where there is one, and what came after it. */
export interface Updates {
  readonly base: Uint8Array | undefined;
  /** The seq that `later` follows. */
  readonly after: number;
  readonly later: readonly Uint8Array[];
}

/** What a log keeps of its snapshot; its bytes are in the cache that all logs share, or only in the store. */
interface SnapshotHead extends SnapshotRef {
  readonly stateVector: Uint8Array;
  readonly byteLength: number;
}

/**
 * An open document's log: what is stored of it, and what waits to be.
 *
 *     snapshot (up to its seq) | tail (durable entries after it) | waiting (on its way to the store)
 *
 * `add` gives every edit an index; edits become durable in the order of their indexes.
 */
export class DocumentLog {
  readonly document: string;
  readonly epoch: string;
  /** Up to where the document was stored when it was opened: what its peers know beyond that, they know from here. */
  readonly openedSeq: number;
  readonly #context: LogContext;
  /** What is known without reading the snapshot: all but what it deletes, and what waits in it for something missing. */
  #coverage = new Coverage();
  readonly #queue: AppendQueue;
  readonly #budget: Budget;
  readonly #compaction: CompactionSchedule;
  #events: LogEvents | undefined;
  #stored: boolean;
  /** What it is called when it is made. */
  #title: string | undefined;
  #creating: Promise<DocumentInfo> | undefined;
  #snapshot: SnapshotHead | undefined;
  #tail: Entry[];
  #tailBytes = 0;
  #added = 0;
  #schema: number;

  private constructor(document: string, context: LogContext, stored: StoredDocument | undefined) {
    this.document = document;
    this.#context = context;
    this.#stored = stored !== undefined;
    this.epoch = stored?.epoch ?? randomUUID();
    this.#schema = stored?.schema ?? 0;
    this.#tail = stored?.entries ?? [];
    this.#tailBytes = bytesOf(this.#tail);
    this.#budget = new Budget(context.limits.maxPendingBytes, context.budget);
    this.#queue = new AppendQueue({
      clock: context.clock,
      budget: this.#budget,
      pacer: context.commitPacer,
      storeTimeoutMs: context.limits.storeTimeoutMs,
      append: (entries) => this.#append(entries),
      onTrouble: (trouble) => this.#events?.onTrouble(trouble),
      onLost: (error) => this.#events?.onLost(error),
    });
    this.#compaction = new CompactionSchedule(
      context.clock,
      () => this.#compact(),
      (error) => {
        context.metrics.compactionFailed();
        this.#events?.onCompactionError(error);
      },
    );
    if (stored?.snapshot) this.#keepSnapshot(stored.snapshot);
    this.openedSeq = this.seq;
    this.#cover();
  }

  /**
   * Reads what is stored of the document. One that is not stored yet is made with its first edit.
   * @throws ScriptoriumError STORE_UNAVAILABLE, DOCUMENT_UNREADABLE
   */
  static async open(document: string, context: LogContext): Promise<DocumentLog> {
    const stored = await readStoredDocument(document, context.storage);
    try {
      return new DocumentLog(document, context, stored);
    } catch (cause) {
      throw new ScriptoriumError('DOCUMENT_UNREADABLE', 'What is stored of the document does not decode.', { cause });
    }
  }

  listen(events: LogEvents): void {
    this.#events = events;
  }

  /** All entries up to this seq are durable. */
  get seq(): number {
    return this.#tail.at(-1)?.seq ?? this.#snapshot?.seq ?? 0;
  }

  /** The highest version of a schema that wrote in it; 0 while nothing that has one did. */
  get schema(): number {
    return this.#schema;
  }

  /** The index of the last edit that was added. */
  get added(): number {
    return this.#added;
  }

  /** The index up to which all edits are durable. */
  get durable(): number {
    return this.#added - this.#queue.waiting.length;
  }

  /** Whether all that was added is durable. */
  get isDurable(): boolean {
    return this.#queue.waiting.length === 0;
  }

  /** Why nothing becomes durable at present. */
  get trouble(): ScriptoriumError | undefined {
    return this.#queue.trouble;
  }

  /** How large the document is: what is stored, and what waits to be. */
  get bytes(): number {
    return (this.#snapshot?.byteLength ?? 0) + this.#tailBytes + this.#budget.used;
  }

  /** Whether there is room again for so many bytes that were refused. If not, a compaction may make some. */
  makeRoom(bytes: number): boolean {
    const fits = this.bytes + bytes <= this.#context.limits.maxDocumentBytes && !this.#coverage.full;
    if (!fits && this.#tail.length > 0) this.#compaction.request();
    return fits && this.#budget.fill < 0.5;
  }

  /** Whether everything in the update is known to have been added before. What the snapshot deletes is not looked at. */
  knows(content: UpdateContent): boolean {
    return this.#coverage.covers(content);
  }

  /**
   * Passes on whether everything in the update has been added before: at once, or when the snapshot has been read.
   * @throws ScriptoriumError as {@link withUpdatesFor}
   */
  whetherKnown(content: UpdateContent, use: (known: boolean) => void): void | Promise<void> {
    const rest = this.#coverage.unknown(content);
    if (rest.inserted.length === 0 && rest.deleted.length === 0) return use(true);
    return this.#withSnapshot(
      (snapshot, snapshots) => snapshots.coverage(snapshot),
      (coverage) => use(coverage?.covers(this.#coverage.unknown(content)) ?? false),
    );
  }

  /**
   * Takes an edit, with the version of the schema that it was made with where it has one. It becomes durable later,
   * which `onDurable` tells.
   * @throws ScriptoriumError STORE_UNAVAILABLE when too much waits for the store already, DOCUMENT_TOO_LARGE,
   *   DOCUMENT_DELETED
   */
  add(update: Uint8Array, content: UpdateContent, schema = 0): void {
    this.#checkSize(update, content);
    // With the entry, so that the version is as durable as what was written with it.
    this.#queue.add({ at: this.#context.clock.now(), update, schema });
    this.#schema = Math.max(this.#schema, schema);
    this.#coverage.add(content);
    this.#added++;
    this.#context.metrics.edit();
  }

  /** Whether the document is stored, or somebody wrote in it, or it is just being made. */
  get isBegun(): boolean {
    return this.#stored || this.#creating !== undefined || this.#added > 0;
  }

  /**
   * What a document that is not begun yet starts with. It becomes durable as any edit does, with the title in the same
   * commit.
   * @throws ScriptoriumError as {@link add}
   */
  begin(title: string | undefined, update: Uint8Array, content: UpdateContent, schema: number | undefined): void {
    if (!this.#coverage.covers(content)) this.add(update, content, schema);
    this.#title = title;
  }

  encodeStateVector(): Uint8Array {
    return this.#coverage.encodeStateVector();
  }

  /** The updates after a seq; undefined when some of them are only in the snapshot now. */
  updatesAfter(seq: number): Updates | undefined {
    const start = this.#snapshot?.seq ?? 0;
    if (seq < start || seq > this.seq) return undefined;
    const later = [...this.#tail.slice(seq - start), ...this.#queue.waiting].map(({ update }) => update);
    return { base: undefined, after: seq, later };
  }

  /**
   * Passes on updates that bring a client with this state vector up to date; they may repeat what it has. At once, or
   * when the snapshot has been read: they are complete in the moment in which they are passed on, and no longer.
   * @throws ScriptoriumError MALFORMED_MESSAGE when it is no state vector; the promise rejects with
   * DOCUMENT_UNREADABLE, DOCUMENT_DELETED, which `onLost` tells as well, or STORE_UNAVAILABLE
   */
  withUpdatesFor(stateVector: Uint8Array, use: (updates: Updates) => void): void | Promise<void> {
    const known = decodeStateVector(stateVector);
    return this.#withSnapshot(
      (snapshot, snapshots) =>
        known.size === 0 ? snapshots.whole(snapshot) : snapshots.difference(snapshot, stateVector),
      (base) => {
        const later = [...this.#tail, ...this.#queue.waiting].map(({ update }) => update);
        use({ base, after: this.#snapshot?.seq ?? 0, later });
      },
    );
  }

  /** Makes sure that the document is stored, with what waits, also while nothing has been written in it. */
  async ensureStored(): Promise<DocumentInfo> {
    this.#creating ??= this.#create().finally(() => {
      this.#creating = undefined;
    });
    return this.#creating;
  }

  /** Resolves when all that was added is durable. */
  flush(): Promise<void> {
    return this.#queue.idle();
  }

  /** Nobody is left: resolves when all is durable, and compacted if that can be done. */
  async settle(): Promise<void> {
    await this.flush();
    if (this.#tail.length > 0) await this.#compaction.finish();
  }

  /** The log is used no more. */
  close(): void {
    this.#compaction.stop();
  }

  async #append(entries: readonly NewEntry[]): Promise<void> {
    const { storage, metrics } = this.#context;
    const before = this.seq;
    const begunAt = performance.now();
    const made = this.#stored ? 0 : (await this.ensureStored()).seq;
    // One that is made is made with what waits then, the first of these: no crash leaves it without.
    const rest = entries.slice(made);
    const seq = rest.length > 0 ? await storage.append(this.document, this.epoch, rest) : made;
    metrics.appended(entries.length, performance.now() - begunAt);
    let stored = entries.map(({ at, update }, i): Entry => ({ seq: before + 1 + i, at, update }));
    if (seq < before + entries.length) {
      throw new ScriptoriumError('DOCUMENT_UNREADABLE', 'The store has lost entries that it had taken.');
    }
    if (seq > before + entries.length) {
      // An append that was said to have failed had stored something after all.
      stored = await storage.read(this.document, this.epoch, before);
      checkContiguous(stored, before);
    }
    this.#queue.shift(entries.length);
    this.#tail.push(...stored);
    this.#tailBytes += bytesOf(stored);
    this.#events?.onDurable();
    if (this.#needsCompaction()) this.#compaction.request();
  }

  async #create(): Promise<DocumentInfo> {
    const { storage, clock } = this.#context;
    // What was stored once is never made again: it may have been deleted meanwhile.
    const info = this.#stored
      ? await storage.info(this.document)
      : await storage.create(this.document, this.#whatIsNew(clock.now()));
    if (info?.epoch !== this.epoch) {
      throw new ScriptoriumError('DOCUMENT_DELETED', 'The document was deleted.');
    }
    this.#stored = true;
    return info;
  }

  #whatIsNew(at: number): NewDocument {
    const entries = this.#queue.waiting.slice();
    return { epoch: this.epoch, at, entries, ...(this.#title !== undefined && { title: this.#title }) };
  }

  #checkSize(update: Uint8Array, { inserted }: UpdateContent): void {
    const { maxDocumentBytes } = this.#context.limits;
    const max = inserted.length > 0 ? maxDocumentBytes : maxDocumentBytes * (1 + SPARE_FOR_DELETIONS);
    if (this.bytes + update.length > max) {
      throw new ScriptoriumError(
        'DOCUMENT_TOO_LARGE',
        `A document has at most ${maxDocumentBytes} bytes (maxDocumentBytes).`,
      );
    }
    if (this.#coverage.full) {
      throw new ScriptoriumError('DOCUMENT_TOO_LARGE', 'The document is made of too many pieces.');
    }
  }

  #needsCompaction(): boolean {
    const { compactBytes, compactEntries } = this.#context.limits;
    const snapshotBytes = this.#snapshot?.byteLength ?? 0;
    return (
      this.#tailBytes >= Math.max(compactBytes, snapshotBytes / 2) ||
      this.#tail.length >= compactEntries * Math.max(1, snapshotBytes / LARGE_SNAPSHOT_BYTES)
    );
  }

  async #compact(): Promise<void> {
    const { storage, snapshots, compactor, metrics } = this.#context;
    const begunAt = performance.now();
    const seq = this.#tail.at(-1)?.seq;
    if (seq === undefined) return;
    const updates = this.#tail.map(({ update }) => update);
    // Whoever wrote later is with the next snapshot: this one is not the newest then.
    const writer = this.#events?.writer();
    const before = this.#snapshot;
    const compacted = await compactor.compact(before && (await snapshots.stored(before)), updates);
    const snapshot: Snapshot = { seq, ...compacted };
    const replaced = await storage.replaceSnapshot(this.document, this.epoch, before?.seq ?? 0, snapshot, writer);
    // One that was said to have failed may have been stored after all: then that is the snapshot now.
    const current = replaced ? snapshot : await storage.snapshot(this.document, this.epoch);
    if (current === undefined) return;
    this.#keepSnapshot(current);
    this.#tail = this.#tail.filter((entry) => entry.seq > current.seq);
    this.#tailBytes = bytesOf(this.#tail);
    this.#cover();
    metrics.compacted(performance.now() - begunAt);
  }

  #keepSnapshot({ seq, stateVector, update }: Snapshot): void {
    const { document, epoch } = this;
    // A copy: what comes from the store is a view into all that was read with it.
    this.#snapshot = { document, epoch, seq, stateVector: stateVector.slice(), byteLength: update.length };
    this.#context.snapshots.keep(this.#snapshot, update);
  }

  /** Notes what is in the log by now, and forgets what the snapshot stands for. */
  #cover(): void {
    this.#coverage = new Coverage();
    if (this.#snapshot) this.#coverage.addStateVector(this.#snapshot.stateVector);
    for (const { update } of [...this.#tail, ...this.#queue.waiting]) {
      this.#coverage.add(decodeUpdateContent(update));
    }
  }

  /** Does something with what the cache says of the snapshot, which is still the snapshot then; undefined without one. */
  #withSnapshot<T>(
    read: (snapshot: SnapshotRef, snapshots: SnapshotCache) => T | Promise<T>,
    use: (read: T | undefined) => void,
  ): void | Promise<void> {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return use(undefined);
    const found = read(snapshot, this.#context.snapshots);
    if (!(found instanceof Promise)) return use(found);
    return found.then(
      (value) => (this.#snapshot === snapshot ? use(value) : this.#withSnapshot(read, use)),
      (thrown: unknown) => {
        const error = asScriptoriumError(thrown);
        if (error.code !== 'STORE_UNAVAILABLE') this.#events?.onLost(error);
        throw error;
      },
    );
  }
}

function bytesOf(entries: readonly NewEntry[]): number {
  return entries.reduce((sum, { update }) => sum + update.length, 0);
}
