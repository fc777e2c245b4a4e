/** Time, as the rooms see it: passed in, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs the function at the end of this turn of the event loop. */
  defer(run: () => void): void;
  /** Runs the function after so many milliseconds; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The real time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: Date.now,
  defer: (run) => void setImmediate(run),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
