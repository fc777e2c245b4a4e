import * as Y from 'yjs';
import {
  type ChangeId,
  evictLocalCopies,
  type KeptChange,
  type LocalRecord,
  newTabName,
  openLocalDatabase,
  rowsOf,
} from './local-database.ts';
import { Retry } from './retry.ts';

/** Why this device keeps nothing at present. */
export type DeviceTrouble = 'forbidden' | 'full' | 'failed';

/** What the device had of a document when it was opened. */
export interface StoredCopy {
  /** Undefined when this device has never had the document's content. */
  readonly record: LocalRecord | undefined;
  /** Yjs V1 updates that have been on the server. */
  readonly updates: readonly Uint8Array[];
  readonly changes: readonly KeptChange[];
}

/** What a copy needs of the document that it is of. */
export interface LocalCopyContext {
  /** The whole document as one Yjs V1 update. */
  snapshot(): Uint8Array;
  /** Whether the server gets what is written as it is written. */
  isConnected(): boolean;
  /** What is kept, or why nothing is, has changed. */
  onChange(): void;
}

/** Where the copy stands in the log of the server; see {@link LocalRecord}. */
export type Place = Pick<LocalRecord, 'epoch' | 'seq' | 'stored' | 'access'>;

/** What the server has anyway may wait so long, to be written together. */
const LAZY_MS = 1_000;
/** With more rows than this they become one. */
const MAX_ROWS = 100;
/** Updates up to this size are merged into one row, in bytes; so are at most {@link MERGE_AT_MOST}. */
const MERGE_BELOW_BYTES = 16 * 1024;
const MERGE_AT_MOST = 500;
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/**
 * The copy of a document on this device.
 *
 *     change       ──▶ unsaved      at once, and before anything else is done with it
 *     acknowledged ──▶ updates  ┐
 *     received     ──▶ updates  ├─  a second later, in one transaction
 *     place        ──▶ documents┘
 *
 * So a place in the log is never stored without all that comes before it, and what is in neither store is on the
 * server. Several tabs may write the copy of one document: rows are only added, and a tab removes only rows whose
 * content it has and writes in their place.
 */
export class LocalCopy {
  readonly #address: string;
  readonly #context: LocalCopyContext;
  /** Changes on their way to the disk. */
  #changes: KeptChange[] = [];
  #acknowledged: KeptChange[] = [];
  #received: Uint8Array[] = [];
  #place: Place | undefined;
  #placeIsNew = false;
  /** The rows in `updates` whose content this tab has. */
  #rows: ChangeId[] = [];
  readonly #tab = newTabName();
  #lastRow = 0;
  /** Whether there was a copy when this tab looked last. It may be deleted or evicted by another one. */
  #isThere = false;
  #writing = 0;
  #changesDue = false;
  #writingRest = false;
  #trouble: DeviceTrouble | undefined;
  readonly #lazy = new Retry();
  readonly #retry = new Retry();
  #retryMs = MIN_RETRY_MS;
  #closed = false;

  constructor(address: string, context: LocalCopyContext) {
    this.#address = address;
    this.#context = context;
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
  }

  /** Whether every change is on this device. */
  get kept(): boolean {
    return this.#trouble === undefined && this.#changes.length === 0 && this.#writing === 0;
  }

  /** Why this device keeps nothing at present. */
  get trouble(): DeviceTrouble | undefined {
    return this.#trouble;
  }

