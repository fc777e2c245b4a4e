import type { Clock } from './clock.ts';
import { ramp, TrafficRate } from './traffic-rate.ts';

/** The longest that an edit waits for others to be made durable with, in milliseconds. */
const MAX_WAIT_MS = 20;
/** Waiting begins to pay when so many edits are expected while waiting, and pays fully at the second number. */
const WORTH_FROM = 1.5;
const WORTH_FULLY = 4;

/** When so many edits wait, to wait for more saves nothing worth waiting for. */
const ENOUGH = 32;

/**
 * Says when the next commit begins, for all rooms: to make something durable costs the processor much the same whether
 * it is one edit or a hundred. Where few edits come, each is committed at the end of the turn in which it came; the more
 * there are, the longer the next commit waits for them. Only acknowledgements wait; the relay does not.
 */
export class CommitPacer {
  readonly #clock: Clock;
  readonly #rate = new TrafficRate();
  /** Edits that have come since the last commit began. */
  #waiting = 0;
  #next: Promise<void> | undefined;
  /** Ends the wait for the next commit; set while there is one. */
  #hurry: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An edit has come that is to be made durable. */
  arrived(): void {
    this.#rate.arrived(1);
    this.#waiting++;
    if (this.#waiting >= ENOUGH) this.#hurry?.();
  }

  /** Resolves when the next commit begins, for all who wait at once. */
  turn(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      this.#wait(() => {
        this.#next = undefined;
        this.#waiting = 0;
        this.#rate.measure(this.#clock.now());
        resolve();
      });
    });
    return this.#next;
  }

  #wait(begin: () => void): void {
    const { perMs, measuredAt } = this.#rate;
    const waitMs = MAX_WAIT_MS * ramp(perMs * MAX_WAIT_MS, WORTH_FROM, WORTH_FULLY);
    const delayMs = measuredAt + waitMs - this.#clock.now();
    if (delayMs < 1 || this.#waiting >= ENOUGH) return this.#clock.defer(begin);
    const cancel = this.#clock.after(delayMs, () => {
      this.#hurry = undefined;
      begin();
    });
    this.#hurry = () => {
      this.#hurry = undefined;
      cancel();
      this.#clock.defer(begin);
    };
  }
}
