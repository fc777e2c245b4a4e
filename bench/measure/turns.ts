/** One of several servers that are measured side by side. */
export interface Turn {
  /** Lets all others have theirs, and resolves when it is this one's again. */
  pass(): Promise<void>;
}

/**
 * Servers that run side by side, of which one at a time has work: a machine that is slower for half a minute is slower
 * for all of them, so that their ratios hold.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** Does a server's measurement in its turns, the first of which comes after those that were asked for before. */
  async take<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    await this.#begin();
    const pass = (): Promise<void> => {
      this.#end();
      return this.#begin();
    };
    try {
      return await work({ pass });
    } finally {
      this.#end();
    }
  }

  async #begin(): Promise<void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
  }

  /** Whoever is next has it at once: nobody comes in between. */
  #end(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }
}
