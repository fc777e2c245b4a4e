import { randomUUID } from 'node:crypto';
import * as Y from 'yjs';
import type { DocumentInfo, Entry, NewEntry, Snapshot, Storage } from '../persistence/index.ts';
import {
  asScriptoriumError,
  Coverage,
  decodeUpdateContent,
  decodeUpdateContentV2,
  ScriptoriumError,
  type UpdateContent,
} from '../protocol/index.ts';
import type { Clock } from './clock.ts';
import type { Compactor } from './compactor.ts';

/** What a document's log needs from its surroundings. */
export interface LogContext {
  readonly storage: Storage;
  readonly compactor: Compactor;
  readonly clock: Clock;
  readonly limits: LogLimits;
}

/** Bounds of a document's log; defaults in options.ts. */
export interface LogLimits {
  /** What may wait for the store, in bytes; past it edits are refused. */
  readonly maxPendingBytes: number;
  /** Compact when the entries after the snapshot have so many bytes, and at least half the snapshot's. */
  readonly compactBytes: number;
  /** Compact when so many entries follow the snapshot (more where the snapshot is large). */
  readonly compactEntries: number;
}

/** What a document's log tells its room. */
export interface LogEvents {
  /** More has become durable: see `durable` and `seq`. */
  onDurable(): void;
  /** The store did not take what waits; it is tried again. */
  onStoreError(error: ScriptoriumError): void;
  /** A compaction failed; the log stays as it was. */
  onCompactionError(error: ScriptoriumError): void;
  /** The document is no longer the one that was opened: nothing more can be written. */
  onLost(error: ScriptoriumError): void;
}

/** Where a snapshot is large, an entry must stand for so many of its bytes before it counts towards compaction. */
const SNAPSHOT_BYTES_PER_ENTRY = 1024;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;

/**
 * An open document's log: what is stored of it, and what waits to be.
 *
 *     snapshot (up to its seq) | tail (durable entries after it) | pending (on its way to the store)
 *
 * `add` gives every edit an index; edits become durable in the order of their indexes.
 */
export class DocumentLog {
  readonly document: string;
  readonly epoch: string;
  readonly #context: LogContext;
  readonly #coverage: Coverage;
  #events: LogEvents | undefined;
  #stored: boolean;
  #seq: number;
  #snapshot: Snapshot | undefined;
  /** The snapshot as clients read it, V1: made when first needed. */
  #snapshotV1: Uint8Array | undefined;
  #tail: Entry[];
  #tailBytes: number;
  readonly #pending: NewEntry[] = [];
  #pendingBytes = 0;
  #added = 0;
  #pumping: Promise<void> | undefined;
  #creating: Promise<DocumentInfo> | undefined;
  #compacting: Promise<void> | undefined;
  #lost = false;

