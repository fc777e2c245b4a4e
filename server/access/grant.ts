import { type Access, allows, asScriptoriumError, ScriptoriumError } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { Authenticator } from './authenticator.ts';
import type { Credentials, Identity, User } from './user.ts';

/** Who is told of what becomes of a grant: the connection. */
export interface GrantHolder {
  /** From now on this is what it may do, at least read. Also the answer to a new token. */
  onAccess(access: Access): void;
  /** What it showed counts for so many milliseconds more. */
  onExpiring(inMs: number): void;
  /** It may do nothing more; it is told nothing after this. */
  onEnd(error: ScriptoriumError): void;
}

/** What a grant needs from its surroundings. */
export interface GrantContext {
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  /** How long before it expires the holder is told, in milliseconds. */
  readonly tokenWarningMs: number;
  /** The holder may come in. */
  onLive(grant: Grant): void;
  /** The holder is gone; `wasLive`: it had been let in. */
  onReleased(grant: Grant, wasLive: boolean): void;
}

/** The longest time that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * What somebody may do with one document, for as long as they have it open.
 *
 *     checking ──may read──▶ live ──access changes, new token──▶ live
 *        │                    │
 *        └──may not───────────┴──may not any more, expired, revoked──▶ ended
 */
export class Grant {
  readonly document: string;
  /** Where the holder connected from. */
  readonly address: string | undefined;
  readonly #context: GrantContext;
  readonly #holder: GrantHolder;
  #identity: Identity;
  #access: Access = 'none';
  #state: 'checking' | 'live' | 'ended' = 'checking';
  #endedBy: ScriptoriumError | undefined;
  #check: Promise<void> | undefined;
  /** What is being found out may be over already. */
  #stale = false;
  #renewing = false;
  #cancelTimer: (() => void) | undefined;

  constructor(
    document: string,
    address: string | undefined,
    identity: Identity,
    holder: GrantHolder,
    context: GrantContext,
  ) {
    this.document = document;
    this.address = address;
    this.#identity = identity;
    this.#holder = holder;
    this.#context = context;
  }

  get access(): Access {
    return this.#access;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** Why it ended, when it was not the holder that left. */
  get endedBy(): ScriptoriumError | undefined {
    return this.#endedBy;
  }

  get user(): User | null {
    return this.#identity.user;
  }

  /** Finds out for the first time what the holder may do. @throws ScriptoriumError why it may not even read */
  async begin(): Promise<void> {
    try {
      await this.#findOut();
      if (this.#endedBy) throw this.#endedBy;
      if (!allows(this.#access, 'read')) throw notAllowed(this.#identity);
      this.#state = 'live';
      this.#context.onLive(this);
      this.#watchExpiry();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Finds out again. What was being found out before does not count. */
  async recheck(): Promise<void> {
    const before = this.#access;
    try {
      await this.#findOut();
    } catch (error) {
      return this.end(asScriptoriumError(error)); // who can't be checked has to go
    }
    if (this.#state !== 'live') return;
    if (!allows(this.#access, 'read')) this.end(notAllowed(this.#identity));
    else if (this.#access !== before) this.#holder.onAccess(this.#access);
  }

  /**
   * Takes what the holder shows anew, before what it showed first expires. One at a time: another one that comes
   * meanwhile is not looked at.
   * @throws ScriptoriumError UNAUTHORIZED, FORBIDDEN, ACCESS_UNKNOWN
   */
  async renew(credentials: Credentials): Promise<void> {
    if (this.#renewing || this.#state !== 'live') return;
    this.#renewing = true;
    try {
      const identity = await this.#context.authenticator.identify(credentials);
      if (identity.user?.id !== this.user?.id || identity.link !== this.#identity.link) {
        throw new ScriptoriumError('UNAUTHORIZED', 'The new token is that of another user.');
      }
      this.#identity = identity;
      await this.#findOut();
      if (this.#ended()) return;
      if (!allows(this.#access, 'read')) throw notAllowed(identity);
      this.#watchExpiry();
      this.#holder.onAccess(this.#access);
    } finally {
      this.#renewing = false;
    }
  }

  /** Sends the holder away, also one that is not in yet. */
  end(error: ScriptoriumError): void {
    if (this.#state === 'ended') return;
    const wasLive = this.#state === 'live';
    this.#endedBy = error;
    this.release();
    if (wasLive) this.#holder.onEnd(error);
  }

  /** The holder is gone. */
  release(): void {
    if (this.#state === 'ended') return;
    const wasLive = this.#state === 'live';
    this.#state = 'ended';
    this.#access = 'none';
    this.#cancelTimer?.();
    this.#context.onReleased(this, wasLive);
  }

  /** One inquiry at a time; when something changed meanwhile, another one follows, and only that counts. */
  #findOut(): Promise<void> {
    this.#stale = true;
    this.#check ??= this.#inquire().finally(() => {
      this.#check = undefined;
    });
    return this.#check;
  }

  async #inquire(): Promise<void> {
    const { authenticator } = this.#context;
    while (this.#stale) {
      this.#stale = false;
      const identity = this.#identity;
      authenticator.checkRevoked(identity, this.document);
      const access = await authenticator.accessOf(identity, this.document);
      if (!this.#stale && !this.#ended()) this.#access = access;
    }
  }

  #ended(): boolean {
    return this.#state === 'ended';
  }

  #watchExpiry(): void {
    const { clock, tokenWarningMs } = this.#context;
    this.#cancelTimer?.();
    const { expiresAt } = this.#identity;
    if (expiresAt === undefined) return;
    const leftMs = Math.max(0, expiresAt - clock.now());
    const later = (ms: number, run: () => void): void => {
      this.#cancelTimer = clock.after(ms, run);
    };
    if (leftMs > LONGEST_MS) return later(LONGEST_MS, () => this.#watchExpiry());
    // Not before half of the time is over: whoever gets only short tokens would fetch one after the other.
    const warnAheadMs = Math.min(tokenWarningMs, leftMs / 2);
    later(leftMs - warnAheadMs, () => {
      later(warnAheadMs, () => {
        // What comes of the new token decides, and it is not waited for longer than a hook may take.
        if (!this.#renewing) this.end(new ScriptoriumError('UNAUTHORIZED', 'What you showed has expired.'));
      });
      this.#holder.onExpiring(warnAheadMs);
    });
  }
}

/** Whoever is unknown may be somebody who may. */
export function notAllowed({ user, link }: Identity): ScriptoriumError {
  return user === null && link === undefined
    ? new ScriptoriumError('UNAUTHORIZED', 'Say who you are: this needs a token.')
    : new ScriptoriumError('FORBIDDEN', 'You may not do this with this document.');
}
