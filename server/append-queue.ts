import type { NewEntry } from '../persistence/index.ts';
import { asScriptoriumError, ScriptoriumError } from '../protocol/index.ts';
import type { Budget } from './budget.ts';
import type { Clock } from './clock.ts';
import type { CommitPacer } from './commit-pacer.ts';

/** What a queue needs from its surroundings. */
export interface AppendQueueContext {
  readonly clock: Clock;
  readonly budget: Budget;
  readonly pacer: CommitPacer;
  /** A store that has not answered for so long is in trouble, in milliseconds; it is waited for all the same. */
  readonly storeTimeoutMs: number;
  /** Makes the entries durable. */
  append(entries: readonly NewEntry[]): Promise<void>;
  /** The store fails or hangs (an error), or is well again (undefined). Told when it changes. */
  onTrouble(trouble: ScriptoriumError | undefined): void;
  /** Nothing more can be written. */
  onLost(error: ScriptoriumError): void;
}

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;

/**
 * What waits for the store: appended in order, one append under way at a time, tried again until it succeeds. To append
 * twice what a failed append has stored after all does no harm: updates are idempotent.
 */
export class AppendQueue {
  readonly #context: AppendQueueContext;
  readonly #waiting: NewEntry[] = [];
  #trouble: ScriptoriumError | undefined;
  #running: Promise<void> | undefined;
  #lost: ScriptoriumError | undefined;
  /** When the append under way should have ended; undefined while there is none. */
  #dueAt: number | undefined;
  #isWatched = false;

  constructor(context: AppendQueueContext) {
    this.#context = context;
  }

  get waiting(): readonly NewEntry[] {
    return this.#waiting;
  }

  /** Why nothing becomes durable at present. */
  get trouble(): ScriptoriumError | undefined {
    return this.#trouble;
  }

  /**
   * @throws ScriptoriumError STORE_UNAVAILABLE when too much waits already, or why nothing can be written any more
   */
  add(entry: NewEntry): void {
    if (this.#lost) throw this.#lost;
    if (!this.#context.budget.take(entry.update.length)) {
      throw new ScriptoriumError('STORE_UNAVAILABLE', 'Too much waits for the store; nothing more is taken for now.');
    }
    this.#waiting.push(entry);
    this.#context.pacer.arrived();
    this.#running ??= this.#run();
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, storeTimeoutMs } = this.#context;
    let delayMs = RETRY_MIN_MS;
    while (this.#waiting.length > 0) {
      await this.#context.pacer.turn();
      this.#dueAt = clock.now() + storeTimeoutMs;
      if (!this.#isWatched) this.#watch(storeTimeoutMs);
      try {
        const entries = this.#waiting.slice();
        await this.#context.append(entries);
        this.#context.budget.give(bytesOf(entries));
        this.#dueAt = undefined;
        this.#report(undefined);
        delayMs = RETRY_MIN_MS;
      } catch (thrown) {
        this.#dueAt = undefined;
        const error = asScriptoriumError(thrown);
        if (error.code === 'DOCUMENT_DELETED' || error.code === 'DOCUMENT_UNREADABLE') {
          this.#lost = error;
          this.#context.budget.give(bytesOf(this.#waiting.splice(0)));
          this.#context.onLost(error);
          break;
        }
        this.#report(error);
        await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
        delayMs = Math.min(delayMs * 2, RETRY_MAX_MS);
      }
    }
    this.#running = undefined;
  }

  /** Says when an append takes too long. One timer for many appends: to set and clear one for each costs more. */
  #watch(delayMs: number): void {
    const { clock, storeTimeoutMs } = this.#context;
    this.#isWatched = true;
    clock.after(delayMs, () => {
      this.#isWatched = false;
      if (this.#dueAt === undefined) return;
      const leftMs = this.#dueAt - clock.now();
      if (leftMs > 0) return this.#watch(leftMs);
      const message = `The store has not answered for ${storeTimeoutMs / 1000} s.`;
      this.#report(new ScriptoriumError('STORE_UNAVAILABLE', message));
    });
  }

  /** Called by whoever stored the entries, in the same turn in which they count as stored. */
  shift(count: number): void {
    this.#waiting.splice(0, count);
  }

  #report(trouble: ScriptoriumError | undefined): void {
    const changed = (trouble === undefined) !== (this.#trouble === undefined);
    this.#trouble = trouble;
    if (changed) this.#context.onTrouble(trouble);
  }
}

function bytesOf(entries: readonly NewEntry[]): number {
  return entries.reduce((sum, { update }) => sum + update.length, 0);
}
