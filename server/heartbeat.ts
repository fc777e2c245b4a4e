/** Whose turn comes once in every interval. */
export interface Beating {
  beat(): void;
}

/** In so many parts: to ping thousands in one turn of the event loop would hold up everybody. */
const PARTS = 64;

/** Beats each of its members once in every interval, a few at a time. */
export class Heartbeat {
  readonly #parts = Array.from({ length: PARTS }, () => new Set<Beating>());
  readonly #stepMs: number;
  #timer: NodeJS.Timeout | undefined;
  /** The part whose turn is next, when that is, and the part that the next member comes into. */
  #next = 0;
  #dueAt: number;
  #joins = 0;

  constructor(intervalMs: number) {
    this.#stepMs = intervalMs / PARTS;
    this.#dueAt = performance.now();
    this.#later();
  }

  /** Answers with what takes the member out again. */
  add(member: Beating): () => void {
    const part = this.#part(this.#joins);
    this.#joins = (this.#joins + 1) % PARTS;
    part.add(member);
    return () => void part.delete(member);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #later(): void {
    const now = performance.now();
    // What is late by less than a step is made up for. Not more: whoever is beaten twice at once had no time to answer.
    this.#dueAt = Math.max(this.#dueAt + this.#stepMs, now);
    this.#timer = setTimeout(() => this.#run(), this.#dueAt - now).unref();
  }

  #run(): void {
    const part = this.#part(this.#next);
    this.#next = (this.#next + 1) % PARTS;
    this.#later();
    for (const member of part) member.beat();
  }

  #part(index: number): Set<Beating> {
    const part = this.#parts[index];
    if (part === undefined) throw new RangeError('there is no such part');
    return part;
  }
}
