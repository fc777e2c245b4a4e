/** So many values are in one piece. To copy all of them into a larger one would hold up what is measured. */
const PIECE = 1 << 16;

/** Many measured values, of which percentiles are wanted. */
export class Samples {
  readonly #pieces: Float64Array[] = [];
  #sorted: Float64Array | undefined;
  count = 0;

  add(value: number): void {
    const at = this.count % PIECE;
    if (at === 0) this.#pieces.push(new Float64Array(PIECE));
    (this.#pieces.at(-1) as Float64Array)[at] = value;
    this.count++;
    this.#sorted = undefined;
  }

  /** NaN when there is none. */
  percentile(p: number): number {
    this.#sorted ??= this.#sort();
    return this.#sorted[Math.min(this.count - 1, Math.floor(this.count * p))] ?? Number.NaN;
  }

  #sort(): Float64Array {
    const values = new Float64Array(this.#pieces.length * PIECE);
    for (const [i, piece] of this.#pieces.entries()) values.set(piece, i * PIECE);
    return values.subarray(0, this.count).sort();
  }
}
