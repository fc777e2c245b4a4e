/** So many sync statuses of a peer may wait; of more, the oldest are not answered: a newer one says as much. */
const MAX_UNANSWERED = 1_000;

/**
 * What a peer sent, and what it asked to be told: its sync statuses are answered once all that it sent before is durable.
 *
 * An edit may be refused for want of room. Then no further insertion of the peer is taken, since it would only wait for
 * what was refused, and no status is answered, until the peer was asked for everything and sent it.
 */
export class Acknowledgement {
  /** The index in the log of the last edit that it sent, or sent again. */
  #lastSent = 0;
  #refused: 'no' | 'refused' | 'asked' = 'no';
  #refusedBytes = 0;
  #unanswered: { readonly payload: Uint8Array; readonly index: number }[] = [];

  /** Whether something was refused and not sent again since. */
  get refused(): boolean {
    return this.#refused !== 'no';
  }

  /** How large that is for which it still has to be asked, because it was refused; undefined when there is nothing. */
  get toBeAsked(): number | undefined {
    return this.#refused === 'refused' ? this.#refusedBytes : undefined;
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
  refuse(bytes: number): boolean {
    const isFirst = this.#refused === 'no';
    this.#refused = 'refused';
    this.#refusedBytes = bytes;
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
