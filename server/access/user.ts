import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Access, PeerUser } from '../../protocol/index.ts';

/** Who somebody is, with what a token or the function `authenticate` says of what they may do. */
export interface User extends PeerUser {
  /** What they may do, by names of documents: see `accessByName`. Not looked at where there is an `authorize`. */
  readonly documents?: Readonly<Record<string, Access>>;
  /** Whether they look after the whole server: `admin` of every document, backups, revocations. */
  readonly admin?: boolean;
  /** When this stops counting, milliseconds since 1970. Default: never. */
  readonly expiresAt?: number;
  /** When this was issued, milliseconds since 1970: a revocation ends all that was issued until then. */
  readonly issuedAt?: number;
  /** All that the token says, where there was one. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What somebody came with: of an HTTP request, or of the upgrade to a WebSocket. */
export interface Credentials {
  /** The token of the hello, else of the `Authorization` header, else of the query. */
  readonly token: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The address that the request came from. */
  readonly address: string | undefined;
}

/** Whom the server takes somebody for. */
export interface Identity {
  /** null: nobody known. */
  readonly user: User | null;
  /** The id of the share link that they came with. What it gives is all that they have. */
  readonly link?: string;
  readonly expiresAt?: number;
}

/** What a request brings along, before a hello was said. */
export function credentialsOf({ headers, url = '/' }: IncomingMessage, address: string | undefined): Credentials {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const query = url.includes('?') ? new URLSearchParams(url.slice(url.indexOf('?'))).get('token') : null;
  return { token: bearer ?? query ?? undefined, headers, address };
}
