import { asScriptoriumError, type ScriptoriumError } from '../protocol/index.ts';
import type { Clock } from './clock.ts';

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 300_000;
/**
 * After a compaction comes a rest of so many times its length: a document takes a thirtieth of a core for its own at most.
 * What waits meanwhile is in memory, and has to be sent to those who join: so it does not rest longer than this.
 */
const REST_FACTOR = 30;
const REST_MAX_MS = 15_000;

/** Runs a document's compactions: one at a time, with a rest after each, and a longer one after a failure. */
export class CompactionSchedule {
  readonly #clock: Clock;
  readonly #compact: () => Promise<void>;
  readonly #onError: (error: ScriptoriumError) => void;
  #running: Promise<void> | undefined;
  #retryDelayMs = RETRY_MIN_MS;
  /** Set while it rests. */
  #cancelRest: (() => void) | undefined;
  /** Whether one came due while it rests. */
  #isDue = false;
  #stopped = false;

  constructor(clock: Clock, compact: () => Promise<void>, onError: (error: ScriptoriumError) => void) {
    this.#clock = clock;
    this.#compact = compact;
    this.#onError = onError;
  }

  /** A compaction is due: it begins when the rest after the last one is over. While one runs, ask again later. */
  request(): void {
    if (this.#stopped || this.#running !== undefined) return;
    if (this.#cancelRest === undefined) this.#running = this.#run();
    else this.#isDue = true;
  }

  /** A last compaction, without a rest before it; but not when the one before failed. Resolves when none runs. */
  async finish(): Promise<void> {
    await this.#running;
    if (this.#retryDelayMs === RETRY_MIN_MS) this.#endRest();
    this.request();
    await this.#running;
  }

  /** Nothing is compacted any more; what runs ends by itself. */
  stop(): void {
    this.#stopped = true;
    this.#endRest();
  }

  async #run(): Promise<void> {
    const begun = this.#clock.now();
    this.#isDue = false;
    try {
      await this.#compact();
      this.#retryDelayMs = RETRY_MIN_MS;
      this.#rest(Math.min((this.#clock.now() - begun) * REST_FACTOR, REST_MAX_MS));
    } catch (thrown) {
      const error = asScriptoriumError(thrown);
      if (error.code === 'DOCUMENT_DELETED') this.stop(); // nothing is left to compact
      if (this.#stopped) return;
      this.#onError(error);
      this.#rest(this.#retryDelayMs);
      this.#isDue = true;
      this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, RETRY_MAX_MS);
    } finally {
      this.#running = undefined;
    }
  }

  #rest(restMs: number): void {
    if (this.#stopped || restMs <= 0) return;
    this.#cancelRest = this.#clock.after(restMs, () => {
      this.#cancelRest = undefined;
      if (this.#isDue) this.request();
    });
  }

  #endRest(): void {
    this.#cancelRest?.();
    this.#cancelRest = undefined;
  }
}
