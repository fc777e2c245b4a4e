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

/** A connection's place among the others. */
export interface Place {
  /** It has said something: nobody takes its place any more. */
  spoke(): void;
  /**
   * It is this user's.
   * @throws ScriptoriumError TOO_MANY_CONNECTIONS
   */
  belongsTo(user: string): void;
  /** It is gone. */
  leave(): void;
}

/** When to try again: places are given up all the time. */
const RETRY_AFTER_MS = 5_000;

interface Held {
  readonly address: string;
  readonly end: (error: ScriptoriumError) => void;
}

/**
 * Who may be connected at once. When there is no place left, one that has said nothing yet has to go, the longest waiting
 * of them: an honest client says hello at once, so many that say nothing keep nobody out, wherever they come from.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  /** In the order in which they came. */
  readonly #new = new Set<Held>();
  readonly #byAddress = new Map<string, { all: number; readonly new: Set<Held> }>();
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
    return this.#place({ address, end });
  }

  #place(held: Held): Place {
    const { address } = held;
    const neighbours = this.#byAddress.get(address) ?? { all: 0, new: new Set<Held>() };
    this.#byAddress.set(address, neighbours);
    this.#all++;
    neighbours.all++;
    this.#new.add(held);
    neighbours.new.add(held);
    const spoke = (): void => {
      this.#new.delete(held);
      neighbours.new.delete(held);
    };
    let owner: string | undefined;
    let left = false;
    return {
      spoke,
      belongsTo: (user) => {
        if (left || owner !== undefined) return;
        this.#countUser(user, 1);
        owner = user;
      },
      leave: () => {
        if (left) return;
        left = true;
        spoke();
        if (owner !== undefined) this.#countUser(owner, -1);
        this.#all--;
        neighbours.all--;
        if (neighbours.all === 0) this.#byAddress.delete(address);
      },
    };
  }

  #countUser(user: string, change: 1 | -1): void {
    const { maxConnectionsPerUser } = this.#limits;
    const count = (this.#byUser.get(user) ?? 0) + change;
    if (change > 0 && count > maxConnectionsPerUser) {
      throw tooMany(`A user has at most ${maxConnectionsPerUser} connections (maxConnectionsPerUser).`);
    }
    if (count === 0) this.#byUser.delete(user);
    else this.#byUser.set(user, count);
  }

  /** Whether there was one to be ended. Its `end` has to make it leave. */
  #endOldest(among: ReadonlySet<Held>): boolean {
    const [oldest] = among;
    oldest?.end(new ScriptoriumError('HELLO_TIMEOUT', 'Nothing was said while others came.'));
    return oldest !== undefined;
  }
}

function tooMany(message: string): ScriptoriumError {
  return new ScriptoriumError('TOO_MANY_CONNECTIONS', message, { retryAfterMs: RETRY_AFTER_MS });
}
