import { createPublicKey, type JsonWebKey, KeyObject } from 'node:crypto';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';

/** How tokens are checked. One of `secret`, `publicKey` and `jwksUrl`. */
export interface TokenOptions {
  /** The secret that issuer and server share, at least 32 bytes: HS256. */
  readonly secret?: string | Uint8Array;
  /** The issuer's public key as PEM, JWK or Node's `KeyObject`: RS256, ES256 or EdDSA, as the key is. */
  readonly publicKey?: string | JsonWebKey | KeyObject;
  /** Where the issuer publishes its keys as a JSON Web Key Set; they may change at any time. RS256, ES256 or EdDSA. */
  readonly jwksUrl?: string;
  /** What `iss` has to be. Default: anything. */
  readonly issuer?: string | string[];
  /** What `aud` has to have. Default: anything. */
  readonly audience?: string | string[];
  /** The algorithms that are taken, of those that fit the kind of key. Default: the one named above. */
  readonly algorithms?: readonly string[];
  /** By how much the clocks of issuer and server may differ, in seconds. Default 5. */
  readonly clockToleranceSeconds?: number;
}

/** Bounds of fetching a key set, in milliseconds. */
export interface KeySetLimits {
  /** How long a key set counts before it is fetched anew. */
  readonly jwksMaxAgeMs: number;
  /** How long after a fetch an unknown key leads to no other one. */
  readonly jwksCooldownMs: number;
  /** How long a fetch may take. */
  readonly hookTimeoutMs: number;
}

/** What a token is checked with, and the algorithms that may be used with that. */
export interface TokenKey {
  readonly key: Uint8Array | KeyObject | JWTVerifyGetKey;
  readonly algorithms: string[];
}

/** A kind of key: what its tokens are signed with, and what they may be signed with if that is said. */
interface Kind {
  readonly usual: readonly string[];
  readonly possible: readonly string[];
}

const SECRET: Kind = { usual: ['HS256'], possible: ['HS256', 'HS384', 'HS512'] };
const RSA: Kind = { usual: ['RS256'], possible: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] };
const EDWARDS: Kind = { usual: ['EdDSA', 'Ed25519'], possible: ['EdDSA', 'Ed25519'] };
const CURVES: Readonly<Record<string, Kind>> = {
  prime256v1: { usual: ['ES256'], possible: ['ES256'] },
  secp384r1: { usual: ['ES384'], possible: ['ES384'] },
  secp521r1: { usual: ['ES512'], possible: ['ES512'] },
};
const KEY_SET: Kind = {
  usual: ['RS256', 'ES256', ...EDWARDS.usual],
  possible: [RSA, ...Object.values(CURVES), EDWARDS].flatMap(({ possible }) => possible),
};

/** As RFC 7518 wants it for HS256. */
const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 2048;

/** @throws TypeError when it is not one key, the key is too weak, or the algorithms do not fit it */
export function tokenKey(options: TokenOptions, limits: KeySetLimits): TokenKey {
  const { secret, publicKey, jwksUrl } = options;
  if ([secret, publicKey, jwksUrl].filter((given) => given !== undefined).length !== 1) {
    throw new TypeError('tokens needs one of secret, publicKey and jwksUrl.');
  }
  if (secret !== undefined) {
    const key = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
    if (key.length < MIN_SECRET_BYTES) throw new TypeError(`tokens.secret has less than ${MIN_SECRET_BYTES} bytes.`);
    return { key, algorithms: chosen(options, SECRET) };
  }
  if (publicKey !== undefined) {
    const key = publicKeyObject(publicKey);
    return { key, algorithms: chosen(options, kindOf(key)) };
  }
  return { key: keySet(jwksUrl ?? '', limits), algorithms: chosen(options, KEY_SET) };
}

/** The kind of key decides, never the token: one that is signed with a public key as if it were a secret is refused. */
function chosen({ algorithms }: TokenOptions, { usual, possible }: Kind): string[] {
  if (algorithms === undefined) return [...usual];
  if (algorithms.length === 0 || !algorithms.every((name) => possible.includes(name))) {
    throw new TypeError(`tokens.algorithms may have ${possible.join(', ')} with this key.`);
  }
  return [...algorithms];
}

function publicKeyObject(given: string | JsonWebKey | KeyObject): KeyObject {
  if (given instanceof KeyObject) {
    if (given.type === 'secret') throw new TypeError('tokens.publicKey is a secret: use tokens.secret.');
    return given.type === 'public' ? given : createPublicKey(given);
  }
  try {
    return typeof given === 'string' ? createPublicKey(given) : createPublicKey({ key: given, format: 'jwk' });
  } catch (cause) {
    throw new TypeError('tokens.publicKey is no public key (PEM or JWK).', { cause });
  }
}

function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Kind {
  if (asymmetricKeyType === 'ed25519') return EDWARDS;
  if (asymmetricKeyType === 'rsa') {
    if ((asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS) return RSA;
    throw new TypeError(`tokens.publicKey is an RSA key of less than ${MIN_RSA_BITS} bits.`);
  }
  const kind = asymmetricKeyType === 'ec' ? CURVES[asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
  if (kind === undefined) throw new TypeError('tokens.publicKey is no RSA, P-256, P-384, P-521 or Ed25519 key.');
  return kind;
}

function keySet(address: string, limits: KeySetLimits): JWTVerifyGetKey {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new TypeError('tokens.jwksUrl is no web address.');
  return createRemoteJWKSet(url, {
    cacheMaxAge: limits.jwksMaxAgeMs,
    cooldownDuration: limits.jwksCooldownMs,
    timeoutDuration: limits.hookTimeoutMs,
  });
}
