import { Backoff } from './backoff.ts';
import { reactionTo } from './close-code.ts';
import type { Closed } from './events.ts';
import { Retry } from './retry.ts';

const MIN_BACKOFF_MS = 200;
/** A server that restarts is back soon; its clients come back spread over so many milliseconds. */
const RESTART_SPREAD_MS = 500;

/** Whether to be connected, and when to try again after a connection was closed. */
export class Reconnection {
  readonly #backoff: Backoff;
  readonly #retry = new Retry();
  #wanted = false;
  #triedNewToken = false;
  /** When the server said to come back, in milliseconds from then. */
  #retryAfterMs = 0;
  #closedBy: Closed | undefined;

  constructor(maxBackoffMs: number) {
    this.#backoff = new Backoff(MIN_BACKOFF_MS, maxBackoffMs);
  }

  /** Whether to be connected. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** Why it is not tried again; undefined while it is. */
  get closedBy(): Closed | undefined {
    return this.#closedBy;
  }

  /** When it is tried again, milliseconds since 1970; undefined when nothing is planned. */
  get at(): number | undefined {
    return this.#retry.at;
  }

  want(): void {
    this.#wanted = true;
    this.#closedBy = undefined;
  }

  stop(): void {
    this.#wanted = false;
    this.#retry.cancel();
  }

  /** An attempt begins. */
  attempted(): void {
    this.#retry.cancel();
    this.#retryAfterMs = 0;
  }

  /** The document has arrived. */
  succeeded(): void {
    this.#backoff.reset();
    this.#triedNewToken = false;
  }

  /** The server says when it makes sense to come back. */
  notBefore(retryAfterMs: number): void {
    this.#retryAfterMs = retryAfterMs;
  }

  /** A connection was closed: plans the next attempt, or stops; then there is `closedBy`. */
  closed(closed: Closed, attempt: () => void): void {
    if (!this.#wanted) return;
    const reaction = reactionTo(closed.code);
    if (reaction === 'stop' || (reaction === 'new-token' && this.#triedNewToken)) {
      this.#wanted = false;
      this.#closedBy = closed;
      return;
    }
    if (reaction === 'new-token') this.#triedNewToken = true;
    const soon = reaction === 'reconnect-soon';
    this.#retry.schedule(soon ? Math.random() * RESTART_SPREAD_MS : this.#retryAfterMs + this.#backoff.next(), attempt);
  }
}
