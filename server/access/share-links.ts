import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { type Access, ScriptoriumError } from '../../protocol/index.ts';
import type { AccessState, ShareLink } from './access-state.ts';
import type { Identity } from './user.ts';

/** What a link is made of. */
export interface NewLink {
  readonly document: string;
  readonly access: Access;
  /** How long it lasts, in seconds. Default: until it is revoked. */
  readonly expiresIn?: number | undefined;
  /** The id of who makes it. */
  readonly by: string | null;
}

/** Says that a token is one of ours: no other is checked with our key, and ours with no other. */
const TYPE = 'share+jwt';
const ALGORITHM = 'HS256';
const ID_BYTES = 16;
const MAX_LINKS = 1_000;

/**
 * Links that give access to one document. A link is a token: a JSON Web Token with the link's id, signed with a key of
 * the server's own. What it gives is not in it but in the {@link AccessState}: so it is short, and ends when the link is
 * revoked.
 */
export class ShareLinks {
  readonly #state: AccessState;
  readonly #now: () => number;

  constructor(state: AccessState, now: () => number) {
    this.#state = state;
    this.#now = now;
  }

  /** @throws ScriptoriumError MALFORMED_REQUEST when the document has too many, STORE_UNAVAILABLE */
  async make({ document, access, expiresIn, by }: NewLink): Promise<{ link: ShareLink; token: string }> {
    const createdAt = this.#now();
    const links = this.list(document);
    if (links.length >= MAX_LINKS) {
      throw new ScriptoriumError('MALFORMED_REQUEST', `A document has at most ${MAX_LINKS} links.`);
    }
    const link: ShareLink = {
      id: randomBytes(ID_BYTES).toString('base64url'),
      document,
      access,
      createdAt,
      createdBy: by,
      ...(expiresIn !== undefined && { expiresAt: createdAt + expiresIn * 1000 }),
    };
    await this.#state.addLink(link);
    return { link, token: await this.token(link) };
  }

  /** The token of a link: the same whenever it is asked for. */
  async token({ id, expiresAt }: ShareLink): Promise<string> {
    const token = new SignJWT().setProtectedHeader({ alg: ALGORITHM, typ: TYPE }).setJti(id);
    if (expiresAt !== undefined) token.setExpirationTime(Math.ceil(expiresAt / 1000));
    const key = this.#state.linkKey;
    if (key === undefined) throw new TypeError('there is no link without a key');
    return token.sign(key);
  }

  /** The links to a document that still open it, the newest first. */
  list(document: string): ShareLink[] {
    return this.#state.linksTo(document).filter((link) => !this.#isOver(link));
  }

  /** False when the document has no such link. */
  async revoke(document: string, id: string): Promise<boolean> {
    if (this.#state.link(id)?.document !== document) return false;
    await this.#state.removeLink(id);
    return true;
  }

  /** Whether the token is, or says that it is, one of a link. */
  isLinkToken(token: string): boolean {
    try {
      return decodeProtectedHeader(token).typ === TYPE;
    } catch {
      return false;
    }
  }

  /** @throws ScriptoriumError UNAUTHORIZED */
  async identify(token: string): Promise<Identity> {
    const id = await this.#idIn(token);
    const link = id === undefined ? undefined : this.#state.link(id);
    if (link === undefined || this.#isOver(link)) {
      throw new ScriptoriumError('UNAUTHORIZED', 'The link has expired or was revoked.');
    }
    return { user: null, link: link.id, ...(link.expiresAt !== undefined && { expiresAt: link.expiresAt }) };
  }

  /** What the link gives: nothing when it is over, or is one to another document. */
  accessOf(id: string, document: string): Access {
    const link = this.#state.link(id);
    return link === undefined || link.document !== document || this.#isOver(link) ? 'none' : link.access;
  }

  async #idIn(token: string): Promise<string | undefined> {
    const key = this.#state.linkKey;
    if (key === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        currentDate: new Date(this.#now()),
      });
      return payload.jti;
    } catch {
      return undefined; // forged or expired: to whoever has it that is the same
    }
  }

  #isOver({ expiresAt }: ShareLink): boolean {
    return expiresAt !== undefined && expiresAt <= this.#now();
  }
}
