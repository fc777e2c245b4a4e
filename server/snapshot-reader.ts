import type { UpdateContent } from '../protocol/index.ts';
import * as views from './snapshot-views.ts';
import { workerPool } from './worker-pool.ts';

/** Makes of a snapshot what those who join need of it. Rejects with what Yjs throws when it does not decode. */
export interface SnapshotReader {
  /** The V2 update as a V1 update. */
  whole(snapshot: Uint8Array): Promise<Uint8Array>;
  /** What somebody with this state vector lacks of a V1 update. */
  difference(input: views.DifferenceInput): Promise<Uint8Array>;
  /** Which operations a V1 update carries. */
  content(update: Uint8Array): Promise<UpdateContent>;
  close(): Promise<void>;
}

/** To read so many bytes takes a millisecond or two: more is left to another thread. */
const SMALL_BYTES = 16 * 1024;

/** Reads small snapshots at once, and large ones in a thread, where the relay does not wait for it. */
export function workerSnapshotReader(): SnapshotReader {
  const pool = workerPool({ name: 'whole' });
  return {
    whole: async (snapshot) => (snapshot.length <= SMALL_BYTES ? views.whole(snapshot) : pool.run(snapshot)),
    difference: async (input) =>
      input.update.length <= SMALL_BYTES ? views.difference(input) : pool.run(input, { name: 'difference' }),
    content: async (update) =>
      update.length <= SMALL_BYTES ? views.content(update) : pool.run(update, { name: 'content' }),
    close: () => pool.close(),
  };
}
