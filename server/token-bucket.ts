/** What was not used in so many seconds may be used at once. */
export const BURST_SECONDS = 10;

/**
 * So many a second, and as many at once as were not used in the last ten seconds. It may be overdrawn: a message is not
 * taken in parts. The time is passed in, in milliseconds from any moment on.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perMs = perSecond / 1000;
    this.#capacity = perSecond * BURST_SECONDS;
    this.#tokens = this.#capacity;
    this.#at = now;
  }

  /** Takes so many, whether they are there or not. Answers how many milliseconds it takes until none are owed. */
  take(count: number, now: number): number {
    this.#tokens = Math.min(this.#tokens + (now - this.#at) * this.#perMs, this.#capacity) - count;
    this.#at = now;
    return this.#tokens < 0 ? -this.#tokens / this.#perMs : 0;
  }

  /** Whether it is as if it had never been used. */
  isFull(now: number): boolean {
    return this.#tokens + (now - this.#at) * this.#perMs >= this.#capacity;
  }
}
