import { ScriptoriumError } from '../protocol/index.ts';
import type { CompactionOutput } from './compaction.ts';
import { packUpdates } from './packed-updates.ts';
import type { PackedInput } from './worker.ts';
import { workerPool } from './worker-pool.ts';

/** Bounds of one compaction. */
export interface CompactorLimits {
  /** Longer than this and it is given up, in milliseconds. */
  readonly compactionTimeoutMs: number;
  /** The heap of the worker thread, in MiB. */
  readonly compactionMemoryMb: number;
}

/** Turns a document's snapshot and entries into one new snapshot. */
export interface Compactor {
  /** @throws ScriptoriumError INTERNAL when the updates can't be applied, or time or memory ran out */
  compact(snapshot: Uint8Array | undefined, updates: readonly Uint8Array[]): Promise<CompactionOutput>;
  close(): Promise<void>;
}

/** Longer than a document rests between two compactions: a new thread would compile everything anew for each of them. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * Compacts in one worker thread, one document at a time, so that the relay never waits for it. What is to be compacted is
 * put together for the thread when it is its turn: where many documents come at once, not all of them in one go.
 */
export function workerCompactor({ compactionTimeoutMs, compactionMemoryMb }: CompactorLimits): Compactor {
  // The relay goes first, also where both share a core.
  const pool = workerPool({
    name: 'compact',
    niceIncrement: 19,
    maxMemoryMb: compactionMemoryMb,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
  });
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  const compactNow = async (
    snapshot: Uint8Array | undefined,
    updates: readonly Uint8Array[],
  ): Promise<CompactionOutput> => {
    try {
      if (isClosed) throw new Error('the server is closing');
      const input: PackedInput = { snapshot, updates: packUpdates(updates) };
      return await pool.run(input, { signal: AbortSignal.timeout(compactionTimeoutMs) });
    } catch (cause) {
      throw new ScriptoriumError('INTERNAL', 'The compaction failed.', { cause });
    }
  };
  return {
    compact(snapshot, updates) {
      const compacted = last.then(() => compactNow(snapshot, updates));
      last = compacted.catch(() => {});
      return compacted;
    },
    close() {
      isClosed = true;
      return pool.close();
    },
  };
}