  /** Reads what is there. Where nothing can be read there is nothing, and `trouble` says why. */
  async load(): Promise<StoredCopy> {
    try {
      const database = await openLocalDatabase();
      const transaction = database.transaction(['documents', 'updates', 'unsaved']);
      const range = rowsOf(this.#address);
      const [record, rows, updates, ids, changes] = await Promise.all([
        transaction.objectStore('documents').get(this.#address),
        transaction.objectStore('updates').getAllKeys(range),
        transaction.objectStore('updates').getAll(range),
        transaction.objectStore('unsaved').getAllKeys(range),
        transaction.objectStore('unsaved').getAll(range),
      ]);
      this.#isThere = record !== undefined;
      this.#place = record;
      this.#rows = rows.map(([, ...id]) => id);
      return {
        record,
        // Without a record they are what is left of a copy, and nobody knows of which.
        updates: record ? updates : [],
        changes: changes.flatMap((update, i) => {
          const [, ...id] = ids[i] ?? [];
          return id.length === 3 ? [{ id, update }] : [];
        }),
      };
    } catch (error) {
      this.#fail(error);
      return { record: undefined, updates: [], changes: [] };
    }
  }

  /** Keeps a change that the server has not acknowledged; at the end of this turn, with all others of it. */
  keep(change: KeptChange): void {
    this.#changes.push(change);
    if (this.#changesDue || this.#closed) return;
    this.#changesDue = true;
    queueMicrotask(() => {
      this.#changesDue = false;
      void this.#writeChanges();
    });
  }

  /** The server has these changes now. */
  acknowledged(changes: readonly KeptChange[]): void {
    this.#acknowledged.push(...changes);
    this.#writeLater();
  }

  /** This came from elsewhere and is in the document now. */
  received(update: Uint8Array): void {
    this.#received.push(update);
    this.#writeLater();
  }

  /** All that was received and acknowledged so far brings the copy here. */
  reached(place: Place): void {
    // What makes the copy one, and its document one that can be deleted, is not put off.
    const isUrgent = !this.#isThere || place.stored !== this.#place?.stored;
    this.#place = place;
    this.#placeIsNew = true;
    if (isUrgent) void this.#writeRest();
    else this.#writeLater();
  }

  /** Writes what waits and lets go. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    this.#retry.cancel();
    this.#flush();
  }

  #flush(): void {
    void this.#writeChanges();
    void this.#writeRest();
  }

  readonly #onPageHide = (): void => {
    void this.#writeChanges();
    void this.#leave();
  };

  async #writeChanges(): Promise<void> {
    const changes = this.#changes.splice(0);
    if (changes.length === 0) return;
    this.#writing++;
    try {
      const database = await openLocalDatabase();
      // Both survive the end of the browser, `strict` that of the machine too: the server sees to that in a moment.
      const durability = this.#context.isConnected() ? 'relaxed' : 'strict';
      const transaction = database.transaction('unsaved', 'readwrite', { durability });
      for (const { id, update } of changes) void transaction.store.put(update, [this.#address, ...id]).catch(() => {});
      // At once, not when the page has time: it may be about to end.
      transaction.commit();
      await transaction.done;
      this.#writing--;
      this.#succeed();
    } catch (error) {
      this.#writing--;
      this.#changes.unshift(...changes);
      this.#fail(error);
    }
  }

  #writeLater(): void {
    if (this.#lazy.at === undefined && !this.#closed) this.#lazy.schedule(LAZY_MS, () => void this.#writeRest());
  }

  /** One at a time: a place must not be stored when the transaction before it, with what it stands upon, failed. */
  async #writeRest(): Promise<void> {
    this.#lazy.cancel();
    const place = this.#place;
    const nothing = this.#acknowledged.length === 0 && this.#received.length === 0 && !this.#placeIsNew;
    // Before the server's content has come there is nothing that this would be a copy of.
    if (this.#writingRest || nothing || place === undefined) return;
    const acknowledged = this.#acknowledged.splice(0);
    const received = this.#received.splice(0);
    this.#placeIsNew = false;
    this.#writingRest = true;
    try {
      await this.#append(acknowledged, received, place);
      this.#succeed();
    } catch (error) {
      this.#acknowledged.unshift(...acknowledged);
      this.#received.unshift(...received);
      this.#placeIsNew = true;
      this.#fail(error);
      return;
    } finally {
      this.#writingRest = false;
    }
    if (this.#acknowledged.length > 0 || this.#received.length > 0 || this.#placeIsNew) this.#writeLater();
  }

  async #append(acknowledged: readonly KeptChange[], received: readonly Uint8Array[], place: Place): Promise<void> {
    const database = await openLocalDatabase();
    const transaction = database.transaction(['documents', 'updates', 'unsaved'], 'readwrite');
    const documents = transaction.objectStore('documents');
    const updates = transaction.objectStore('updates');
    try {
      const record = await documents.get(this.#address);
      // Where there is no copy, or not any more, one begins: with everything.
      const replaced = record === undefined || this.#rows.length >= MAX_ROWS ? this.#rows : undefined;
      const rows = this.#rowsOf(replaced ? [this.#context.snapshot()] : merged(acknowledged, received));
      await Promise.all([
        ...rows.map(({ id, update }) => updates.put(update, [this.#address, ...id])),
        ...(replaced ?? []).map((id) => updates.delete([this.#address, ...id])),
        ...acknowledged.map(({ id }) => transaction.objectStore('unsaved').delete([this.#address, ...id])),
        documents.put({ ...furthest(place, record), usedAt: Date.now() }, this.#address),
        transaction.done,
      ]);
      this.#isThere = true;
      this.#rows = [...(replaced ? [] : this.#rows), ...rows.map(({ id }) => id)];
    } catch (error) {
      abort(transaction);
      throw error;
    }
  }

  /** The page may be about to end. There is no time to read the record first, so the copy's place stays where it was. */
  async #leave(): Promise<void> {
    if (!this.#isThere || (this.#acknowledged.length === 0 && this.#received.length === 0)) return;
    const acknowledged = this.#acknowledged.splice(0);
    const received = this.#received.splice(0);
    try {
      const database = await openLocalDatabase();
      const transaction = database.transaction(['updates', 'unsaved'], 'readwrite');
      const rows = this.#rowsOf(merged(acknowledged, received));
      const writes = [
        ...rows.map(({ id, update }) => transaction.objectStore('updates').put(update, [this.#address, ...id])),
        ...acknowledged.map(({ id }) => transaction.objectStore('unsaved').delete([this.#address, ...id])),
      ];
      transaction.commit();
      await Promise.all([...writes, transaction.done]);
      this.#rows.push(...rows.map(({ id }) => id));
    } catch {
      this.#acknowledged.unshift(...acknowledged);
      this.#received.unshift(...received);
    }
  }

  #rowsOf(updates: readonly Uint8Array[]): KeptChange[] {
    return updates.map((update) => ({ id: [Date.now(), this.#tab, ++this.#lastRow], update }));
  }

  #succeed(): void {
    this.#trouble = undefined;
    this.#retryMs = MIN_RETRY_MS;
    this.#context.onChange();
  }

  #fail(error: unknown): void {
    this.#trouble = troubleOf(error);
    this.#context.onChange();
    if (this.#closed) return;
    this.#retry.schedule(this.#retryMs, () => void this.#tryAgain());
    this.#retryMs = Math.min(2 * this.#retryMs, MAX_RETRY_MS);
  }

  async #tryAgain(): Promise<void> {
    if (this.#trouble === 'full') await evictLocalCopies(this.#address).catch(() => false);
    this.#flush();
  }
}

/** The place of the copy after a tab wrote: another tab may be further in the same log. */
function furthest(place: Place, record: LocalRecord | undefined): Place {
  if (record === undefined || record.epoch !== place.epoch) return place;
  const seq = Math.max(place.seq ?? -1, record.seq ?? -1);
  return { ...place, seq: seq < 0 ? undefined : seq, stored: place.stored || record.stored };
}

/** All of these in few pieces; large ones stay as they are. */
function merged(acknowledged: readonly KeptChange[], received: readonly Uint8Array[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let group: Uint8Array[] = [];
  const endGroup = (): void => {
    const [first, ...rest] = group;
    if (first !== undefined) pieces.push(rest.length === 0 ? first : Y.mergeUpdates(group));
    group = [];
  };
  for (const update of [...acknowledged.map(({ update }) => update), ...received]) {
    if (update.length >= MERGE_BELOW_BYTES) {
      endGroup();
      pieces.push(update);
      continue;
    }
    if (group.length >= MERGE_AT_MOST) endGroup();
    group.push(update);
  }
  endGroup();
  return pieces;
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

function troubleOf(error: unknown): DeviceTrouble {
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') return 'full';
  // `ReferenceError`: there is no IndexedDB at all.
  return name === 'SecurityError' || name === 'InvalidStateError' || name === 'ReferenceError' ? 'forbidden' : 'failed';
}
