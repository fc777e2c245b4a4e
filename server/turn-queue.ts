import { performance } from 'node:perf_hooks';

/** What one turn of the event loop spends on what waits, in milliseconds. */
const TURN_MS = 4;

/** Does what comes in bursts a few milliseconds a turn, so that what else there is to do goes on meanwhile. */
export class TurnQueue {
  #waiting: (() => void)[] = [];
  #scheduled = false;

  /** How much waits. */
  get size(): number {
    return this.#waiting.length;
  }

  push(run: () => void): void {
    this.#waiting.push(run);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    const end = performance.now() + TURN_MS;
    let done = 0;
    while (done < this.#waiting.length && performance.now() < end) this.#waiting[done++]?.();
    this.#waiting = this.#waiting.slice(done);
    this.#scheduled = this.#waiting.length > 0;
    if (this.#scheduled) setImmediate(() => this.#run());
  }
}
