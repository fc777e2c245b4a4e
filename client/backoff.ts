/** Waiting times between attempts, in milliseconds: doubling up to a bound, with jitter, so that many do not come back at once. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor(minMs: number, maxMs: number, random: () => number = Math.random) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** The next waiting time: between half and all of the current step. */
  next(): number {
    const stepMs = Math.min(this.#minMs * 2 ** this.#attempt, this.#maxMs);
    this.#attempt++;
    return (stepMs * (1 + this.#random())) / 2;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
