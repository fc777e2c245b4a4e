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

/** Compacts in one worker thread, one document at a time, so that the relay never waits for it. */
export function workerCompactor({ compactionTimeoutMs, compactionMemoryMb }: CompactorLimits): Compactor {
  // The relay goes first, also where both share a core.
  const pool = workerPool({
    name: 'compact',
    niceIncrement: 19,
    maxMemoryMb: compactionMemoryMb,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
  });
  return {
    async compact(snapshot, updates) {
      const signal = AbortSignal.timeout(compactionTimeoutMs);
      try {
        const input: PackedInput = { snapshot, updates: packUpdates(updates) };
        return await pool.run(input, { signal });
      } catch (cause) {
        throw new ScriptoriumError('INTERNAL', 'The compaction failed.', { cause });
      }
    },
    close: () => pool.close(),
  };
}
