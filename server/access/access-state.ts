import { randomBytes } from 'node:crypto';
import { type Access, isAccess, ScriptoriumError } from '../../protocol/index.ts';
import { type AccessFile, noAccessFile } from './access-file.ts';

/** A link that gives access to one document. Times are milliseconds since 1970. */
export interface ShareLink {
  readonly id: string;
  readonly document: string;
  readonly access: Access;
  readonly createdAt: number;
  /** The id of who made it; null for somebody unknown. */
  readonly createdBy: string | null;
  readonly expiresAt?: number;
}

/** What a user may do with a document, whatever their token or the function `authorize` says. */
export interface Override {
  readonly document: string;
  readonly user: string;
  readonly access: Access;
}

/** Whom or what a revocation is about: a user, a document, or a user with a document. */
export interface Target {
  readonly user?: string | undefined;
  readonly document?: string | undefined;
}

/** What was issued until `at` doesn't count any more. */
interface Revocation extends Target {
  readonly at: number;
}

const VERSION = 1;
const KEY_BYTES = 32;

/**
 * What the server has to remember of access by itself: the share links and the key they are signed with, what users may
 * do whatever their tokens say, and what has been revoked. It is in force at once, and kept when a call resolves.
 */
export class AccessState {
  readonly #file: AccessFile;
  #key: string | undefined;
  readonly #links = new Map<string, ShareLink>();
  readonly #overrides = new Map<string, Override>();
  readonly #revocations = new Map<string, Revocation>();
  #opened = false;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(file: AccessFile = noAccessFile) {
    this.#file = file;
  }

  /** Reads what was kept. @throws ScriptoriumError STORE_UNAVAILABLE */
  async open(): Promise<void> {
    const kept = await this.#file.read();
    this.#opened = true;
    if (kept === undefined) return;
    const { version, key, links, overrides, revocations } = parseState(kept);
    if (version !== VERSION) throw unreadable(`it has version ${String(version)}, this server knows ${VERSION}`);
    this.#key = key;
    for (const link of links) this.#links.set(link.id, link);
    for (const override of overrides) this.#overrides.set(keyOf(override), override);
    for (const revocation of revocations) this.#revocations.set(keyOf(revocation), revocation);
  }

  /** The secret that links are signed with; undefined as long as there was none. */
  get linkKey(): Uint8Array | undefined {
    return this.#key === undefined ? undefined : Buffer.from(this.#key, 'base64url');
  }

  link(id: string): ShareLink | undefined {
    return this.#links.get(id);
  }

  /** The links to a document, the newest first. */
  linksTo(document: string): ShareLink[] {
    const links = [...this.#links.values()].filter((link) => link.document === document);
    return links.sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Keeps a link, and with the first one a key. */
  addLink(link: ShareLink): Promise<void> {
    this.#key ??= randomBytes(KEY_BYTES).toString('base64url');
    this.#links.set(link.id, link);
    return this.#save();
  }

  async removeLink(id: string): Promise<void> {
    if (this.#links.delete(id)) await this.#save();
  }

  override(document: string, user: string): Access | undefined {
    return this.#overrides.get(keyOf({ document, user }))?.access;
  }

  overridesOf(document: string): Override[] {
    return [...this.#overrides.values()].filter((override) => override.document === document);
  }

  /** Without an access, the token or the function decides again. */
  setOverride(document: string, user: string, access: Access | undefined): Promise<void> {
    const key = keyOf({ document, user });
    if (access === undefined) this.#overrides.delete(key);
    else this.#overrides.set(key, { document, user, access });
    return this.#save();
  }

  /** Ends all that was issued until now for this user, for this document, or for this user and this document. */
  revoke({ user, document }: Target, at: number): Promise<void> {
    const target = { ...(user !== undefined && { user }), ...(document !== undefined && { document }) };
    this.#revocations.set(keyOf(target), { ...target, at });
    for (const link of this.#links.values()) {
      if (user === undefined && link.document === document) this.#links.delete(link.id);
    }
    return this.#save();
  }

  /** Whether what was issued to this user at that time has been revoked, for this document or altogether. */
  isRevoked(user: string, issuedAt: number, document?: string): boolean {
    const targets: Target[] = [{ user }];
    if (document !== undefined) targets.push({ document }, { user, document });
    return targets.some((target) => issuedAt <= (this.#revocations.get(keyOf(target))?.at ?? -1));
  }

  /** The document is gone: another one of its name is nothing that anybody was given access to. */
  async forget(document: string): Promise<void> {
    const kept = this.#links.size + this.#overrides.size;
    for (const { id } of this.linksTo(document)) this.#links.delete(id);
    for (const override of this.overridesOf(document)) this.#overrides.delete(keyOf(override));
    if (this.#links.size + this.#overrides.size !== kept) await this.#save();
  }

  /** Waits for what is being written. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing.catch(() => {});
  }

  /** One write at a time; all that changed while it was under way goes into the next one. */
  #save(): Promise<void> {
    // What was kept before has to be read first: this would take its place.
    if (!this.#opened) return Promise.reject(new ScriptoriumError('STORE_UNAVAILABLE', 'The server is not open yet.'));
    if (this.#writing === undefined) {
      this.#writing = this.#write();
      return this.#writing;
    }
    this.#next ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        this.#writing = this.#write();
        return this.#writing;
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const writing = this.#file.write({
      version: VERSION,
      key: this.#key,
      links: [...this.#links.values()],
      overrides: [...this.#overrides.values()],
      revocations: [...this.#revocations.values()],
    });
    try {
      await writing;
    } finally {
      if (this.#next === undefined) this.#writing = undefined;
    }
  }
}

interface KeptState {
  readonly version: unknown;
  readonly key: string | undefined;
  readonly links: readonly ShareLink[];
  readonly overrides: readonly Override[];
  readonly revocations: readonly Revocation[];
}

function parseState(value: unknown): KeptState {
  const { version, key, links, overrides, revocations } = (value ?? {}) as Record<string, unknown>;
  if (key !== undefined && typeof key !== 'string') throw unreadable('its key is none');
  if (!isListOf(links, isLink) || !isListOf(overrides, isOverride) || !isListOf(revocations, isRevocation)) {
    throw unreadable('it is not complete');
  }
  return {
    version,
    key,
    links: links as ShareLink[],
    overrides: overrides as Override[],
    revocations: revocations as Revocation[],
  };
}

function isListOf(value: unknown, is: (item: Record<string, unknown>) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && is(item));
}

function isLink({ id, document, access, createdAt }: Record<string, unknown>): boolean {
  return typeof id === 'string' && typeof document === 'string' && isAccess(access) && typeof createdAt === 'number';
}

function isOverride({ document, user, access }: Record<string, unknown>): boolean {
  return typeof document === 'string' && typeof user === 'string' && isAccess(access);
}

function isRevocation({ at }: Record<string, unknown>): boolean {
  return typeof at === 'number';
}

function keyOf({ user, document }: Target): string {
  return JSON.stringify([user ?? null, document ?? null]);
}

function unreadable(why: string): ScriptoriumError {
  return new ScriptoriumError('STORE_UNAVAILABLE', `What was kept of access cannot be read: ${why}.`);
}
