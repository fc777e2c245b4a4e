import type { Clock } from './clock.ts';
import { type CoreLoad, FlushPacer } from './flush-pacer.ts';

/** What a schedule needs from its surroundings. */
export interface FlushContext {
  readonly clock: Clock;
  readonly coreLoad: CoreLoad;
}

/**
 * When a room's messages go out: those that peers wait for at the end of the turn in which they came, or a little later
 * with more of them; those that may ride with others, with them, and after a while by themselves.
 */
export class FlushSchedule {
  readonly #clock: Clock;
  readonly #pacer: FlushPacer;
  readonly #flush: () => void;
  #due = false;
  /** When what waits for other traffic goes out without it. */
  #latestAt = Number.POSITIVE_INFINITY;
  #longestMs = 0;
  /** When the timer looks for that; it is not set anew for each flush. */
  #looksAt = Number.POSITIVE_INFINITY;
  #cancelLook: (() => void) | undefined;

  constructor({ clock, coreLoad }: FlushContext, flush: () => void) {
    this.#clock = clock;
    this.#pacer = new FlushPacer(coreLoad);
    this.#flush = flush;
  }

  /** So many messages came for so many peers. */
  soon(messages: number, peers: number): void {
    this.#pacer.arrived(messages);
    if (this.#due) return;
    this.#due = true;
    const delayMs = this.#pacer.delayMs(this.#clock.now(), peers);
    if (delayMs < 1) this.#clock.defer(() => this.#run());
    else this.#clock.after(delayMs, () => this.#run());
  }

  /** What waits for other traffic waits no longer than this. */
  within(delayMs: number): void {
    const at = this.#clock.now() + delayMs;
    if (at >= this.#latestAt) return;
    this.#latestAt = at;
    this.#longestMs = delayMs;
    if (at < this.#looksAt) this.#lookAt(at);
  }

  /** Whether it pays to let something wait so long for other traffic. */
  expectsTraffic(withinMs: number): boolean {
    return this.#pacer.expects(1, withinMs);
  }

  /** Nothing waits for other traffic any more. */
  stopWaiting(): void {
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    this.#looksAt = Number.POSITIVE_INFINITY;
    this.#latestAt = Number.POSITIVE_INFINITY;
  }

  #lookAt(at: number): void {
    this.#cancelLook?.();
    this.#looksAt = at;
    this.#cancelLook = this.#clock.after(at - this.#clock.now(), () => {
      this.#cancelLook = undefined;
      this.#looksAt = Number.POSITIVE_INFINITY;
      if (this.#latestAt === Number.POSITIVE_INFINITY) return;
      const leftMs = this.#latestAt - this.#clock.now();
      // A clock that was set back holds nothing up.
      if (leftMs <= 0 || leftMs > this.#longestMs) this.#run();
      else this.#lookAt(this.#latestAt);
    });
  }

  #run(): void {
    this.#due = false;
    this.#latestAt = Number.POSITIVE_INFINITY;
    this.#flush();
    this.#pacer.flushed(this.#clock.now());
  }
}
