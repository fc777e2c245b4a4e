import type { Position, Welcome } from '../protocol/index.ts';
import type { LocalRecord } from './local-database.ts';

/** Which of the server's logs a document belongs to, and how much of that log it has. */
export class LogPlace {
  #epoch: string | undefined;
  #position: Position | undefined;
  #stored = false;
  #isUnfamiliar = false;

  /** The log that the document belongs to; undefined before a server has said. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** All of the log up to here is in the document. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Whether the server has stored anything of that log. One that it has not is made anew when it restarts. */
  get stored(): boolean {
    return this.#stored;
  }

  /** The server has another log than the one that the document belongs to: it may be another document. */
  get isUnfamiliar(): boolean {
    return this.#isUnfamiliar;
  }

  /** What this device knows from earlier visits. */
  restore({ epoch, seq, stored }: LocalRecord): void {
    this.#epoch = epoch;
    this.#stored = stored;
    this.#position = seq === undefined ? undefined : { epoch, seq };
  }

  /** The document belongs to no log any more. */
  leave(): void {
    this.#epoch = undefined;
  }

  welcomed({ epoch }: Welcome): void {
    this.#isUnfamiliar = this.#epoch !== undefined && this.#epoch !== epoch;
    // Such a server asks for what we have before it sends anything: then we see whether it knows any of it.
    if (this.#isUnfamiliar) this.#position = undefined;
  }

  /** The server's document is this one, though its log is another. */
  acquainted(): void {
    this.#isUnfamiliar = false;
  }

  /** All that the server had when it welcomed us has arrived. */
  synced({ epoch, seq }: Welcome): void {
    this.#stored = seq > 0 || (this.#stored && epoch === this.#epoch);
    this.#epoch = epoch;
  }

  /** All of the log up to this seq has arrived. */
  reached(seq: number): void {
    if (this.#epoch === undefined) return;
    this.#position = { epoch: this.#epoch, seq };
    this.#stored ||= seq > 0;
  }

  /** Something of ours is durable in the log. */
  keptOurs(): void {
    this.#stored = true;
  }
}
