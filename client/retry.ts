/** One thing that is to be done again after a while. */
export class Retry {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at: number | undefined;

  /** When it is done, milliseconds since 1970; undefined when nothing is planned. */
  get at(): number | undefined {
    return this.#at;
  }

  schedule(delayMs: number, run: () => void): void {
    this.cancel();
    this.#at = Date.now() + delayMs;
    this.#timer = setTimeout(() => {
      this.cancel();
      run();
    }, delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = undefined;
  }
}
