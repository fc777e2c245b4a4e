import { LRUCache } from 'lru-cache';
import type { Storage } from '../persistence/index.ts';
import { asScriptoriumError, Coverage, ScriptoriumError } from '../protocol/index.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** Which snapshot: it never changes, a newer one takes its place. */
export interface SnapshotRef {
  readonly document: string;
  readonly epoch: string;
  readonly seq: number;
}

/** What the cache needs from its surroundings. */
export interface SnapshotCacheContext {
  readonly storage: Storage;
  readonly reader: SnapshotReader;
  /** So many bytes of snapshots, and of what was made of them, stay in memory. */
  readonly maxBytes: number;
}

type Awaitable<T> = T | Promise<T>;

/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 200;
/** What a run of operations takes in a `Coverage`. */
const RUN_BYTES = 24;

/**
 * The snapshots of all rooms, and what those who join need of them. What was used last stays in memory up to a bound;
 * the rest is read and made again, once for all who ask meanwhile. Every answer is there at once when it is in memory.
 *
 * Where the store holds a newer snapshot of the document by now, the answer is of that one: it has all that the older
 * one has. Everything rejects with a ScriptoriumError: DOCUMENT_UNREADABLE when the snapshot does not decode,
 * DOCUMENT_DELETED, STORE_UNAVAILABLE.
 */
export class SnapshotCache {
  readonly #context: SnapshotCacheContext;
  readonly #views: LRUCache<string, Uint8Array | Coverage>;
  readonly #making = new Map<string, Promise<Uint8Array | Coverage>>();
  #hits = 0;
  #misses = 0;

  constructor(context: SnapshotCacheContext) {
    this.#context = context;
    this.#views = new LRUCache({ maxSize: Math.max(1, context.maxBytes) });
  }

  /** The bytes in memory, and how often what was asked for was there or not. */
  get usage(): { readonly bytes: number; readonly hits: number; readonly misses: number } {
    return { bytes: this.#views.calculatedSize, hits: this.#hits, misses: this.#misses };
  }

  /** Keeps a snapshot, as a V2 update, that was just written or read. */
  keep(ref: SnapshotRef, stored: Uint8Array): void {
    this.#views.set(keyOf(ref, 'stored'), stored, { size: ENTRY_BYTES + stored.length });
  }

  /** The snapshot as it is stored, a V2 update. */
  stored(ref: SnapshotRef): Awaitable<Uint8Array> {
    return this.#view(keyOf(ref, 'stored'), sizeOf, async () => {
      const { storage } = this.#context;
      const snapshot = await storage.snapshot(ref.document, ref.epoch);
      if (snapshot !== undefined) return snapshot.update;
      const info = await storage.info(ref.document);
      if (info?.epoch !== ref.epoch) throw new ScriptoriumError('DOCUMENT_DELETED', 'The document was deleted.');
      throw new ScriptoriumError('DOCUMENT_UNREADABLE', 'The snapshot of the document is missing.');
    });
  }

  /** The snapshot as clients read it, a V1 update. */
  whole(ref: SnapshotRef): Awaitable<Uint8Array> {
    return this.#view(keyOf(ref, 'whole'), sentSizeOf, async () =>
      readable(this.#context.reader.whole(await this.stored(ref))),
    );
  }

  /** What somebody with this state vector lacks of the snapshot, a V1 update. */
  difference(ref: SnapshotRef, stateVector: Uint8Array): Awaitable<Uint8Array> {
    const key = keyOf(ref, Buffer.from(stateVector).toString('base64'));
    return this.#view(key, sentSizeOf, async () =>
      readable(this.#context.reader.difference({ update: await this.whole(ref), stateVector })),
    );
  }

  /** Which operations the snapshot stands for, to the last deletion. */
  coverage(ref: SnapshotRef): Awaitable<Coverage> {
    return this.#view(
      keyOf(ref, 'coverage'),
      (coverage) => coverage.runCount * RUN_BYTES,
      async () => {
        const coverage = new Coverage();
        coverage.add(await readable(this.#context.reader.content(await this.whole(ref))));
        return coverage;
      },
    );
  }

  #view<T extends Uint8Array | Coverage>(
    key: string,
    sizeOf: (view: T) => number,
    make: () => Promise<T>,
  ): Awaitable<T> {
    // A key is only ever used for one kind of view.
    const found = this.#views.get(key) as T | undefined;
    if (found !== undefined) {
      this.#hits++;
      return found;
    }
    let making = this.#making.get(key) as Promise<T> | undefined;
    if (making === undefined) {
      this.#misses++;
      making = make()
        .then((view) => {
          // The key too: it may hold a state vector that somebody made up.
          this.#views.set(key, view, { size: ENTRY_BYTES + key.length + sizeOf(view) });
          return view;
        })
        .finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return making;
  }
}

/** The epoch is random: it stands for the document. */
function keyOf({ epoch, seq }: SnapshotRef, view: string): string {
  return `${epoch} ${seq} ${view}`;
}

function sizeOf(bytes: Uint8Array): number {
  return bytes.length;
}

/** What is sent is kept twice: as it is, and as it goes out. */
function sentSizeOf(bytes: Uint8Array): number {
  return 2 * bytes.length;
}

async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const error = asScriptoriumError(cause);
    throw new ScriptoriumError('DOCUMENT_UNREADABLE', 'The snapshot of the document does not decode.', {
      cause: error.cause ?? error,
    });
  }
}
