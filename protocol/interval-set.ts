/** A set of whole numbers kept as sorted, disjoint, non-touching half-open intervals. */
export class IntervalSet {
  #starts: number[] = [];
  #ends: number[] = [];

  /** The number of intervals. */
  get size(): number {
    return this.#starts.length;
  }

  /** Adds `[start, end)`. At the end, the usual case, that takes constant time, else as long as there are intervals. */
  add(start: number, end: number): void {
    if (end <= start) return;
    const last = this.#ends.length - 1;
    const lastEnd = this.#ends[last];
    if (lastEnd === undefined || start > lastEnd) {
      this.#starts.push(start);
      this.#ends.push(end);
      return;
    }
    if (start >= (this.#starts[last] ?? 0)) {
      this.#ends[last] = Math.max(lastEnd, end);
      return;
    }
    // Every interval from `first` up to `after` touches the new one and is merged into it.
    const first = this.#firstEndingAtOrAfter(start);
    let after = first;
    let mergedStart = start;
    let mergedEnd = end;
    for (let at = this.#starts[after]; at !== undefined && at <= end; at = this.#starts[after]) {
      mergedStart = Math.min(mergedStart, at);
      mergedEnd = Math.max(mergedEnd, this.#ends[after] ?? end);
      after++;
    }
    this.#starts.splice(first, after - first, mergedStart);
    this.#ends.splice(first, after - first, mergedEnd);
  }

  /** Adds many intervals that are sorted by their starts, in one pass over them and those that are there. */
  addSorted(intervals: readonly { readonly start: number; readonly end: number }[]): void {
    const [starts, ends] = [this.#starts, this.#ends];
    this.#starts = [];
    this.#ends = [];
    let i = 0;
    for (const { start, end } of intervals) {
      for (let at = starts[i]; at !== undefined && at <= start; at = starts[i]) this.add(at, ends[i++] ?? at);
      this.add(start, end);
    }
    for (let at = starts[i]; at !== undefined; at = starts[i]) this.add(at, ends[i++] ?? at);
  }

  /** Whether all of `[start, end)` is in the set. */
  covers(start: number, end: number): boolean {
    if (end <= start) return true;
    const i = this.#firstEndingAtOrAfter(end);
    const found = this.#starts[i];
    return found !== undefined && found <= start;
  }

  /** The parts of `[start, end)` that are not in the set. */
  *gaps(start: number, end: number): Iterable<readonly [start: number, end: number]> {
    let from = start;
    for (let i = this.#firstEndingAtOrAfter(start + 1); from < end; i++) {
      const next = this.#starts[i] ?? end;
      if (next > from) yield [from, Math.min(next, end)];
      from = Math.max(from, this.#ends[i] ?? end);
    }
  }

  /** The intervals, in order. */
  *intervals(): Iterable<readonly [start: number, end: number]> {
    for (const [i, start] of this.#starts.entries()) yield [start, this.#ends[i] ?? start];
  }

  /** How far the set reaches from 0 without a gap. */
  get prefix(): number {
    return this.#starts[0] === 0 ? (this.#ends[0] ?? 0) : 0;
  }

  #firstEndingAtOrAfter(value: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
