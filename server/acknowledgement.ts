/** So many sync statuses of a peer may wait; of more, the oldest are not answered: a newer one says as much. */
const MAX_UNANSWERED = 1_000;
/** The status of one edit of a peer that counts them: it is durable. */
const TAKEN = Uint8Array.of(1);
/** It was refused. */
const REFUSED = Uint8Array.of(0);
const NONE: readonly Uint8Array[] = [];

interface Unanswered {
  readonly payload: Uint8Array;
  readonly index: number;
  /** How often it is answered. */
  readonly times: number;
}

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
  #unanswered: Unanswered[] = [];

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
    this.#unanswered = this.#unanswered.map(({ payload, times }) => ({ payload, index, times }));
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
    this.#unanswered.push({ payload, index: this.refused ? Number.POSITIVE_INFINITY : this.#lastSent, times: 1 });
    if (this.#unanswered.length > MAX_UNANSWERED) this.#unanswered.shift();
  }

  /** It counts its edits: the last one is to be confirmed when it is durable, or was refused. */
  confirm(taken: boolean): void {
    const payload = taken ? TAKEN : REFUSED;
    const index = this.#lastSent;
    const last = this.#unanswered.at(-1);
    // Of many that wait, some are answered a little later than they could be: each is answered, and in order.
    const merges = last?.payload === payload && (last.index === index || this.#unanswered.length >= MAX_UNANSWERED);
    if (last && merges) this.#unanswered[this.#unanswered.length - 1] = { payload, index, times: last.times + 1 };
    else this.#unanswered.push({ payload, index, times: 1 });
  }

  /** It begins to count anew: what it sent before is part of what it is asked for now. */
  forget(): void {
    this.#unanswered = [];
  }

  /** The statuses that can be answered when all edits up to this index are durable. They are answered then. */
  answerable(durable: number): readonly Uint8Array[] {
    const later = this.#unanswered.findIndex(({ index }) => index > durable);
    if (later === 0 || !this.waiting) return NONE;
    const answered = this.#unanswered.splice(0, later === -1 ? this.#unanswered.length : later);
    const payloads: Uint8Array[] = [];
    for (const { payload, times } of answered) for (let i = 0; i < times; i++) payloads.push(payload);
    return payloads;
  }
}
