import type { Found } from './matches.ts';

/** How long an expression may take for all that is asked at once, in milliseconds; a worker starts within it, too. */
const TIME_LIMIT_MS = 2_000;
/** More than anybody looks at, and still quick to hand over. */
const MAX_FOUND = 100_000;

/** Why an expression was not run to its end. */
export type RegexProblem =
  /** It takes too long or finds too much. */
  | 'tooMuch'
  /** The page lets no worker run: its content security policy lacks `worker-src blob:`. */
  | 'unavailable';

export class RegexError extends Error {
  readonly problem: RegexProblem;

  constructor(problem: RegexProblem) {
    super(`The regular expression could not be run: ${problem}`);
    this.name = 'RegexError';
    this.problem = problem;
  }
}

// A text and not a file: it works in every bundle, also where this is one script. The same as `findInText`.
const CODE = `onmessage = ({ data: { source, flags, texts } }) => {
  const regex = new RegExp(source, flags);
  let left = ${MAX_FOUND};
  const all = texts.map((text) => {
    const found = [];
    for (const match of text.matchAll(regex)) {
      if (left === 0) break;
      if (match[0] === '') continue;
      left--;
      found.push({ at: match.index, text: match[0], groups: match.slice(1) });
    }
    return found;
  });
  postMessage(left === 0 ? undefined : all);
};`;

/**
 * Runs regular expressions of users in a thread of its own. There is no way to end one within a thread, and some take
 * longer than anybody lives: `(a+)+$` on thirty times an `a`. This one is ended with its thread.
 */
export class RegexWorker {
  #worker: Worker | undefined;
  #end: ((error: RegexError) => void) | undefined;

  /**
   * All that `regex` finds in each text. One question at a time: the next one ends the one before.
   * @throws RegexError when it takes too long or finds too much, workers are not allowed, or another question came
   */
  find(regex: RegExp, texts: readonly string[]): Promise<Found[][]> {
    if (this.#end) this.destroy();
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#end = undefined;
      };
      const fail = (error: RegexError): void => {
        done();
        this.#worker?.terminate();
        this.#worker = undefined;
        reject(error);
      };
      const timer = setTimeout(() => fail(new RegexError('tooMuch')), TIME_LIMIT_MS);
      this.#end = fail;
      try {
        this.#worker ??= startWorker();
      } catch {
        return fail(new RegexError('unavailable'));
      }
      this.#worker.onmessage = ({ data }: MessageEvent<Found[][] | undefined>) => {
        if (data === undefined) return fail(new RegexError('tooMuch'));
        done();
        resolve(data);
      };
      this.#worker.onerror = () => fail(new RegexError('unavailable'));
      this.#worker.postMessage({ source: regex.source, flags: regex.flags, texts });
    });
  }

  /** Ends what runs. */
  destroy(): void {
    this.#end?.(new RegexError('tooMuch'));
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function startWorker(): Worker {
  const url = URL.createObjectURL(new Blob([CODE], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
