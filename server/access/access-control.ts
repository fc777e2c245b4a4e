import type { IncomingMessage } from 'node:http';
import { type Access, allows, asScriptoriumError, ScriptoriumError } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { type AccessFile, noAccessFile } from './access-file.ts';
import { AccessState, type Override, type ShareLink, type Target } from './access-state.ts';
import { type AuditDestination, AuditLog } from './audit-log.ts';
import { type Authenticate, Authenticator, type Authorize } from './authenticator.ts';
import { Grant, type GrantContext, type GrantHolder, notAllowed } from './grant.ts';
import { type NewLink, ShareLinks } from './share-links.ts';
import type { KeySetLimits, TokenOptions } from './token-key.ts';
import { tokenVerifier } from './token-verifier.ts';
import { type Credentials, credentialsOf, type Identity } from './user.ts';

/** Bounds of access control, in milliseconds. */
export interface AccessLimits extends KeySetLimits {
  /** How long a function of the host (`authenticate`, `authorize`) may take. */
  readonly hookTimeoutMs: number;
  /** How long before its token expires a peer is told. */
  readonly tokenWarningMs: number;
}

/** Who may do what, as the product that runs the server says it. */
export interface AccessOptions {
  /** Tokens say who somebody is, and in the claim `documents` what they may do. */
  readonly tokens?: TokenOptions;
  /** A function says who somebody is, in the place of tokens. */
  readonly authenticate?: Authenticate;
  /** A function says what they may do, in the place of the claim `documents`. */
  readonly authorize?: Authorize;
  /**
   * The file for what the server has to remember of access by itself: share links, revocations. Default: `access.json` in
   * the folder of a `LevelStorage`; with another storage nothing is kept after `close`.
   */
  readonly accessFile?: string;
  /** Where the audit log goes. Default: nowhere. */
  readonly audit?: AuditDestination;
}

/** What access control needs from its surroundings. */
export interface AccessContext extends Omit<AccessOptions, 'accessFile'> {
  readonly file?: AccessFile;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: AccessLimits;
}

/** Who did something: a person over HTTP, or the program that runs the server. */
export interface Actor {
  readonly by?: Identity;
  readonly address?: string | undefined;
}

/** So many users of a document may have been given an access of their own. */
const MAX_OVERRIDES = 10_000;

/** Who may do what, now and while they are connected: what changes acts on open connections at once. */
export class AccessControl {
  readonly audit: AuditLog;
  readonly #authenticator: Authenticator;
  readonly #state: AccessState;
  readonly #links: ShareLinks;
  readonly #grants = new Set<Grant>();
  readonly #grantContext: GrantContext;
  readonly #readsHeaders: boolean;
  readonly #clock: Clock;

