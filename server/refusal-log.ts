import type { ScriptoriumError } from '../protocol/index.ts';
import type { Logger } from './logger.ts';

const MIN_INTERVAL_MS = 1_000;

/** What is refused, in the log: of each code one line a second, with the number of those left out, so that nobody can fill a disk. */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #seen = new Map<string, { at: number; leftOut: number }>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Notes a refusal; `details` says of what. Errors of the server itself are all logged. */
  note(error: ScriptoriumError, details: object, message: string): void {
    const { code } = error;
    if (code === 'INTERNAL') return this.#logger.error({ ...details, code, err: error }, message);
    const now = performance.now();
    const seen = this.#seen.get(code);
    if (seen && now - seen.at < MIN_INTERVAL_MS) {
      seen.leftOut++;
      return;
    }
    const leftOut = seen?.leftOut ?? 0;
    this.#seen.set(code, { at: now, leftOut: 0 });
    this.#logger.info({ ...details, code, err: error, ...(leftOut > 0 && { leftOut }) }, message);
  }
}
