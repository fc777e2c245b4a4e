import { ScriptoriumError } from '../protocol/index.ts';
import { TokenBucket } from './token-bucket.ts';

/** Bounds of what one connection may send; defaults in options.ts. */
export interface IntakeLimits {
  /** Messages of one connection, a second. One that sends more is read more slowly; ten seconds' worth may come at once. */
  readonly maxMessagesPerSecond: number;
  /** Bytes of one connection, a second; as above. */
  readonly maxBytesPerSecond: number;
  /** A connection that has to be slowed down for so long without a break is closed with 4429, in milliseconds. */
  readonly floodTimeoutMs: number;
}

/** What an intake needs of its WebSocket. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** After so many messages of one connection it is the turn of others: a single read may bring thousands. */
const TURN_MESSAGES = 100;
/** Once it is held up, a socket is not read for at least so long: to stop and start it for every message costs more. */
const MIN_PAUSE_MS = 100;

/**
 * How fast a connection is read. One that sends too much is not read for a while, so that it waits in its own buffers
 * and TCP holds it back: it is slowed down and loses nothing, and nobody else notices.
 */
export class Intake {
  readonly #source: Source;
  readonly #limits: IntakeLimits;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #onFlood: (error: ScriptoriumError) => void;
  #timer: NodeJS.Timeout | undefined;
  #held = false;
  #turn = 0;
  #resumeAt = 0;
  /** Since when it has been slowed down, over and over; undefined when it kept to its bounds meanwhile. */
  #slowSince: number | undefined;

  constructor(source: Source, limits: IntakeLimits, onFlood: (error: ScriptoriumError) => void) {
    const now = performance.now();
    this.#source = source;
    this.#limits = limits;
    this.#messages = new TokenBucket(limits.maxMessagesPerSecond, now);
    this.#bytes = new TokenBucket(limits.maxBytesPerSecond, now);
    this.#onFlood = onFlood;
  }

  /** Whether the connection is slowed down at present; then nothing is read of it, no pong either. */
  get slowed(): boolean {
    return this.#timer !== undefined;
  }

  /** Counts a message that came. */
  count(bytes: number): void {
    const now = performance.now();
    const owedMs = Math.max(this.#messages.take(1, now), this.#bytes.take(bytes, now));
    if (owedMs > 0) this.#slow(Math.max(owedMs, MIN_PAUSE_MS), now);
  }

  /** Called after each message: resolves when others have had their turn, if that is due. */
  turn(): Promise<void> | undefined {
    this.#turn = (this.#turn + 1) % TURN_MESSAGES;
    return this.#turn === 0 ? new Promise((resolve) => void setImmediate(resolve)) : undefined;
  }

  /** Reads nothing until `release`. */
  hold(): void {
    this.#held = true;
    this.#source.pause();
  }

  release(): void {
    this.#held = false;
    if (!this.slowed) this.#source.resume();
  }

  /** The connection is closed. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #slow(pauseMs: number, now: number): void {
    // Messages that had been read already still come: they make the pause longer.
    const wasReading = this.#timer === undefined;
    if (wasReading && now - this.#resumeAt > MIN_PAUSE_MS) this.#slowSince = now;
    this.#slowSince ??= now;
    this.#resumeAt = now + pauseMs;
    if (now - this.#slowSince > this.#limits.floodTimeoutMs) return this.#flooded();
    if (!wasReading) return;
    this.#source.pause();
    this.#wait(pauseMs);
  }

  #wait(pauseMs: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#resumeAt - performance.now();
      if (left > 1) return this.#wait(left);
      this.#timer = undefined;
      if (!this.#held) this.#source.resume();
    }, pauseMs);
  }

  #flooded(): void {
    const { maxMessagesPerSecond, maxBytesPerSecond } = this.#limits;
    const message =
      `A connection may send ${maxMessagesPerSecond} messages (maxMessagesPerSecond) ` +
      `and ${maxBytesPerSecond} bytes (maxBytesPerSecond) a second.`;
    this.#onFlood(new ScriptoriumError('TOO_MANY_MESSAGES', message, { retryAfterMs: 1_000 }));
  }
}