  /** @throws TypeError when the options make no sense */
  constructor({ tokens, authenticate, authorize, file, audit, clock, logger, limits }: AccessContext) {
    if (tokens && authenticate) throw new TypeError('Give either tokens or authenticate, not both.');
    this.#clock = clock;
    this.#readsHeaders = authenticate !== undefined;
    this.#state = new AccessState(file ?? noAccessFile);
    this.#links = new ShareLinks(this.#state, () => clock.now());
    const verifyToken = tokens && tokenVerifier(tokens, limits);
    const hooks = { clock, logger, hookTimeoutMs: limits.hookTimeoutMs };
    this.#authenticator = new Authenticator({ verifyToken, authenticate, authorize }, this.#state, this.#links, hooks);
    this.audit = new AuditLog(audit, logger);
    this.#grantContext = {
      authenticator: this.#authenticator,
      clock,
      tokenWarningMs: limits.tokenWarningMs,
      onLive: ({ identity: by, address, document, access }) =>
        this.audit.write('connected', { by, address, document, access }),
      onReleased: (grant, wasLive) => {
        this.#grants.delete(grant);
        const { identity: by, address, document, endedBy } = grant;
        if (wasLive) this.audit.write('disconnected', { by, address, document, code: endedBy?.code });
      },
    };
  }

  /** What an upgrade brings along, before a hello was said. Its headers are for `authenticate` alone. */
  credentialsOf(request: IncomingMessage, address: string): Credentials {
    const credentials = credentialsOf(request, address);
    return this.#readsHeaders ? credentials : { ...credentials, headers: {} };
  }

  /** Whether there is no access control: everybody may do everything. */
  get open(): boolean {
    return this.#authenticator.open;
  }

  /** Reads what was kept. @throws ScriptoriumError STORE_UNAVAILABLE; Node's error when there can be no audit log */
  async start(): Promise<void> {
    this.audit.open();
    await this.#state.open();
  }

  async close(): Promise<void> {
    await this.#state.idle();
    this.audit.close();
  }

  /** Lets somebody in who wants to open a document. @throws ScriptoriumError UNAUTHORIZED, FORBIDDEN, ACCESS_UNKNOWN */
  async admit(credentials: Credentials, document: string, holder: GrantHolder): Promise<Grant> {
    const { address } = credentials;
    let by: Identity | undefined;
    try {
      by = await this.#authenticator.identify(credentials);
      const grant = new Grant(document, address, by, holder, this.#grantContext);
      this.#grants.add(grant);
      await grant.begin();
      return grant;
    } catch (error) {
      this.audit.write('refused', { by, address, document, code: asScriptoriumError(error).code });
      throw error;
    }
  }

  /** Whoever makes an HTTP request. @throws ScriptoriumError UNAUTHORIZED, ACCESS_UNKNOWN */
  async identify(credentials: Credentials): Promise<Identity> {
    const identity = await this.#authenticator.identify(credentials);
    this.#authenticator.checkRevoked(identity);
    return identity;
  }

  /** @throws ScriptoriumError UNAUTHORIZED, FORBIDDEN, ACCESS_UNKNOWN */
  async need(identity: Identity, document: string, needed: Access): Promise<void> {
    this.#authenticator.checkRevoked(identity, document);
    if (!allows(await this.#authenticator.accessOf(identity, document), needed)) throw notAllowed(identity);
  }

  /** @throws ScriptoriumError UNAUTHORIZED, FORBIDDEN */
  needServerAdmin(identity: Identity): void {
    if (!this.#authenticator.isServerAdmin(identity)) throw notAllowed(identity);
  }

  /** @throws ScriptoriumError UNAUTHORIZED when nobody unknown may see anything */
  needSomebody(identity: Identity): void {
    if (!this.#authenticator.isSomebody(identity)) throw notAllowed(identity);
  }

  /** Whether they may see that there is such a document. @throws ScriptoriumError ACCESS_UNKNOWN */
  async maySee(identity: Identity, document: string): Promise<boolean> {
    if (this.#authenticator.isRevoked(identity, document)) return false;
    return allows(await this.#authenticator.accessOf(identity, document), 'read');
  }

  /** What whoever has nothing to show may do with a document. @throws ScriptoriumError ACCESS_UNKNOWN */
  anybody(document: string): Promise<Access> {
    return this.#authenticator.accessOf({ user: null }, document);
  }

  /** What was set for users of a document. */
  overrides(document: string): Override[] {
    return this.#state.overridesOf(document);
  }

  /**
   * Sets what a user may do with a document, whatever else says; null: what else says counts again. It is in force at
   * once, and kept when this resolves.
   * @throws ScriptoriumError MALFORMED_REQUEST when the document has too many, STORE_UNAVAILABLE
   */
  async setAccess(document: string, user: string, access: Access | null, actor: Actor = {}): Promise<void> {
    const isNew = access !== null && this.#state.override(document, user) === undefined;
    if (isNew && this.#state.overridesOf(document).length >= MAX_OVERRIDES) {
      throw new ScriptoriumError('MALFORMED_REQUEST', `A document has at most ${MAX_OVERRIDES} users with an access.`);
    }
    const kept = this.#state.setOverride(document, user, access ?? undefined);
    this.audit.write('access-set', { ...actor, document, user, access });
    await Promise.all([kept, this.recheck({ user, document })]);
  }

  /**
   * Ends all that was issued until now, for a user, a document, or a user with a document: tokens, and links to the
   * document. Open connections end at once. What is issued later counts.
   * @throws ScriptoriumError STORE_UNAVAILABLE
   */
  async revoke(target: Target, actor: Actor = {}): Promise<void> {
    const kept = this.#state.revoke(target, this.#clock.now());
    this.audit.write('revoked', { ...actor, ...target });
    const error = new ScriptoriumError('FORBIDDEN', 'Your access was revoked.');
    for (const grant of this.#grantsOf(target)) grant.end(error);
    await kept;
  }

  /** Finds out anew what the open connections may do, as when rules changed that only `authorize` knows. */
  async recheck(target: Target = {}): Promise<void> {
    await Promise.all(this.#grantsOf(target).map((grant) => grant.recheck()));
  }

  /** @throws ScriptoriumError MALFORMED_REQUEST when the document has too many, STORE_UNAVAILABLE */
  async makeLink(made: Omit<NewLink, 'by'>, actor: Actor = {}): Promise<{ link: ShareLink; token: string }> {
    const { link, token } = await this.#links.make({ ...made, by: actor.by?.user?.id ?? null });
    const { id, document, access, expiresAt } = link;
    this.audit.write('link-made', { ...actor, document, link: id, access, expiresAt });
    return { link, token };
  }

  /** The links to a document, with their tokens. */
  links(document: string): Promise<{ link: ShareLink; token: string }[]> {
    return Promise.all(
      this.#links.list(document).map(async (link) => ({ link, token: await this.#links.token(link) })),
    );
  }

  /** Ends a link and the connections that came with it. False when there is none. @throws ScriptoriumError STORE_UNAVAILABLE */
  async revokeLink(document: string, id: string, actor: Actor = {}): Promise<boolean> {
    const kept = this.#links.revoke(document, id);
    const holders = [...this.#grants].filter(({ identity }) => identity.link === id);
    const [existed] = await Promise.all([kept, ...holders.map((grant) => grant.recheck())]);
    if (existed) this.audit.write('link-revoked', { ...actor, document, link: id });
    return existed;
  }

  /** The document was deleted. @throws ScriptoriumError STORE_UNAVAILABLE */
  async forget(document: string, actor: Actor): Promise<void> {
    this.audit.write('document-deleted', { ...actor, document });
    await this.#state.forget(document);
  }

  #grantsOf({ user, document }: Target): Grant[] {
    return [...this.#grants].filter(
      (grant) =>
        (user === undefined || grant.user?.id === user) && (document === undefined || grant.document === document),
    );
  }
}
