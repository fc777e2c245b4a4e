import { type JWTPayload, SignJWT } from 'jose';
import type { Access } from '../../protocol/index.ts';

/** The secret of the servers in tests. */
export const SECRET = 'a secret of at least thirty-two bytes';

/** What a token says beside who it is for. */
export interface TokenClaims {
  readonly documents?: Readonly<Record<string, Access>>;
  readonly name?: string;
  readonly admin?: boolean;
  /** When it was issued, seconds from now. Default 0. */
  readonly issuedIn?: number;
  /** When it expires, seconds from now. Default: never. */
  readonly expiresIn?: number;
}

/** A token as an issuer with {@link SECRET} makes it. */
export function tokenFor(sub: string, claims: TokenClaims = {}, secret = SECRET): Promise<string> {
  const { issuedIn = 0, expiresIn, ...rest } = claims;
  const now = Date.now() / 1000;
  const payload: JWTPayload = {
    sub,
    iat: Math.floor(now + issuedIn),
    // Not rounded: expiry within seconds is what some tests are about.
    ...(expiresIn !== undefined && { exp: now + expiresIn }),
    ...rest,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
}
