import { MAX_MARKERS } from './marker.ts';
import type { Samples } from './samples.ts';

/** Where the times of a measurement are collected, for all rooms together. */
export interface Times {
  /** From the send of an edit to each of its receivers. */
  readonly edits: Samples;
  /** The same of the moves that came; a move that a newer one overtook does not come. */
  readonly moves: Samples;
  /** From the send of an edit to the word that it is durable. */
  readonly durable: Samples;
}

/** Remembers what was sent in a room, and sees what comes: each edit has to come to each of the others, once. */
export class Tally {
  readonly #peers: number;
  readonly #times: Times;
  readonly #edits: Sent;
  readonly #moves = new Sent(0);
  /** One bit for each edit and peer. */
  #seen = new Uint8Array(0);
  #trackedFrom = Number.POSITIVE_INFINITY;
  #measuredFrom = Number.POSITIVE_INFINITY;
  #movesMeasuredFrom = Number.POSITIVE_INFINITY;
  /** The last move of each peer by itself is one that nothing overtakes. */
  #lastMovesFrom = Number.POSITIVE_INFINITY;

  /** Edits sent since `track`, to be told that they are durable, and how many of them are not yet. */
  unconfirmed = 0;
  /** Deliveries of edits that were sent since `track` and did not come yet. */
  missing = 0;
  /** Last moves that did not come yet. */
  missingMoves = 0;

  /** Edits are numbered from the first on: 0, or more where the room has a document with marked edits. */
  constructor(peers: number, times: Times, first = 0) {
    this.#peers = peers;
    this.#times = times;
    this.#edits = new Sent(first);
  }

  /** The number of the next edit. */
  get next(): number {
    return this.#edits.next;
  }

  /** From now on edits count, and no times are taken. What was sent before is forgotten. */
  track(): void {
    [this.missing, this.unconfirmed] = [0, 0];
    this.#seen.fill(0);
    this.#trackedFrom = this.#edits.next;
    this.#measuredFrom = Number.POSITIVE_INFINITY;
    this.#movesMeasuredFrom = Number.POSITIVE_INFINITY;
  }

  /** From now on times are taken of what is sent. */
  measure(): void {
    this.#measuredFrom = this.#edits.next;
    this.#movesMeasuredFrom = this.#moves.next;
  }

  /** From now on every move has to come. */
  lastMoves(): void {
    this.#lastMovesFrom = this.#moves.next;
    this.#movesMeasuredFrom = Number.POSITIVE_INFINITY;
  }

  /** A peer sends an edit now. Answers its number. */
  edit(author: number, confirms: boolean): number {
    const number = this.#edits.add(author);
    if (number >= this.#trackedFrom) {
      this.missing += this.#peers - 1;
      if (confirms) this.unconfirmed++;
    }
    return number;
  }

  /** A peer sends a move now. Answers its number. */
  move(author: number): number {
    const number = this.#moves.add(author);
    if (number >= this.#lastMovesFrom) this.missingMoves += this.#peers - 1;
    return number;
  }

  /** An edit came to a peer. To its author it comes as the word that it is durable, or as an echo, which does not count. */
  editCame(number: number, peer: number, at: number, confirms: boolean): void {
    if (number < this.#trackedFrom || number >= this.#edits.next) return;
    if (this.#edits.author(number) === peer) {
      if (!confirms) return;
      this.unconfirmed--;
      this.#take(this.#times.durable, number, at);
    } else if (this.#isFirst((number - this.#trackedFrom) * this.#peers + peer)) {
      this.missing--;
      this.#take(this.#times.edits, number, at);
    }
  }

  moveCame(number: number, peer: number, at: number): void {
    if (number >= this.#moves.next || this.#moves.author(number) === peer) return;
    if (number >= this.#lastMovesFrom) this.missingMoves--;
    else if (number >= this.#movesMeasuredFrom) this.#times.moves.add(at - this.#moves.sentAt(number));
  }

  #take(times: Samples, number: number, at: number): void {
    if (number >= this.#measuredFrom) times.add(at - this.#edits.sentAt(number));
  }

  #isFirst(bit: number): boolean {
    const byte = bit >> 3;
    if (byte >= this.#seen.length) {
      const seen = new Uint8Array(Math.max(1024, byte * 2));
      seen.set(this.#seen);
      this.#seen = seen;
    }
    const mask = 1 << (bit & 7);
    const known = this.#seen[byte] as number;
    this.#seen[byte] = known | mask;
    return (known & mask) === 0;
  }
}

/** Who sent what, and when. */
class Sent {
  readonly #first: number;
  readonly #authors: number[] = [];
  readonly #times: number[] = [];

  constructor(first: number) {
    this.#first = first;
  }

  get next(): number {
    return this.#first + this.#authors.length;
  }

  add(author: number): number {
    const number = this.next;
    if (number >= MAX_MARKERS) throw new RangeError('more was sent in a room than can be told apart');
    this.#times.push(performance.now());
    this.#authors.push(author);
    return number;
  }

  author(number: number): number {
    return this.#authors[number - this.#first] as number;
  }

  sentAt(number: number): number {
    return this.#times[number - this.#first] as number;
  }
}
