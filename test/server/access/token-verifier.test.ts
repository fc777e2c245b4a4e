import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TokenOptions } from '../../../server/access/token-key.ts';
import { tokenVerifier } from '../../../server/access/token-verifier.ts';
import { rejection } from '../../support/error-code.ts';

const SECRET = 'a secret of at least thirty-two bytes';
const LIMITS = { jwksMaxAgeMs: 600_000, jwksCooldownMs: 30_000, hookTimeoutMs: 1_000 };
const OPTIONS: TokenOptions = { secret: SECRET, issuer: 'us', audience: 'docs', clockToleranceSeconds: 0 };
const now = (): number => Math.floor(Date.now() / 1000);
const GOOD = (): JWTPayload => ({ sub: 'ada', iss: 'us', aud: 'docs', iat: now(), nbf: now(), exp: now() + 60 });

type Key = Parameters<SignJWT['sign']>[0];

const sign = (claims: JWTPayload, key: Key = Buffer.from(SECRET), alg = 'HS256', kid?: string): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(key);

const verifier = (options: TokenOptions = OPTIONS) => tokenVerifier(options, LIMITS);

/** The code that a token is refused with; undefined when it is taken. */
async function refusalOf(token: string | Promise<string>, options?: TokenOptions): Promise<string | undefined> {
  return (await rejection(verifier(options)(await token)))?.code;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a token with a shared secret', () => {
  test('says who it is, what they may do and for how long', async () => {
    const claims = { ...GOOD(), name: 'Ada', documents: { 'a/*': 'write' }, admin: true, team: 7 };
    expect(await verifier()(await sign(claims))).toEqual({
      id: 'ada',
      name: 'Ada',
      documents: { 'a/*': 'write' },
      admin: true,
      issuedAt: Number(claims.iat) * 1000,
      expiresAt: Number(claims.exp) * 1000,
      claims,
    });
  });

  test.each<[string, (claims: JWTPayload) => JWTPayload]>([
    ['is over', (claims) => ({ ...claims, exp: now() - 1 })],
    ['does not hold yet', (claims) => ({ ...claims, nbf: now() + 60 })],
    ['is of another issuer', (claims) => ({ ...claims, iss: 'them' })],
    ['says no issuer', ({ iss: _, ...claims }) => claims],
    ['is for another audience', (claims) => ({ ...claims, aud: ['mail', 'chat'] })],
    ['says no audience', ({ aud: _, ...claims }) => claims],
    ['says no subject', ({ sub: _, ...claims }) => claims],
    ['has an empty subject', (claims) => ({ ...claims, sub: '' })],
    ['gives an access that there is not', (claims) => ({ ...claims, documents: { '*': 'owner' } })],
    ['has text for documents', (claims) => ({ ...claims, documents: '*' })],
  ])('that %s is refused', async (_, change) => {
    expect(await refusalOf(sign(change(GOOD())))).toBe('UNAUTHORIZED');
  });

  test('counts a little longer where the clocks may differ, and says until when', async () => {
    const options = { ...OPTIONS, clockToleranceSeconds: 5 };
    const exp = now() - 2;
    const user = await verifier(options)(await sign({ ...GOOD(), exp }));
    expect(user.expiresAt).toBe((exp + 5) * 1000);
    expect(await refusalOf(sign({ ...GOOD(), exp: now() - 6 }), options)).toBe('UNAUTHORIZED');
  });

  test('is an administrator only where the claim is true', async () => {
    const user = await verifier()(await sign({ ...GOOD(), admin: 'true' }));
    expect(user.admin).toBeUndefined();
  });

  test('that does not say when it was issued was so before everything', async () => {
    const { iat: _, ...claims } = GOOD();
    expect((await verifier()(await sign(claims))).issuedAt).toBe(0);
  });

  test.each([
    ['nothing', ''],
    ['no token', 'nonsense'],
    ['three empty parts', '..'],
    [
      'an unsigned token',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"ada"}').toString('base64url')}.`,
    ],
    ['more than a token has', 'x'.repeat(20_000)],
  ])('is refused when it is %s', async (_, token) => {
    expect(await refusalOf(token)).toBe('UNAUTHORIZED');
  });

  test('signed with another secret is refused, and the refusal tells neither token nor claims', async () => {
    const token = await sign({ ...GOOD(), documents: { confidential: 'read' } }, Buffer.from(`${SECRET}!`));
    const error = await rejection(verifier()(token));
    expect(error?.code).toBe('UNAUTHORIZED');
    expect(error?.cause).toBeUndefined();
    const told = JSON.stringify([error, error?.message, error?.stack]);
    expect(told).not.toContain(token.slice(0, 20));
    expect(told).not.toContain('confidential');
  });

  test('signed with HS512 is refused unless that is said', async () => {
    const token = sign(GOOD(), Buffer.from(SECRET.repeat(2)), 'HS512');
    expect(await refusalOf(token, { ...OPTIONS, secret: SECRET.repeat(2) })).toBe('UNAUTHORIZED');
    expect(await refusalOf(token, { ...OPTIONS, secret: SECRET.repeat(2), algorithms: ['HS512'] })).toBeUndefined();
  });
});

