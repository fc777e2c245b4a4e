/** Many measured values, of which percentiles are wanted. */
export class Samples {
  #values = new Float64Array(1024);
  #sorted = true;
  count = 0;

  add(value: number): void {
    if (this.count === this.#values.length) {
      const values = new Float64Array(this.count * 2);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.count++] = value;
    this.#sorted = false;
  }

  clear(): void {
    this.count = 0;
  }

  /** NaN when there is none. */
  percentile(p: number): number {
    const values = this.#values.subarray(0, this.count);
    if (!this.#sorted) values.sort();
    this.#sorted = true;
    return values[Math.min(this.count - 1, Math.floor(this.count * p))] ?? Number.NaN;
  }
}
