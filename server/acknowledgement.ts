/** So many sync statuses of a peer may wait; of more, the oldest are not answered: a newer one says as much. */
const MAX_UNANSWERED = 1_000;

/**
 * What a peer sent, and what it asked to be told: its sync statuses are answered once all that it sent before is durable.
 *
 * An edit may be refused for want of room. Then no further update of the peer is taken, since it would only wait for
 * what was refused, and no status is answered, until the peer was asked for everything and sent it.
 */
export class Acknowledgement {
  /** The index in the log of the last edit that it sent, or sent again. */
  #lastSent = 0;
  #refused: 'no' | 'refused' | 'asked' = 'no';
  #unanswered: { readonly payload: Uint8Array; readonly index: number }[] = [];

  /** Whether something was refused and not sent again since. */
  get refused(): boolean {
    return this.#refused !== 'no';
  }

  /** Whether it still has to be asked for what was refused. */
  get toBeAsked(): boolean {
    return this.#refused === 'refused';
  }

  /** Whether a status waits for its answer. */
  get waiting(): boolean {
    return this.#unanswered.length > 0;
  }

  /** All that it sent is in the log now, up to this index. */
  taken(index: number): void {
    this.#lastSent = index;
    if (this.#refused === 'no') return;
    this.#refused = 'no';
    this.#unanswered = this.#unanswered.map(({ payload }) => ({ payload, index }));
  }

  /** Something of it was refused. True when nothing was before. */
  refuse(): boolean {
    const isFirst = this.#refused === 'no';
    this.#refused = 'refused';
    return isFirst;
  }

  /** It has been asked for everything. */
  asked(): void {
    this.#refused = 'asked';
  }

  /** It asks to be told when all that it sent is durable. */
  ask(payload: Uint8Array): void {
    this.#unanswered.push({ payload, index: this.refused ? Number.POSITIVE_INFINITY : this.#lastSent });
    if (this.#unanswered.length > MAX_UNANSWERED) this.#unanswered.shift();
  }

  /** The statuses that can be answered when all edits up to this index are durable. They are answered then. */
  answerable(durable: number): Uint8Array[] {
    const later = this.#unanswered.findIndex(({ index }) => index > durable);
    const answered = this.#unanswered.splice(0, later === -1 ? this.#unanswered.length : later);
    return answered.map(({ payload }) => payload);
  }
}
