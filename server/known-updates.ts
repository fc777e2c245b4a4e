import type { Clock } from './clock.ts';

/** So long an update is remembered, in milliseconds. */
const KEEP_MS = 1_000;
/** So many are: who comes a little later may have something more to say. */
const MAX_UPDATES = 8;
/** Larger ones are read each time. */
const MAX_UPDATE_BYTES = 256 * 1024;

/**
 * Updates that the log has to the last deletion. When a connection breaks for many at once, all of them come back and say
 * the same: every deletion that there ever was. It is looked up once.
 */
export class KnownUpdates {
  readonly #clock: Clock;
  #updates: Buffer[] = [];
  /** What is being looked up, and when that is done. */
  readonly #looking = new Map<Uint8Array, Promise<void>>();
  #cancelForget: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(update: Uint8Array): boolean {
    return this.#updates.some((known) => known.equals(update));
  }

  keep(update: Uint8Array): void {
    if (update.length > MAX_UPDATE_BYTES || this.has(update)) return;
    // A copy: what was received is a view into all that came with it.
    this.#updates.push(Buffer.from(update));
    if (this.#updates.length > MAX_UPDATES) this.#updates.shift();
    this.#cancelForget ??= this.#clock.after(KEEP_MS, () => this.forget());
  }

  /** Looks up whether the log has this; when that is being done for the same already, after it. */
  afterSame(update: Uint8Array, look: () => void | Promise<void>): void | Promise<void> {
    const lookNow = (): void | Promise<void> => {
      const looking = look();
      if (looking !== undefined) this.#note(update, looking);
      return looking;
    };
    for (const [same, done] of this.#looking) if (Buffer.compare(same, update) === 0) return done.then(lookNow);
    return lookNow();
  }

  #note(update: Uint8Array, looking: Promise<void>): void {
    if (this.#looking.size >= MAX_UPDATES) return;
    const end = (): void => void this.#looking.delete(update);
    this.#looking.set(update, looking.then(end, end));
  }

  forget(): void {
    this.#updates = [];
    this.#cancelForget?.();
    this.#cancelForget = undefined;
  }
}
