import type { SavedState } from './events.ts';
import type { DeviceTrouble } from './local-copy.ts';
import { type ChangeId, type KeptChange, newTabName } from './local-database.ts';

/** A change of the document that the server has not acknowledged. */
interface Change {
  readonly number: number;
  readonly id: ChangeId;
  /** A Yjs V1 update; undefined for a change that stands for everything the document held already. */
  readonly update: Uint8Array | undefined;
}

/**
 * The local changes that are not known to be durable. They are numbered from 1; the server echoes the number up to
 * which it had received everything, once all of that is durable.
 */
export class UnsavedChanges {
  /** Where the changes are kept meanwhile, if anywhere. */
  device: { readonly kept: boolean; readonly trouble: DeviceTrouble | undefined } | undefined;
  /** Why the server did not take a change, until all are taken after all. */
  refusal: string | undefined;
  /** Why the server can save nothing at present, until it says that it can again. */
  storeTrouble: string | undefined;
  readonly #tab = newTabName();
  #changes: Change[] = [];
  /** The ids of changes that came from elsewhere, as text. */
  readonly #foreign = new Set<string>();
  #told: SavedState = { saved: true, unsavedChanges: 0, kept: true };
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
    const reason = this.refusal ?? this.storeTrouble;
    const trouble = this.device?.trouble;
    return {
      saved,
      unsavedChanges,
      ...(!saved && reason !== undefined && { reason }),
      kept: saved || this.device?.kept === true,
      ...(trouble !== undefined && { trouble }),
    };
  }

  /** The state, when it is another than the last time. */
  takeNews(): SavedState | undefined {
    const { state } = this;
    const before = this.#told;
    const members = ['unsavedChanges', 'reason', 'kept', 'trouble'] as const;
    if (members.every((member) => state[member] === before[member])) return undefined;
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

  /** Takes note of a change that was made here. */
  add<U extends Uint8Array | undefined>(update: U): { readonly id: ChangeId; readonly update: U } {
    const change = { number: ++this.#last, id: [Date.now(), this.#tab, this.#last] as const, update };
    this.#changes.push(change);
    return change;
  }

  /** Takes note of a change that was made elsewhere, in another tab or at an earlier visit. False when it is known. */
  addKept({ id, update }: KeptChange): boolean {
    const name = id.join();
    if (id[1] === this.#tab || this.#foreign.has(name)) return false;
    this.#foreign.add(name);
    this.#changes.push({ number: ++this.#last, id, update });
    return true;
  }

  /** Those of which there is an update. */
  get kept(): KeptChange[] {
    return this.#changes.filter(isKept);
  }

  /** What was not sent on this connection yet, in order. It counts as sent from now on. */
  takeUnsent(): Uint8Array[] {
    const unsent = this.#changes.filter(({ number }) => number > this.#sent);
    this.#sent = this.#last;
    return unsent.map(({ update }) => update).filter((update) => update !== undefined);
  }

  /** A new connection begins: what the server said on the last one is no longer known to hold. */
  forgetReasons(): void {
    this.refusal = undefined;
    this.storeTrouble = undefined;
  }

  /** There is a new connection: on it nothing was sent. */
  resend(): void {
    this.#sent = (this.#changes[0]?.number ?? this.#last + 1) - 1;
  }

  /** All up to this number is durable. Returns what that was. */
  acknowledge(number: number): KeptChange[] {
    const durable = this.#changes.filter((change) => change.number <= number);
    this.#changes = this.#changes.slice(durable.length);
    for (const { id } of durable) this.#foreign.delete(id.join());
    if (this.#changes.length === 0) this.refusal = undefined;
    return durable.filter(isKept);
  }
}

function isKept(change: Change): change is Change & KeptChange {
  return change.update !== undefined;
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
