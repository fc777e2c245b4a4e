/** Bytes that may be taken up to a bound, from one purse or from one inside of another. */
export class Budget {
  readonly #max: number;
  readonly #outer: Budget | undefined;
  #used = 0;

  constructor(maxBytes: number, outer?: Budget) {
    this.#max = maxBytes;
    this.#outer = outer;
  }

  get used(): number {
    return this.#used;
  }

  /** How much of it is taken, from 0 to 1; that of the outer one where that is more. */
  get fill(): number {
    return Math.max(this.#used / this.#max, this.#outer?.fill ?? 0);
  }

  /** Takes so many bytes, or nothing when they are not there. Where nothing is taken yet, there is room for anything. */
  take(bytes: number): boolean {
    if ((this.#used > 0 && this.#used + bytes > this.#max) || this.#outer?.take(bytes) === false) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
    this.#outer?.give(bytes);
  }
}