  private constructor(document: string, context: LogContext, stored: LoadedDocument | undefined) {
    this.document = document;
    this.#context = context;
    this.#stored = stored !== undefined;
    this.epoch = stored?.epoch ?? randomUUID();
    this.#snapshot = stored?.snapshot;
    this.#tail = stored?.entries ?? [];
    this.#tailBytes = this.#tail.reduce((sum, { update }) => sum + update.length, 0);
    this.#seq = this.#tail.at(-1)?.seq ?? this.#snapshot?.seq ?? 0;
    this.#coverage = new Coverage();
    if (this.#snapshot) this.#coverage.add(decodeUpdateContentV2(this.#snapshot.update));
    for (const { update } of this.#tail) this.#coverage.add(decodeUpdateContent(update));
  }

  /**
   * Reads what is stored of the document. One that is not stored yet is made with its first edit.
   * @throws ScriptoriumError STORE_UNAVAILABLE, DOCUMENT_UNREADABLE
   */
  static async open(document: string, context: LogContext): Promise<DocumentLog> {
    const log = new DocumentLog(document, context, await load(document, context.storage));
    log.openedSeq = log.#seq;
    return log;
  }

  /** Up to where the document was stored when it was opened: what its peers know beyond that, they know from here. */
  openedSeq = 0;

  /** All entries up to this seq are durable. */
  get seq(): number {
    return this.#seq;
  }

  /** The index of the last edit that was added. */
  get added(): number {
    return this.#added;
  }

  /** The index up to which all edits are durable. */
  get durable(): number {
    return this.#added - this.#pending.length;
  }

  listen(events: LogEvents): void {
    this.#events = events;
  }

  /** Whether everything in the update has been added before. */
  knows(content: UpdateContent): boolean {
    return this.#coverage.covers(content);
  }

  /**
   * Takes an edit. It becomes durable later, which `onDurable` tells.
   * @throws ScriptoriumError STORE_UNAVAILABLE when too much waits for the store already, DOCUMENT_DELETED
   */
  add(update: Uint8Array, content: UpdateContent): void {
    if (this.#lost) throw new ScriptoriumError('DOCUMENT_DELETED', 'The document was deleted.');
    if (this.#pendingBytes + update.length > this.#context.limits.maxPendingBytes) {
      throw new ScriptoriumError('STORE_UNAVAILABLE', 'The store is not keeping up; nothing more is taken for now.');
    }
    this.#coverage.add(content);
    this.#pending.push({ at: this.#context.clock.now(), update });
    this.#pendingBytes += update.length;
    this.#added++;
    this.#pumping ??= this.#pump();
  }

  encodeStateVector(): Uint8Array {
    return this.#coverage.encodeStateVector();
  }

  /** The updates after a seq; undefined when some of them are only in the snapshot now. */
  updatesAfter(seq: number): Uint8Array[] | undefined {
    const start = this.#snapshot?.seq ?? 0;
    if (seq < start || seq > this.#seq) return undefined;
    return [...this.#tail.slice(seq - start), ...this.#pending].map(({ update }) => update);
  }

  /**
   * Updates that bring a client with this state vector up to date; they may repeat what it has.
   * @throws ScriptoriumError MALFORMED_MESSAGE when it is no state vector
   */
  updatesFor(stateVector: Uint8Array): Uint8Array[] {
    const later = [...this.#tail, ...this.#pending].map(({ update }) => update);
    const known = decodeStateVector(stateVector);
    if (this.#snapshot === undefined) return later;
    this.#snapshotV1 ??= Y.convertUpdateFormatV2ToV1(this.#snapshot.update);
    return [known.size === 0 ? this.#snapshotV1 : Y.diffUpdate(this.#snapshotV1, stateVector), ...later];
  }

  /** Makes sure that the document is stored, also while nothing has been written in it. */
  async ensureStored(): Promise<DocumentInfo> {
    this.#creating ??= this.#create().finally(() => {
      this.#creating = undefined;
    });
    return this.#creating;
  }

  /** Resolves when all that was added is durable and no compaction runs. Compacts what is left. */
  async settle(): Promise<void> {
    await this.#pumping;
    if (this.#tail.length > 0) this.#compact();
    await this.#compacting;
  }

  /** Resolves when all that was added is durable. */
  async flush(): Promise<void> {
    await this.#pumping;
  }

  async #pump(): Promise<void> {
    const { storage, clock } = this.#context;
    let delayMs = RETRY_MIN_MS;
    while (this.#pending.length > 0 && !this.#lost) {
      const entries = this.#pending.slice();
      try {
        if (!this.#stored) await this.ensureStored();
        const seq = await storage.append(this.document, this.epoch, entries);
        this.#settleEntries(entries, seq);
        delayMs = RETRY_MIN_MS;
      } catch (thrown) {
        const error = asScriptoriumError(thrown);
        if (error.code === 'DOCUMENT_DELETED') {
          this.#lose(error);
          break;
        }
        this.#events?.onStoreError(error);
        await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
        delayMs = Math.min(delayMs * 2, RETRY_MAX_MS);
      }
    }
    this.#pumping = undefined;
  }

  async #create(): Promise<DocumentInfo> {
    const { storage, clock } = this.#context;
    const info = await storage.create(this.document, { epoch: this.epoch, at: clock.now() });
    if (info.epoch !== this.epoch)
      throw new ScriptoriumError('DOCUMENT_DELETED', 'Another document has this name now.');
    this.#stored = true;
    return info;
  }

  #settleEntries(entries: readonly NewEntry[], seq: number): void {
    this.#pending.splice(0, entries.length);
    entries.forEach((entry, i) => {
      this.#tail.push({ ...entry, seq: seq - entries.length + 1 + i });
      this.#tailBytes += entry.update.length;
      this.#pendingBytes -= entry.update.length;
    });
    this.#seq = seq;
    this.#events?.onDurable();
    if (this.#needsCompaction()) this.#compact();
  }

  #needsCompaction(): boolean {
    const { compactBytes, compactEntries } = this.#context.limits;
    const snapshotBytes = this.#snapshot?.update.length ?? 0;
    return (
      this.#tailBytes >= Math.max(compactBytes, snapshotBytes / 2) ||
      this.#tail.length >= Math.max(compactEntries, snapshotBytes / SNAPSHOT_BYTES_PER_ENTRY)
    );
  }

  #compact(): void {
    this.#compacting ??= this.#runCompaction()
      .catch((error: unknown) => this.#events?.onCompactionError(asScriptoriumError(error)))
      .finally(() => {
        this.#compacting = undefined;
      });
  }

  async #runCompaction(): Promise<void> {
    const { storage, compactor } = this.#context;
    const seq = this.#tail.at(-1)?.seq;
    if (seq === undefined) return;
    const expectedSeq = this.#snapshot?.seq ?? 0;
    const compacted = await compactor.compact(
      this.#snapshot?.update,
      this.#tail.map(({ update }) => update),
    );
    const snapshot: Snapshot = { seq, ...compacted };
    if (!(await storage.replaceSnapshot(this.document, this.epoch, expectedSeq, snapshot))) return;
    this.#snapshot = snapshot;
    this.#snapshotV1 = undefined;
    this.#tail = this.#tail.filter((entry) => entry.seq > seq);
    this.#tailBytes = this.#tail.reduce((sum, { update }) => sum + update.length, 0);
  }

  #lose(error: ScriptoriumError): void {
    this.#lost = true;
    this.#events?.onLost(error);
  }
}

interface LoadedDocument {
  readonly epoch: string;
  readonly snapshot: Snapshot | undefined;
  readonly entries: Entry[];
}

async function load(document: string, storage: Storage): Promise<LoadedDocument | undefined> {
  const info = await storage.info(document);
  if (info === undefined) return undefined;
  const snapshot = await storage.snapshot(document, info.epoch);
  const start = snapshot?.seq ?? 0;
  const entries = await storage.read(document, info.epoch, start);
  const missing = entries.findIndex(({ seq }, i) => seq !== start + 1 + i);
  const end = start + entries.length;
  if (missing !== -1 || end !== info.seq) {
    const seq = missing === -1 ? end + 1 : start + 1 + missing;
    throw new ScriptoriumError('DOCUMENT_UNREADABLE', `Entry ${seq} of the document is missing.`);
  }
  return { epoch: info.epoch, snapshot, entries };
}

function decodeStateVector(bytes: Uint8Array): Map<number, number> {
  try {
    return Y.decodeStateVector(bytes);
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_MESSAGE', 'The state vector cannot be read.', { cause });
  }
}
