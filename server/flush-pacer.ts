import { ramp, TrafficRate } from './traffic-rate.ts';

/** How busy this process's core is, from 0 to 1. */
export type CoreLoad = () => number;

/** The longest that a message waits for others to go out with, in milliseconds; and in a huge room. */
const MAX_WAIT_MS = 26;
const HUGE_ROOM_WAIT_MS = 29;
/** Waiting begins to pay when so many messages are expected while waiting, and pays fully at the second number. */
const WORTH_FROM = 1.1;
const WORTH_FULLY = 2.2;
/** From this many peers on a room is large: then a write saved is many writes saved. */
const LARGE_ROOM = 50;
const HUGE_ROOM = 200;
/** Between these loads of the core, small rooms come to wait as large ones do. */
const BUSY_FROM = 0.3;
const BUSY_FULLY = 0.7;
/** Above this load of the core it pays to save single writes. */
const NOT_IDLE = 0.1;

/**
 * Says how long a room's messages wait, so that more of them go out in one write to each peer. A quiet room never
 * waits, whatever its size: the first message after a pause goes out at the end of the turn in which it came. The more
 * messages there are, the larger the room and the busier the core, the longer the next ones wait.
 */
export class FlushPacer {
  readonly #coreLoad: CoreLoad;
  readonly #rate = new TrafficRate();

  constructor(coreLoad: CoreLoad) {
    this.#coreLoad = coreLoad;
  }

  /** So many messages have come for the room's peers. */
  arrived(messages: number): void {
    this.#rate.arrived(messages);
  }

  /** How long the flush that is due now should wait, in milliseconds; 0: until the end of the turn. */
  delayMs(now: number, peers: number): number {
    const longestMs = MAX_WAIT_MS + (HUGE_ROOM_WAIT_MS - MAX_WAIT_MS) * ramp(peers, LARGE_ROOM, HUGE_ROOM);
    const worth = ramp(this.#rate.perMs * longestMs, WORTH_FROM, WORTH_FULLY);
    if (worth === 0) return 0;
    const share = Math.max(Math.min(1, peers / LARGE_ROOM), ramp(this.#coreLoad(), BUSY_FROM, BUSY_FULLY));
    const maxMs = longestMs * worth * share;
    // A clock that is set back holds nothing up.
    return Math.min(maxMs, Math.max(0, this.#rate.measuredAt + maxMs - now));
  }

  /** Whether the core has better to do than an extra write, and so many messages are expected in this time. */
  expects(messages: number, withinMs: number): boolean {
    return this.#rate.perMs * withinMs >= messages && this.#coreLoad() > NOT_IDLE;
  }

  flushed(now: number): void {
    this.#rate.measure(now);
  }
}
