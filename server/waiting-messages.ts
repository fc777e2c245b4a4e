import { ScriptoriumError } from '../protocol/index.ts';
import type { RoomMessage } from './room.ts';

/** So many messages of one connection wait for documents that are not open yet. */
const MAX_MESSAGES = 5_000;

/** How much waits on one connection, in all of its documents together. */
export class WaitingBudget {
  readonly #maxBytes: number;
  #bytes = 0;
  #messages = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether there is room for one more message. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#maxBytes || this.#messages >= MAX_MESSAGES) return false;
    this.#bytes += bytes;
    this.#messages++;
    return true;
  }

  give(bytes: number, messages: number): void {
    this.#bytes -= bytes;
    this.#messages -= messages;
  }
}

/**
 * What a client said about a document before that was open to it. When it is too much, all of it is forgotten: the
 * client has it, and sends it again when it comes back.
 */
export class WaitingMessages {
  readonly #budget: WaitingBudget;
  #messages: RoomMessage[] = [];
  #bytes = 0;
  #forgotten = false;

  constructor(budget: WaitingBudget) {
    this.#budget = budget;
  }

  push(message: RoomMessage, bytes: number): void {
    // It begins anew: what it sent before is in the answer to what it is asked when the document is open.
    if (message.type === 'sync-step-1') this.clear();
    if (this.#forgotten) return;
    if (!this.#budget.take(bytes)) {
      this.clear();
      this.#forgotten = true;
      return;
    }
    this.#messages.push(message);
    this.#bytes += bytes;
  }

  /** Gives all of it away. @throws ScriptoriumError RESYNC_NEEDED when some of it was forgotten */
  drain(): RoomMessage[] {
    const messages = this.#messages;
    const isWhole = !this.#forgotten;
    this.clear();
    if (isWhole) return messages;
    throw new ScriptoriumError('RESYNC_NEEDED', 'Too much was sent before the document was open: connect again.');
  }

  clear(): void {
    this.#budget.give(this.#bytes, this.#messages.length);
    this.#messages = [];
    this.#bytes = 0;
    this.#forgotten = false;
  }
}
