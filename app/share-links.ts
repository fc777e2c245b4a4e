import { documentUrl, isRecord, request, unreadable } from './api.ts';
import { documentPath } from './router.ts';

/** What a link may give. */
export type LinkAccess = 'read' | 'write';

/** A link that opens a document. Times are epoch ms. */
export interface ShareLink {
  readonly id: string;
  readonly access: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** The whole address. */
  readonly address: string;
}

/** The links to a document that one has made, and what anybody may do without one. */
export interface Sharing {
  readonly links: readonly ShareLink[];
  readonly anybody: string;
}

/** Throws `ApiError`, as all of these do. */
export async function loadSharing(document: string, token: string | undefined): Promise<Sharing> {
  const [listed, access] = await Promise.all(
    ['links', 'access'].map((what) => request('GET', `${documentUrl(document)}/${what}`, token)),
  );
  const links = isRecord(listed) ? listed['links'] : undefined;
  const anybody = isRecord(access) ? access['anybody'] : undefined;
  if (!Array.isArray(links) || typeof anybody !== 'string') throw unreadable();
  return { links: links.map((link) => readLink(document, link)), anybody };
}

/** @param expiresIn how long it lasts, in seconds; undefined: until it is taken back */
export async function makeLink(
  document: string,
  access: LinkAccess,
  expiresIn: number | undefined,
  token: string | undefined,
): Promise<ShareLink> {
  const body = expiresIn === undefined ? { access } : { access, expiresIn };
  return readLink(document, await request('POST', `${documentUrl(document)}/links`, token, body));
}

/** Whoever came with the link is sent away at once. */
export async function revokeLink(document: string, id: string, token: string | undefined): Promise<void> {
  await request('DELETE', `${documentUrl(document)}/links/${encodeURIComponent(id)}`, token);
}

function readLink(document: string, value: unknown): ShareLink {
  if (!isRecord(value)) throw unreadable();
  const { id, access, createdAt, expiresAt, token } = value;
  if (typeof id !== 'string' || typeof access !== 'string' || typeof token !== 'string') throw unreadable();
  if (typeof createdAt !== 'number') throw unreadable();
  return {
    id,
    access,
    createdAt,
    expiresAt: typeof expiresAt === 'number' ? expiresAt : undefined,
    // In the fragment: no server is sent that, so that it is in no log.
    address: `${location.origin}${documentPath(document)}#share=${token}`,
  };
}
