import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { ourClient, textOf, write } from '../../support/clients.ts';
import { startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** An issuer of tokens that changes its key when it is told to, and then publishes no more than the new one. */
async function issuer() {
  let key = await generateKeyPair('ES256', { extractable: true });
  let kid = 1;
  const server = createServer(async (_, response) => {
    response.end(JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), alg: 'ES256', kid: String(kid) }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    token: (sub: string, expiresInMs: number) =>
      new SignJWT({ documents: { '*': 'write' }, exp: (Date.now() + expiresInMs) / 1000 })
        .setSubject(sub)
        .setProtectedHeader({ alg: 'ES256', kid: String(kid) })
        .sign(key.privateKey),
    async rotate() {
      key = await generateKeyPair('ES256', { extractable: true });
      kid++;
    },
  };
}

test('clients write on while the issuer changes its keys again and again, and nothing is lost', async () => {
  const { jwksUrl, token, rotate } = await issuer();
  const server = await startServer(
    await temporaryFolder(),
    0,
    { tokenWarningMs: 1_000, jwksCooldownMs: 1 },
    { tokens: { jwksUrl, clockToleranceSeconds: 0 } },
  );
  onTestFinished(() => server.close());
  let fetched = 0;
  const clients = ['ada', 'ben'].map((sub) =>
    ourClient(server.syncUrl, 'd', {
      token: () => {
        fetched++;
        return token(sub, 2_000);
      },
    }),
  );
  await Promise.all(clients.map((client) => client.whenSynced()));
  let written = 0;
  for (let rotations = 0; rotations < 3; rotations++) {
    await rotate();
    const before = fetched;
    while (fetched < before + clients.length) {
      for (const client of clients) write(client, 'x');
      written += clients.length;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  await Promise.all(clients.map((client) => client.whenSaved()));
  const reader = ourClient(server.syncUrl, 'd', { token: () => token('reader', 60_000) });
  await reader.whenSynced();
  expect(textOf(reader)).toBe('x'.repeat(written));
});
