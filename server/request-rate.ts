import { ScriptoriumError } from '../protocol/index.ts';
import { BURST_SECONDS, TokenBucket } from './token-bucket.ts';

/** How many requests of the HTTP API each address may make. */
export class RequestRate {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweptAt = 0;

  constructor(maxRequestsPerSecond: number) {
    this.#perSecond = maxRequestsPerSecond;
  }

  /** Counts a request. Answers why it is not taken; undefined when it is. */
  count(address: string, now = performance.now()): ScriptoriumError | undefined {
    this.#sweep(now);
    let bucket = this.#buckets.get(address);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#perSecond, now);
      this.#buckets.set(address, bucket);
    }
    const owedMs = bucket.take(1, now);
    if (owedMs === 0) return undefined;
    bucket.take(-1, now); // what is refused costs nothing
    const message = `An address may make ${this.#perSecond} requests a second (maxRequestsPerSecond).`;
    return new ScriptoriumError('TOO_MANY_REQUESTS', message, { retryAfterMs: owedMs });
  }

  /** Forgets who has not been here lately. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < BURST_SECONDS * 1000) return;
    this.#sweptAt = now;
    for (const [address, bucket] of this.#buckets) {
      if (bucket.isFull(now)) this.#buckets.delete(address);
    }
  }
}
