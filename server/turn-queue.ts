import { performance } from 'node:perf_hooks';

/** What one turn of the event loop spends on what waits, in milliseconds. */
const TURN_MS = 4;

/** Does what comes in bursts a few milliseconds a turn, so that what else there is to do goes on meanwhile. */
export class TurnQueue {
  readonly #now: () => number;
  #waiting: (() => void)[] = [];
  #scheduled = false;

  /** `now` answers the time in milliseconds. */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** How much waits. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Does this when it is its turn. It may not throw. */
  push(run: () => void): void {
    this.#waiting.push(run);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  /** Does this when it is its turn, and answers with what came of it. */
  result<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #run(): void {
    const end = this.#now() + TURN_MS;
    let done = 0;
    while (done < this.#waiting.length && this.#now() < end) this.#waiting[done++]?.();
    this.#waiting = this.#waiting.slice(done);
    this.#scheduled = this.#waiting.length > 0;
    if (this.#scheduled) setImmediate(() => this.#run());
  }
}
