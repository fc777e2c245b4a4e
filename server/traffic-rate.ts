/** The time over which traffic is averaged, in milliseconds. */
const AVERAGE_OVER_MS = 300;

/** How much comes, averaged over the last third of a second or so. */
export class TrafficRate {
  #perMs = 0;
  #arrived = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;

  /** What came in a millisecond, when it was last measured. */
  get perMs(): number {
    return this.#perMs;
  }

  /** When it was last measured. */
  get measuredAt(): number {
    return this.#measuredAt;
  }

  arrived(count: number): void {
    this.#arrived += count;
  }

  measure(now: number): void {
    const elapsed = Math.max(1, now - this.#measuredAt);
    const weight = 1 - Math.exp(-elapsed / AVERAGE_OVER_MS);
    this.#perMs += weight * (this.#arrived / elapsed - this.#perMs);
    this.#arrived = 0;
    this.#measuredAt = now;
  }
}

/** From 0 at `from` to 1 at `to`. */
export function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
