import { type Access, isAccess, ScriptoriumError } from '../../protocol/index.ts';
import { accessByName, readDocumentsClaim } from './access-by-name.ts';
import type { AccessState } from './access-state.ts';
import { callHook, type HookContext } from './hooks.ts';
import type { ShareLinks } from './share-links.ts';
import type { VerifyToken } from './token-verifier.ts';
import type { Credentials, Identity, User } from './user.ts';

/**
 * Says who somebody is, in the place of tokens; null for nobody known. It is asked once for each connection and each
 * HTTP request. When it throws or takes longer than `hookTimeoutMs`, whoever came is told to come back later; throw a
 * `ScriptoriumError` UNAUTHORIZED to say that what they showed does not count.
 */
export type Authenticate = (credentials: Credentials) => User | null | Promise<User | null>;

/**
 * Says what somebody may do with a document; `user` is null for somebody unknown. It is asked when they open it, with
 * each HTTP request, and for open connections when `recheckAccess` is called.
 */
export type Authorize = (user: User | null, document: string) => Access | Promise<Access>;

/** How who and what are decided. Without any of the three everybody may do everything. */
export interface Policy {
  readonly verifyToken: VerifyToken | undefined;
  readonly authenticate: Authenticate | undefined;
  readonly authorize: Authorize | undefined;
}

/** Finds out who somebody is and what they may do. */
export class Authenticator {
  /** Whether there is no access control: everybody may do everything. */
  readonly open: boolean;
  readonly #policy: Policy;
  readonly #state: AccessState;
  readonly #links: ShareLinks;
  readonly #hooks: HookContext;

  constructor(policy: Policy, state: AccessState, links: ShareLinks, hooks: HookContext) {
    this.#policy = policy;
    this.#state = state;
    this.#links = links;
    this.#hooks = hooks;
    this.open = Object.values(policy).every((part) => part === undefined);
  }

  /** @throws ScriptoriumError UNAUTHORIZED when what they showed doesn't count, ACCESS_UNKNOWN */
  async identify(credentials: Credentials): Promise<Identity> {
    const { token } = credentials;
    if (token !== undefined && this.#links.isLinkToken(token)) return this.#links.identify(token);
    const user = await this.#user(credentials);
    if (user?.expiresAt !== undefined && user.expiresAt <= this.#hooks.clock.now()) {
      throw new ScriptoriumError('UNAUTHORIZED', 'What you showed has expired.');
    }
    return { user, ...(user?.expiresAt !== undefined && { expiresAt: user.expiresAt }) };
  }

  async #user(credentials: Credentials): Promise<User | null> {
    const { verifyToken, authenticate } = this.#policy;
    const { token } = credentials;
    if (verifyToken) return token === undefined ? null : verifyToken(token);
    if (authenticate === undefined) return null;
    return callHook(this.#hooks, 'authenticate', () => authenticate(credentials), readUser, token);
  }

  /** Whether what they showed was issued before a revocation, for this document or altogether. */
  isRevoked({ user }: Identity, document?: string): boolean {
    return user?.issuedAt !== undefined && this.#state.isRevoked(user.id, user.issuedAt, document);
  }

  /** @throws ScriptoriumError UNAUTHORIZED when what they showed was issued before a revocation */
  checkRevoked(identity: Identity, document?: string): void {
    if (!this.isRevoked(identity, document)) return;
    throw new ScriptoriumError('UNAUTHORIZED', 'What you showed has been revoked.');
  }

  /**
   * What they may do with a document. A link decides alone; then the server's administrators may do everything; then
   * what was set for this user and document; then `authorize`, or without one what the token says.
   * @throws ScriptoriumError ACCESS_UNKNOWN
   */
  async accessOf({ user, link }: Identity, document: string): Promise<Access> {
    if (link !== undefined) return this.#links.accessOf(link, document);
    if (this.open || user?.admin === true) return 'admin';
    const override = user === null ? undefined : this.#state.override(document, user.id);
    if (override !== undefined) return override;
    const { authorize } = this.#policy;
    if (authorize === undefined) return accessByName(user?.documents ?? {}, document);
    return callHook(this.#hooks, 'authorize', () => authorize(user, document), readAccess);
  }

  /** Whether there may be something that they may see. */
  isSomebody({ user, link }: Identity): boolean {
    return user !== null || link !== undefined || this.open || this.#policy.authorize !== undefined;
  }

  /** Whether they look after the whole server. */
  isServerAdmin({ user, link }: Identity): boolean {
    return link === undefined && (this.open || user?.admin === true);
  }
}

/** The answer as it is: what else it has is for `authorize`. */
function readUser(answer: unknown): User | null {
  if (answer === null) return null;
  const { id, documents, expiresAt, issuedAt } = answer as Record<keyof User, unknown>;
  if (typeof id !== 'string' || id === '') throw new TypeError('the user has no id');
  if (documents !== undefined && readDocumentsClaim(documents) === undefined) {
    throw new TypeError('the documents of the user are not accesses by name');
  }
  for (const time of [expiresAt, issuedAt]) {
    if (time !== undefined && !Number.isFinite(time)) throw new TypeError('a time of the user is no number');
  }
  return answer as User;
}

function readAccess(answer: unknown): Access {
  if (!isAccess(answer)) throw new TypeError('the answer is no access');
  return answer;
}
