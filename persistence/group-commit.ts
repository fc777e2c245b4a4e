interface Waiting<W, R> {
  readonly write: W;
  readonly bytes: number;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/** What became of one write of a group: its result, or the error that concerns it alone. */
export type Outcome<R> = { readonly result: R } | { readonly error: unknown };

/**
 * One commit in flight; whatever arrives meanwhile goes into the next one together, so that the price of making
 * something durable is paid once for all that wait for it.
 *
 *     submit a ─▶ commit [a] ────────────▶ a resolves
 *     submit b ──────┐ (waits)
 *     submit c ──────┴▶ commit [b, c] ───▶ b and c resolve
 *
 * `commit` gets the writes in the order they were submitted and answers for each; when it rejects, all of its group do.
 */
export class GroupCommit<W, R> {
  readonly #commit: (writes: readonly W[]) => Promise<readonly Outcome<R>[]>;
  readonly #maxGroupBytes: number;
  #waiting: Waiting<W, R>[] = [];
  #running: Promise<void> | undefined;

  constructor(commit: (writes: readonly W[]) => Promise<readonly Outcome<R>[]>, maxGroupBytes: number) {
    this.#commit = commit;
    this.#maxGroupBytes = maxGroupBytes;
  }

  submit(write: W, bytes: number): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, bytes, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Resolves when nothing is in flight and nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Let the rest of this turn's writes join the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        const outcomes = await this.#commit(group.map(({ write }) => write));
        group.forEach(({ resolve, reject }, i) => {
          const outcome = outcomes[i] ?? { error: new Error('the commit did not answer for every write') };
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.result);
        });
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting<W, R>[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((waiting, i) => {
      bytes += waiting.bytes;
      return i > 0 && bytes > this.#maxGroupBytes;
    });
    const count = end === -1 ? this.#waiting.length : end;
    const group = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return group;
  }
}
