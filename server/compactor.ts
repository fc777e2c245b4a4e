import { Piscina } from 'piscina';
import { ScriptoriumError } from '../protocol/index.ts';
import type { CompactionInput, CompactionOutput } from './compaction.ts';

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

const IDLE_TIMEOUT_MS = 10_000;

/** Compacts in one worker thread, one document at a time, so that the relay never waits for it. */
export function workerCompactor(limits: CompactorLimits): Compactor {
  // Beside this file: .ts where the sources run through a loader (tests, `npm run dev`), .js in the package.
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const pool = new Piscina<CompactionInput, CompactionOutput>({
    filename: new URL(`./compaction-worker${extension}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_TIMEOUT_MS,
    // The relay goes first, also where both share a core.
    niceIncrement: 19,
    resourceLimits: { maxOldGenerationSizeMb: limits.compactionMemoryMb },
    ...(extension === '.ts' && { execArgv: ['--import', 'tsx'] }),
  });
  // Every run answers for its own errors; without a listener one of an idle thread would end the process.
  pool.on('error', () => {});
  return {
    async compact(snapshot, updates) {
      try {
        return await pool.run({ snapshot, updates }, { signal: AbortSignal.timeout(limits.compactionTimeoutMs) });
      } catch (cause) {
        throw new ScriptoriumError('INTERNAL', 'The compaction failed.', { cause });
      }
    },
    close: () => pool.destroy(),
  };
}
