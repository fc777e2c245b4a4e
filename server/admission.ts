import { ScriptoriumError } from '../protocol/index.ts';

/** Bounds of how many may be connected; defaults in options.ts. */
export interface AdmissionLimits {
  /** Connections in all. One more is refused with HTTP 429, or takes the place of one that has said nothing yet. */
  readonly maxConnections: number;
  /** Connections from one address (with IPv6, one /64 network); as above. */
  readonly maxConnectionsPerAddress: number;
  /** Connections of one user, as tokens or `authenticate` name them, from wherever. One more is closed with 1013. */
  readonly maxConnectionsPerUser: number;
}

/** When to try again: places are given up all the time. */
const RETRY_AFTER_MS = 5_000;

interface Neighbours {
  all: number;
  readonly new: Set<Place>;
}

/**
 * Who may be connected at once. When there is no place left, one that has said nothing yet has to go, the longest waiting
 * of them: an honest client says hello at once, so many that say nothing keep nobody out, wherever they come from.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  /** In the order in which they came. */
  readonly #new = new Set<Place>();
  readonly #byAddress = new Map<string, Neighbours>();
  readonly #byUser = new Map<string, number>();
  #all = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** The number of connections. */
  get size(): number {
    return this.#all;
  }

  /**
   * A place for a connection from an address. `end` is called when another one gets it.
   * @throws ScriptoriumError TOO_MANY_CONNECTIONS
   */
  enter(address: string, end: (error: ScriptoriumError) => void): Place {
    const { maxConnections, maxConnectionsPerAddress } = this.#limits;
    const neighbours = this.#byAddress.get(address);
    if (neighbours && neighbours.all >= maxConnectionsPerAddress && !this.#endOldest(neighbours.new)) {
      throw tooMany(`An address has at most ${maxConnectionsPerAddress} connections (maxConnectionsPerAddress).`);
    }
    if (this.#all >= maxConnections && !this.#endOldest(this.#new)) {
      throw tooMany(`The server has at most ${maxConnections} connections (maxConnections).`);
    }
    const place = new Place(this, address, end);
    this.#all++;
    this.#new.add(place);
    const { all, new: silent } = this.#byAddress.get(address) ?? { all: 0, new: new Set<Place>() };
    this.#byAddress.set(address, { all: all + 1, new: silent.add(place) });
    return place;
  }

  /** A place says that something was said on it. */
  spoke(place: Place): void {
    this.#new.delete(place);
    this.#byAddress.get(place.address)?.new.delete(place);
  }

  /** A place is given up. */
  left(place: Place): void {
    this.spoke(place);
    this.#all--;
    const neighbours = this.#byAddress.get(place.address);
    if (neighbours && --neighbours.all === 0) this.#byAddress.delete(place.address);
  }

  /** A user has one place more, or one less. @throws ScriptoriumError TOO_MANY_CONNECTIONS */
  countUser(user: string, change: 1 | -1): void {
    const { maxConnectionsPerUser } = this.#limits;
    const count = (this.#byUser.get(user) ?? 0) + change;
    if (change > 0 && count > maxConnectionsPerUser) {
      throw tooMany(`A user has at most ${maxConnectionsPerUser} connections (maxConnectionsPerUser).`);
    }
    if (count === 0) this.#byUser.delete(user);
    else this.#byUser.set(user, count);
  }

  /** Whether there was one to be ended. Its `end` has to make it leave. */
  #endOldest(among: ReadonlySet<Place>): boolean {
    const [oldest] = among;
    oldest?.end?.(new ScriptoriumError('HELLO_TIMEOUT', 'Nothing was said while others came.'));
    return oldest !== undefined;
  }
}

/** A connection's place among the others. */
export class Place {
  readonly address: string;
  /** What makes it leave when another one gets its place; nobody does once it has spoken. */
  end: ((error: ScriptoriumError) => void) | undefined;
  readonly #admission: Admission;
  #owner: string | undefined;
  #left = false;

  constructor(admission: Admission, address: string, end: (error: ScriptoriumError) => void) {
    this.#admission = admission;
    this.address = address;
    this.end = end;
  }

  /** It has said something: nobody takes its place any more. */
  spoke(): void {
    this.end = undefined;
    this.#admission.spoke(this);
  }

  /**
   * It is this user's.
   * @throws ScriptoriumError TOO_MANY_CONNECTIONS
   */
  belongsTo(user: string): void {
    if (this.#left || this.#owner !== undefined) return;
    this.#admission.countUser(user, 1);
    this.#owner = user;
  }

  /** It is gone. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    if (this.#owner !== undefined) this.#admission.countUser(this.#owner, -1);
    this.#admission.left(this);
  }
}

function tooMany(message: string): ScriptoriumError {
  return new ScriptoriumError('TOO_MANY_CONNECTIONS', message, { retryAfterMs: RETRY_AFTER_MS });
}