describe.each([
  ['RS256', 'RS256'],
  ['ES256', 'ES256'],
  ['EdDSA', 'EdDSA'],
])('a token with a key pair for %s', (_, alg) => {
  test('is taken with the public key as PEM or JWK, and with no other key', async () => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const other = await generateKeyPair(alg, { extractable: true });
    const token = await sign({ sub: 'ada' }, privateKey, alg);
    const pem = await exportSPKI(publicKey);
    expect(await refusalOf(token, { publicKey: pem })).toBeUndefined();
    expect(await refusalOf(token, { publicKey: await exportJWK(publicKey) })).toBeUndefined();
    expect(await refusalOf(token, { publicKey: await exportSPKI(other.publicKey) })).toBe('UNAUTHORIZED');
  });

  test('that is signed with the public key as if it were a secret is refused', async () => {
    const { publicKey } = await generateKeyPair(alg, { extractable: true });
    const pem = await exportSPKI(publicKey);
    expect(await refusalOf(sign({ sub: 'ada' }, Buffer.from(pem)), { publicKey: pem })).toBe('UNAUTHORIZED');
  });
});

test('RS256 and PS256 are not the same: the key decides which is taken', async () => {
  const { publicKey, privateKey } = await generateKeyPair('PS256', { extractable: true });
  const pem = await exportSPKI(publicKey);
  const token = await sign({ sub: 'ada' }, privateKey, 'PS256');
  expect(await refusalOf(token, { publicKey: pem })).toBe('UNAUTHORIZED');
  expect(await refusalOf(token, { publicKey: pem, algorithms: ['PS256'] })).toBeUndefined();
});

describe('options that make no sense are an error of the programmer:', () => {
  test.each<[string, TokenOptions]>([
    ['no key', {}],
    ['two keys', { secret: SECRET, jwksUrl: 'https://example.org/jwks' }],
    ['a short secret', { secret: 'short' }],
    ['a public key that is none', { publicKey: 'nonsense' }],
    ['no algorithm', { secret: SECRET, algorithms: [] }],
    ['an algorithm that does not fit the key', { secret: SECRET, algorithms: ['RS256'] }],
    ['a secret algorithm with a key set', { jwksUrl: 'https://example.org/jwks', algorithms: ['HS256'] }],
    ['an address that is none', { jwksUrl: 'file:///etc/passwd' }],
  ])('%s', (_, options) => {
    expect(() => verifier(options)).toThrow(TypeError);
  });
});

interface KeyServer {
  readonly url: string;
  keys: object[];
  fetched: number;
  answer: 'keys' | 'error' | 'nothing';
  readonly server: Server;
}

async function keyServer(): Promise<KeyServer> {
  const server = createServer((_, response) => {
    state.fetched++;
    if (state.answer === 'error') response.writeHead(500).end();
    if (state.answer === 'keys') response.end(JSON.stringify({ keys: state.keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const state: KeyServer = { url, keys: [], fetched: 0, answer: 'keys', server };
  return state;
}

async function issuer(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' },
    token: () => sign({ sub: 'ada' }, privateKey, 'ES256', kid),
  };
}

describe('a key set', () => {
  test('is fetched once for many tokens', async () => {
    const keys = await keyServer();
    const first = await issuer('1');
    keys.keys = [first.jwk];
    const verify = verifier({ jwksUrl: keys.url });
    for (let i = 0; i < 5; i++) await verify(await first.token());
    expect(keys.fetched).toBe(1);
  });

  test('is fetched again for a key that is new, but not for every unknown one', async () => {
    const keys = await keyServer();
    const [first, second] = [await issuer('1'), await issuer('2')];
    keys.keys = [first.jwk];
    const verify = verifier({ jwksUrl: keys.url });
    await verify(await first.token());
    keys.keys = [second.jwk];
    for (let i = 0; i < 5; i++) expect((await rejection(verify(await second.token())))?.code).toBe('UNAUTHORIZED');
    expect(keys.fetched).toBe(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LIMITS.jwksCooldownMs + 1_000 });
    expect((await verify(await second.token())).id).toBe('ada');
    expect(keys.fetched).toBe(2);
  });

  test('that no longer has a key takes its tokens no longer, once it has been fetched again', async () => {
    const keys = await keyServer();
    const [first, second] = [await issuer('1'), await issuer('2')];
    keys.keys = [first.jwk, second.jwk];
    const verify = verifier({ jwksUrl: keys.url });
    await verify(await first.token());
    keys.keys = [second.jwk];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LIMITS.jwksMaxAgeMs + 1_000 });
    expect((await rejection(verify(await first.token())))?.code).toBe('UNAUTHORIZED');
    expect((await verify(await second.token())).id).toBe('ada');
  });

  test.each(['error', 'nothing'] as const)('that answers with %s says nothing about the token', async (answer) => {
    const keys = await keyServer();
    keys.answer = answer;
    const { token } = await issuer('1');
    expect(await refusalOf(token(), { jwksUrl: keys.url })).toBe('ACCESS_UNKNOWN');
  });

  test('is not asked about a token that is signed in another way', async () => {
    const keys = await keyServer();
    expect(await refusalOf(sign(GOOD()), { jwksUrl: keys.url })).toBe('UNAUTHORIZED');
    expect(keys.fetched).toBe(0);
  });
});
