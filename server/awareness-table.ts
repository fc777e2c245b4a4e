import { type AwarenessEntry, GONE, ScriptoriumError } from '../protocol/index.ts';

/** Bounds of what a peer may say of itself; defaults in options.ts. */
export interface AwarenessLimits {
  /** The largest awareness state of a client, in bytes of JSON; larger ones are not taken. */
  readonly maxAwarenessBytes: number;
  /** How many client ids one peer may use at once; it needs one. What it says of more is not taken. */
  readonly maxAwarenessClients: number;
}

/** The longest name that is passed on, in UTF-16 units. */
const MAX_NAME_LENGTH = 60;

/** So many clients that left are remembered, with the clock they left at. */
const MAX_REMEMBERED = 1_000;

interface Present<Owner> {
  readonly entry: AwarenessEntry;
  readonly owner: Owner;
}

/** What an awareness update changed. */
export interface AwarenessChange {
  /** What everybody has to be told. */
  readonly changed: readonly AwarenessEntry[];
  /** What only the sender has to be told: its clock has been used up, and only when it counts on will others listen. */
  readonly corrections: readonly AwarenessEntry[];
  /** Why something was not taken, for the sender. */
  readonly refused: ScriptoriumError | undefined;
}

/**
 * Who is present in a room: the newest awareness state of each client.
 *
 * A client id belongs to the owner (a peer) that first used it, until that one leaves. Stock clients echo every state
 * that they are sent, and tabs of one browser pass on each other's; neither is taken for news.
 */
export class AwarenessTable<Owner> {
  readonly #present = new Map<number, Present<Owner>>();
  readonly #left = new Map<number, number>();
  readonly #contenders = new Map<number, Owner>();
  /** How many clients each owner has. */
  readonly #counts = new Map<Owner, number>();
  /** What owners called themselves that have taken their states back: editors do before they disconnect. */
  readonly #names = new Map<Owner, string>();
  readonly #limits: AwarenessLimits;

  constructor(limits: AwarenessLimits) {
    this.#limits = limits;
  }

  /**
   * Takes what an owner says. With `renew`, a client that is new here is made to count on: others may remember it from
   * before the server restarted, and a stock client comes back with the clock that it left with.
   */
  apply(owner: Owner, entries: readonly AwarenessEntry[], renew: boolean): AwarenessChange {
    const changed: AwarenessEntry[] = [];
    const corrections: AwarenessEntry[] = [];
    let refused: ScriptoriumError | undefined;
    for (const entry of entries) {
      const { clientId, clock, state } = entry;
      const known = this.#present.get(clientId);
      if (known !== undefined && known.owner !== owner) {
        this.#contenders.set(clientId, owner);
        continue;
      }
      const excess = state === GONE ? undefined : this.#excess(owner, entry, known === undefined);
      if (excess) {
        refused = excess;
        continue;
      }
      if (known === undefined) {
        const leftAt = this.#left.get(clientId);
        if (state === GONE) continue;
        if (leftAt !== undefined && clock <= leftAt) {
          corrections.push({ clientId, clock: leftAt, state: GONE });
          continue;
        }
        if (leftAt === undefined && renew) corrections.push({ clientId, clock, state: GONE });
      } else if (clock < known.entry.clock || (clock === known.entry.clock && state !== GONE)) {
        continue;
      }
      if (state === GONE) this.#leave(entry);
      else this.#enter(entry, owner);
      changed.push(entry);
    }
    return { changed, corrections, refused };
  }

  /** Why a state is not taken: it is too large, or one client too many of this owner. */
  #excess(owner: Owner, { state }: AwarenessEntry, isNew: boolean): ScriptoriumError | undefined {
    const { maxAwarenessBytes, maxAwarenessClients } = this.#limits;
    // A UTF-16 unit takes at most three bytes: most need not be counted.
    if (state.length * 3 > maxAwarenessBytes && Buffer.byteLength(state) > maxAwarenessBytes) {
      const message = `An awareness state has at most ${maxAwarenessBytes} bytes (maxAwarenessBytes).`;
      return new ScriptoriumError('AWARENESS_TOO_LARGE', message);
    }
    if (isNew && (this.#counts.get(owner) ?? 0) >= maxAwarenessClients) {
      const message = `A connection speaks for at most ${maxAwarenessClients} awareness clients (maxAwarenessClients).`;
      return new ScriptoriumError('AWARENESS_TOO_LARGE', message);
    }
    return undefined;
  }

  /**
   * Removes all that belongs to the owner. Answers with the removals, which everybody has to be told, and with the
   * other owners that claimed one of its ids, who now have to be asked for their states.
   */
  removeOwner(owner: Owner): { removed: AwarenessEntry[]; claimants: Set<Owner> } {
    const removed: AwarenessEntry[] = [];
    const claimants = new Set<Owner>();
    for (const [clientId, present] of this.#present) {
      if (present.owner !== owner) continue;
      const gone = { clientId, clock: present.entry.clock, state: GONE };
      this.#leave(gone);
      removed.push(gone);
      const contender = this.#contenders.get(clientId);
      if (contender !== undefined) claimants.add(contender);
      this.#contenders.delete(clientId);
    }
    for (const [clientId, contender] of this.#contenders) {
      if (contender === owner) this.#contenders.delete(clientId);
    }
    this.#counts.delete(owner);
    this.#names.delete(owner);
    claimants.delete(owner);
    return { removed, claimants };
  }

  /** The states of all that are present. */
  entries(): AwarenessEntry[] {
    return [...this.#present.values()].map(({ entry }) => entry);
  }

  /** The states of all that are present, and that the others are gone who left lately. */
  everything(): AwarenessEntry[] {
    const left = [...this.#left].map(([clientId, clock]) => ({ clientId, clock, state: GONE }));
    return [...left, ...this.entries()];
  }

  /** What an owner calls itself: `user.name` in one of its states, as editors write it. */
  nameOf(owner: Owner): string | undefined {
    for (const present of this.#present.values()) {
      const name = present.owner === owner ? nameIn(present.entry.state) : undefined;
      if (name !== undefined) return name;
    }
    return this.#names.get(owner);
  }

  #enter(entry: AwarenessEntry, owner: Owner): void {
    if (!this.#present.has(entry.clientId)) this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + 1);
    this.#present.set(entry.clientId, { entry, owner });
    this.#left.delete(entry.clientId);
  }

  #leave({ clientId, clock }: AwarenessEntry): void {
    const present = this.#present.get(clientId);
    if (present !== undefined) {
      const { entry, owner } = present;
      const name = nameIn(entry.state);
      if (name !== undefined) this.#names.set(owner, name);
      this.#counts.set(owner, (this.#counts.get(owner) ?? 1) - 1);
    }
    this.#present.delete(clientId);
    this.#left.delete(clientId); // so that it is the youngest
    this.#left.set(clientId, clock);
    if (this.#left.size > MAX_REMEMBERED) {
      const [oldest] = this.#left.keys();
      if (oldest !== undefined) this.#left.delete(oldest);
    }
  }
}

/** A state is whatever a client chose to send. */
function nameIn(state: string): string | undefined {
  const { user } = JSON.parse(state) as { user?: { name?: unknown } | null };
  const name = typeof user?.name === 'string' ? user.name.trim().slice(0, MAX_NAME_LENGTH) : '';
  return name === '' ? undefined : name;
}
