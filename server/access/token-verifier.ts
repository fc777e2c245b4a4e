import { errors, type JWTPayload, type JWTVerifyOptions, type JWTVerifyResult, jwtVerify } from 'jose';
import { ScriptoriumError } from '../../protocol/index.ts';
import { readDocumentsClaim } from './access-by-name.ts';
import { type KeySetLimits, type TokenKey, type TokenOptions, tokenKey } from './token-key.ts';
import type { User } from './user.ts';

/** Checks a token; answers with whom it was issued for. Rejects with UNAUTHORIZED, or ACCESS_UNKNOWN without keys. */
export type VerifyToken = (token: string) => Promise<User>;

/** The longest token that is looked at, in UTF-16 units. */
const MAX_TOKEN_LENGTH = 16 * 1024;
const DEFAULT_TOLERANCE_SECONDS = 5;

/** What is wrong with a token, by jose's codes. Neither the token nor what is in it is told. */
const PROBLEMS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'The token has expired.',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'The token is not for this server, or not yet.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'The token is not signed by its issuer.',
  ERR_JOSE_ALG_NOT_ALLOWED: 'The token is signed in a way that is not taken here.',
  ERR_JWKS_NO_MATCHING_KEY: 'The token is signed with a key that its issuer does not have.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'The token does not say with which key it is signed.',
  ERR_JWT_INVALID: 'The token cannot be read.',
  ERR_JWS_INVALID: 'The token cannot be read.',
  ERR_JOSE_NOT_SUPPORTED: 'The token is signed in a way that is not taken here.',
};

/**
 * What checks JSON Web Tokens (RFC 7519): signature, `exp`, `nbf`, `iss`, `aud`. The user is `sub` and `name`; what they
 * may do is in `documents` and `admin`.
 * @throws TypeError when the options make no sense
 */
export function tokenVerifier(options: TokenOptions, limits: KeySetLimits): VerifyToken {
  const key = tokenKey(options, limits);
  const clockTolerance = options.clockToleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
  const checks: JWTVerifyOptions = {
    algorithms: key.algorithms,
    requiredClaims: ['sub'],
    clockTolerance,
    ...(options.issuer !== undefined && { issuer: options.issuer }),
    ...(options.audience !== undefined && { audience: options.audience }),
  };
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw unauthorized('The token is too long.');
    try {
      return userOf((await verify(token, key, checks)).payload, clockTolerance);
    } catch (error) {
      throw refusal(error);
    }
  };
}

function verify(token: string, { key }: TokenKey, checks: JWTVerifyOptions): Promise<JWTVerifyResult> {
  return typeof key === 'function' ? jwtVerify(token, key, checks) : jwtVerify(token, key, checks);
}

function userOf(claims: JWTPayload, toleranceSeconds: number): User {
  const { sub, name, documents, admin, iat, exp } = claims;
  if (typeof sub !== 'string' || sub === '') throw unauthorized('The token has no sub.');
  const rules = documents === undefined ? {} : readDocumentsClaim(documents);
  if (rules === undefined) throw unauthorized('The claim documents of the token makes no sense.');
  return {
    id: sub,
    ...(typeof name === 'string' && { name }),
    documents: rules,
    ...(admin === true && { admin }),
    // One that does not say when it was issued was so before any revocation.
    issuedAt: (iat ?? 0) * 1000,
    claims,
    ...(exp !== undefined && { expiresAt: (exp + toleranceSeconds) * 1000 }),
  };
}

/** What went wrong, as it may be told and logged. jose's own errors hold the claims of the token. */
function refusal(error: unknown): ScriptoriumError {
  if (error instanceof ScriptoriumError) return error;
  const problem = error instanceof errors.JOSEError ? PROBLEMS[error.code] : undefined;
  if (problem !== undefined) return unauthorized(problem);
  return new ScriptoriumError('ACCESS_UNKNOWN', 'The keys of the issuer cannot be fetched.', { cause: error });
}

function unauthorized(message: string): ScriptoriumError {
  return new ScriptoriumError('UNAUTHORIZED', message);
}
