import type { Duplex } from 'node:stream';

/** What all sockets together are given of large answers in one turn of the event loop, in bytes. */
const TURN_BYTES = 1024 * 1024;
/** A socket with more unread than this is given no more of a large answer before it has read that, in bytes. */
const WINDOW_BYTES = 128 * 1024;

/**
 * What waits to go into one socket. What comes in one piece goes in at once; what comes in several goes in piece by
 * piece, as fast as it is read, and whatever comes meanwhile waits behind it.
 */
export class Outbox {
  readonly #socket: Duplex;
  readonly #lane: BulkLane;
  readonly #onEmpty: () => void;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** `onEmpty` is told when everything has been read, after some of it had to wait. */
  constructor(socket: Duplex, lane: BulkLane, onEmpty: () => void) {
    this.#socket = socket;
    this.#lane = lane;
    this.#onEmpty = onEmpty;
    socket.on('drain', () => (this.#chunks.length > 0 ? lane.add(this) : onEmpty()));
  }

  /** Bytes that have not been read yet. */
  get unreadBytes(): number {
    return this.#socket.writableLength + this.#bytes;
  }

  write(chunks: readonly Uint8Array[]): void {
    const [first] = chunks;
    if (first && chunks.length === 1 && this.#chunks.length === 0) {
      this.#socket.write(first);
      return;
    }
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
    }
    this.#lane.add(this);
  }

  /** Puts one more piece into the socket if that takes it. How many bytes; 0 when there is nothing to do for now. */
  advance(): number {
    if (this.#socket.writableLength > WINDOW_BYTES) return 0; // `drain` will follow
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return 0;
    this.#bytes -= chunk.length;
    const readAtOnce = this.#socket.write(chunk);
    if (readAtOnce && this.#chunks.length === 0) this.#onEmpty();
    return chunk.length;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }
}

/** Shares out what a turn of the event loop spends on large answers, so that small messages get through in between. */
export class BulkLane {
  readonly #waiting = new Set<Outbox>();
  #scheduled = false;

  add(outbox: Outbox): void {
    this.#waiting.add(outbox);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    let left = TURN_BYTES;
    for (const outbox of this.#waiting) {
      if (left <= 0) break;
      this.#waiting.delete(outbox);
      const written = outbox.advance();
      left -= written;
      if (written > 0) this.#waiting.add(outbox); // behind all others, and visited again in this loop
    }
    const [next] = this.#waiting;
    if (next) this.add(next);
  }
}
