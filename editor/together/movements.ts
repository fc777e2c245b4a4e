/** How long a name stays beside a caret after it moved, in milliseconds. Then only the bar is left. */
const LABEL_MS = 2_000;
/** After which time without a movement a caret and its selection fade, in milliseconds. */
const STALE_MS = 10_000;

interface Movement {
  readonly cursor: string;
  readonly at: number;
  /** It was stale when time passed last. */
  stale: boolean;
}

/** When the others moved last. */
export class Movements {
  readonly #last = new Map<number, Movement>();

  /** Takes notice of where a client says that it is. */
  see(client: number, cursor: unknown): void {
    if (!cursor) return this.forget(client);
    const text = JSON.stringify(cursor);
    if (this.#last.get(client)?.cursor !== text) {
      this.#last.set(client, { cursor: text, at: Date.now(), stale: false });
    }
  }

  forget(client: number): void {
    this.#last.delete(client);
  }

  isStale(client: number): boolean {
    return this.#age(client) >= STALE_MS;
  }

  /** Marks the element of a client's caret by how long ago it moved. */
  mark(caret: HTMLElement, client: number): void {
    caret.toggleAttribute('data-moved', this.#age(client) < LABEL_MS);
    caret.toggleAttribute('data-stale', this.isStale(client));
  }

  /** Whether somebody became stale since it was asked last, and in how many milliseconds something changes next. */
  passTime(): { stale: boolean; nextMs: number | undefined } {
    let stale = false;
    let nextMs: number | undefined;
    for (const [client, movement] of this.#last) {
      const age = this.#age(client);
      if (age >= STALE_MS) {
        stale ||= !movement.stale;
        movement.stale = true;
        continue;
      }
      const left = (age < LABEL_MS ? LABEL_MS : STALE_MS) - age;
      nextMs = Math.min(left, nextMs ?? left);
    }
    return { stale, nextMs };
  }

  #age(client: number): number {
    const movement = this.#last.get(client);
    return movement === undefined ? Number.POSITIVE_INFINITY : Date.now() - movement.at;
  }
}
