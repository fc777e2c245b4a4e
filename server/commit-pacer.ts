import type { Clock } from './clock.ts';
import type { CoreLoad } from './flush-pacer.ts';
import { ramp, TrafficRate } from './traffic-rate.ts';

/** The longest that an edit waits for others to be made durable with, in milliseconds: on an idle core, and on a busy one. */
const MAX_WAIT_MS = 20;
const MAX_WAIT_BUSY_MS = 100;
/** Between these loads of the core the one becomes the other. */
const BUSY_FROM = 0.1;
const BUSY_FULLY = 0.3;
/** Waiting begins to pay when so many edits are expected while waiting, and pays fully at the second number. */
const WORTH_FROM = 1.5;
const WORTH_FULLY = 4;

/**
 * When nothing more has come for so long, nothing is waited for: who typed may wait for the answer. In milliseconds, on an
 * idle core, and on a busy one.
 */
const PAUSE_MS = 3;
const PAUSE_BUSY_MS = 10;
/** When so many edits wait, to wait for more saves nothing worth waiting for. */
const ENOUGH = 1024;

/**
 * Says when the next commit begins, for all rooms: to make something durable costs the processor much the same whether
 * it is one edit or a hundred. Where few edits come, each is committed at the end of the turn in which it came; the more
 * there are and the busier the core, the longer the next commit waits for them. Only acknowledgements wait; the relay does not.
 */
export class CommitPacer {
  readonly #clock: Clock;
  readonly #coreLoad: CoreLoad;
  readonly #rate = new TrafficRate();
  /** How many edits have come since the last commit began. */
  #arrived = 0;
  /** Ends the wait for the next commit; set while there is one. */
  #hurry: (() => void) | undefined;
  #next: Promise<void> | undefined;

  constructor(clock: Clock, coreLoad: CoreLoad) {
    this.#clock = clock;
    this.#coreLoad = coreLoad;
  }

  /** An edit has come that is to be made durable. */
  arrived(): void {
    this.#rate.arrived(1);
    this.#arrived++;
    if (this.#arrived >= ENOUGH) this.#hurry?.();
  }

  /** Resolves when the next commit begins, for all who wait at once. */
  turn(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      const { perMs, measuredAt } = this.#rate;
      const busy = ramp(this.#coreLoad(), BUSY_FROM, BUSY_FULLY);
      const maxWaitMs = MAX_WAIT_MS + (MAX_WAIT_BUSY_MS - MAX_WAIT_MS) * busy;
      const waitMs = maxWaitMs * ramp(perMs * MAX_WAIT_MS, WORTH_FROM, WORTH_FULLY);
      const pauseMs = PAUSE_MS + (PAUSE_BUSY_MS - PAUSE_MS) * busy;
      this.#waitUntil(measuredAt + waitMs, pauseMs, () => {
        this.#next = undefined;
        this.#arrived = 0;
        this.#rate.measure(this.#clock.now());
        resolve();
      });
    });
    return this.#next;
  }

  /** Begins then, or when a pause shows that nobody is about to add something. */
  #waitUntil(time: number, pauseMs: number, begin: () => void): void {
    const delayMs = time - this.#clock.now();
    if (delayMs < 1 || this.#arrived >= ENOUGH) return this.#clock.defer(begin);
    const arrived = this.#arrived;
    const cancel = this.#clock.after(Math.min(delayMs, pauseMs), () => {
      this.#hurry = undefined;
      if (this.#arrived === arrived) begin();
      else this.#waitUntil(time, pauseMs, begin);
    });
    this.#hurry = () => {
      this.#hurry = undefined;
      cancel();
      this.#clock.defer(begin);
    };
  }
}
