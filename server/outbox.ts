import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { joined } from './chunks.ts';

/** What all sockets together are given of large answers in one turn of the event loop, in bytes. */
const TURN_BYTES = 1024 * 1024;
/** A socket with more unread than this is given no more of a large answer before it has read that, in bytes. */
const WINDOW_BYTES = 128 * 1024;

/** Pieces that are not more than this are put together where they are written from, in bytes. */
const SCRATCH_BYTES = 32 * 1024;
/**
 * Where that is done, for all sockets. What the kernel has taken at once leaves it free for the next: to allocate memory
 * for each write makes so much garbage in a busy room that V8 collects all of the heap twice a second.
 */
let scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

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
  /** Whether a write to it, when nothing waits, has always gone to the kernel before it returned. Not so with TLS. */
  #takesAtOnce: boolean;

  /** `onEmpty` is told when everything has been read, after some of it had to wait. */
  constructor(socket: Duplex, lane: BulkLane, onEmpty: () => void) {
    this.#socket = socket;
    this.#lane = lane;
    this.#onEmpty = onEmpty;
    this.#takesAtOnce = socket instanceof Socket;
    socket.on('drain', () => (this.#chunks.length > 0 ? lane.add(this) : onEmpty()));
  }

  /** Bytes that have not been read yet. */
  get unreadBytes(): number {
    return this.#socket.writableLength + this.#bytes;
  }

  write(chunks: readonly Uint8Array[]): void {
    if (chunks.length > 1 && this.#takesAtOnce && this.unreadBytes === 0) {
      const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      if (length <= SCRATCH_BYTES) return this.#writeFromScratch(chunks);
    }
    const pieces = joined(chunks);
    const [first] = pieces;
    if (first && pieces.length === 1 && this.#chunks.length === 0) {
      this.#socket.write(first);
      return;
    }
    for (const piece of pieces) {
      this.#chunks.push(piece);
      this.#bytes += piece.length;
    }
    this.#lane.add(this);
  }

  #writeFromScratch(chunks: readonly Uint8Array[]): void {
    let length = 0;
    for (const chunk of chunks) {
      scratch.set(chunk, length);
      length += chunk.length;
    }
    this.#socket.write(scratch.subarray(0, length));
    if (this.#socket.writableLength === 0) return;
    // It waits there: the socket keeps it.
    scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    this.#takesAtOnce = false;
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
