import { ScriptoriumError } from '../protocol/index.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** A document that could not be read is not read again for so long, however often it is asked for. */
const READ_AGAIN_MS = 60_000;

interface Refused {
  readonly error: ScriptoriumError;
  readonly at: number;
}

/**
 * The documents that can't be read. Each is refused alone, by its name, and what is stored of it is left as it is: only
 * a person can say what is to become of it. It is read again once a minute at most, in case it was the disk's fault.
 */
export class Quarantine {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #refused = new Map<string, Refused>();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  has(document: string): boolean {
    return this.#refused.has(document);
  }

  /** @throws ScriptoriumError DOCUMENT_UNREADABLE when the document could not be read a moment ago */
  check(document: string): void {
    const refused = this.#refused.get(document);
    if (refused && this.#clock.now() < refused.at + READ_AGAIN_MS) throw refused.error;
  }

  /** Notes that the document can't be read, and why. The answer is the error that everybody is told who asks for it. */
  add(document: string, cause: ScriptoriumError): ScriptoriumError {
    const message =
      `The document ${JSON.stringify(document)} can't be read. What is stored of it is kept as it is: ` +
      'see `scriptorium check` and `scriptorium repair`.';
    const error = new ScriptoriumError('DOCUMENT_UNREADABLE', message, { cause });
    if (!this.has(document)) this.#logger.error({ document, err: cause }, 'a document cannot be read; it is refused');
    this.#refused.set(document, { error, at: this.#clock.now() });
    return error;
  }

  /** The document was read, or it is gone. */
  release(document: string): void {
    if (this.#refused.delete(document)) this.#logger.info({ document }, 'a document is refused no more');
  }
}
