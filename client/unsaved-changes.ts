import type { SavedState } from './events.ts';

/** A change of the document that the server has not acknowledged. */
interface Change {
  readonly number: number;
  /** A Yjs V1 update; undefined for a change that stands for everything the document held already. */
  readonly update: Uint8Array | undefined;
}

/**
 * The local changes that are not known to be durable. They are numbered from 1; the server echoes the number up to
 * which it had received everything, once all of that is durable.
 */
export class UnsavedChanges {
  /** Why the server saves nothing at present, where it said so. */
  reason: string | undefined;
  #changes: Change[] = [];
  #told: SavedState = { saved: true, unsavedChanges: 0 };
  #last = 0;
  #sent = 0;

  /** How many there are. */
  get count(): number {
    return this.#changes.length;
  }

  /** The reason is part of it only as long as something is not saved. */
  get state(): SavedState {
    const unsavedChanges = this.count;
    const saved = unsavedChanges === 0;
    return saved || this.reason === undefined
      ? { saved, unsavedChanges }
      : { saved, unsavedChanges, reason: this.reason };
  }

  /** The state, when it is another than the last time. */
  takeNews(): SavedState | undefined {
    const { state } = this;
    const before = this.#told;
    if (state.unsavedChanges === before.unsavedChanges && state.reason === before.reason) return undefined;
    this.#told = state;
    return state;
  }

  /** The number up to which changes were sent on this connection. */
  get sent(): number {
    return this.#sent;
  }

  /** Whether one of them stands for everything: then only the whole document will do. */
  get includesEverything(): boolean {
    return this.#changes.some(({ update }) => update === undefined);
  }

  add(update: Uint8Array | undefined): void {
    this.#last++;
    this.#changes.push({ number: this.#last, update });
  }

  /** What was not sent on this connection yet, in order. It counts as sent from now on. */
  takeUnsent(): Uint8Array[] {
    const unsent = this.#changes.filter(({ number }) => number > this.#sent);
    this.#sent = this.#last;
    return unsent.map(({ update }) => update).filter((update) => update !== undefined);
  }

  /** There is a new connection: on it nothing was sent. */
  resend(): void {
    this.#sent = (this.#changes[0]?.number ?? this.#last + 1) - 1;
  }

  /** All up to this number is durable. */
  acknowledge(number: number): void {
    this.#changes = this.#changes.filter((change) => change.number > number);
    if (this.#changes.length === 0) this.reason = undefined;
  }
}

/** The number of a change as the payload of a sync status: 8 bytes, big endian. */
export function encodeNumber(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, number);
  return bytes;
}

/** The number in a sync status; 0 when it is not one of ours. */
export function decodeNumber(payload: Uint8Array): number {
  if (payload.length !== 8) return 0;
  return new DataView(payload.buffer, payload.byteOffset, 8).getFloat64(0);
}
