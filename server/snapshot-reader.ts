import type { UpdateContent } from '../protocol/index.ts';
import * as views from './snapshot-views.ts';
import { TurnQueue } from './turn-queue.ts';
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

/**
 * Reads small snapshots in this thread, a few milliseconds a turn of the event loop, and large ones in a thread of their
 * own: many may join at once, and the relay does not wait for it.
 */
export function workerSnapshotReader(): SnapshotReader {
  const pool = workerPool({ name: 'whole' });
  const turns = new TurnQueue();
  const isSmall = ({ length }: Uint8Array): boolean => length <= SMALL_BYTES;
  return {
    whole: (snapshot) => (isSmall(snapshot) ? turns.result(() => views.whole(snapshot)) : pool.run(snapshot)),
    difference: (input) =>
      isSmall(input.update) ? turns.result(() => views.difference(input)) : pool.run(input, { name: 'difference' }),
    content: (update) =>
      isSmall(update) ? turns.result(() => views.content(update)) : pool.run(update, { name: 'content' }),
    close: () => pool.close(),
  };
}
