import { asScriptoriumError, type ScriptoriumError } from '../protocol/index.ts';
import type { Clock } from './clock.ts';

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 300_000;

/** Runs a document's compactions: one at a time, and after a failure only when some time has passed. */
export class CompactionSchedule {
  readonly #clock: Clock;
  readonly #compact: () => Promise<void>;
  readonly #onError: (error: ScriptoriumError) => void;
  #running: Promise<void> | undefined;
  #retryDelayMs = RETRY_MIN_MS;
  #cancelRetry: (() => void) | undefined;
  #stopped = false;

  constructor(clock: Clock, compact: () => Promise<void>, onError: (error: ScriptoriumError) => void) {
    this.#clock = clock;
    this.#compact = compact;
    this.#onError = onError;
  }

  /** A compaction is due. It begins now, unless one runs or one failed a moment ago. */
  request(): void {
    if (this.#stopped || this.#running !== undefined || this.#cancelRetry !== undefined) return;
    this.#running = this.#run();
  }

  /** Resolves when none runs; one that waits to be tried again is not waited for. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Nothing is compacted any more; what runs ends by itself. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  async #run(): Promise<void> {
    try {
      await this.#compact();
      this.#retryDelayMs = RETRY_MIN_MS;
    } catch (thrown) {
      const error = asScriptoriumError(thrown);
      if (error.code === 'DOCUMENT_DELETED') this.stop(); // nothing is left to compact
      if (this.#stopped) return;
      this.#onError(error);
      this.#cancelRetry = this.#clock.after(this.#retryDelayMs, () => {
        this.#cancelRetry = undefined;
        this.request();
      });
      this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, RETRY_MAX_MS);
    } finally {
      this.#running = undefined;
    }
  }
}
