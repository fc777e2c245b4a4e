import { decodeJwt, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import type { Closed, ScriptoriumProvider } from '../../../client/node.ts';
import { ourClient, stockClient, textOf, write } from '../../support/clients.ts';
import { RawClient } from '../../support/raw-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { SECRET, tokenFor } from '../../support/tokens.ts';

interface Link {
  readonly id: string;
  readonly token: string;
  readonly access: string;
  readonly expiresAt?: number;
}

interface Running extends TestServer {
  readonly folder: string;
  call(method: string, path: string, body?: object, token?: string): Promise<Response>;
  link(document: string, made: object): Promise<Link>;
}

async function start(folder?: string): Promise<Running> {
  const store = folder ?? (await temporaryFolder());
  const server = await startServer(store, 0, {}, { tokens: { secret: SECRET } });
  onTestFinished(() => server.close());
  const admin = await tokenFor('owner', { documents: { '*': 'admin' } });
  const running: Running = {
    ...server,
    folder: store,
    call: (method, path, body, token = admin) =>
      fetch(server.httpUrl + path, {
        method,
        headers: { Authorization: `Bearer ${token}` },
        ...(body && { body: JSON.stringify(body) }),
      }),
    async link(document, made) {
      const response = await running.call('POST', `/api/documents/${document}/links`, made);
      expect(response.status).toBe(201);
      return (await response.json()) as Link;
    },
  };
  return running;
}

const closeOf = (provider: ScriptoriumProvider): Promise<Closed> =>
  new Promise((resolve) => provider.once('closed', resolve));

test('a link opens its document with its access, and no other document', async () => {
  const server = await start();
  const reading = await server.link('d', { access: 'read' });
  const writing = await server.link('d', { access: 'write' });
  const writer = ourClient(server.syncUrl, 'd', { token: writing.token });
  write(writer, 'by link');
  await writer.whenSaved();
  const reader = ourClient(server.syncUrl, 'd', { token: reading.token });
  await reader.whenSynced();
  expect([reader.access, textOf(reader)]).toEqual(['read', 'by link']);
  const stock = stockClient(server.syncUrl, 'd', reading.token);
  await expect.poll(() => textOf(stock)).toBe('by link');
  expect(await closeOf(ourClient(server.syncUrl, 'other', { token: writing.token }))).toMatchObject({ code: 4403 });

  const status = async (method: string, path: string) =>
    (await server.call(method, path, undefined, writing.token)).status;
  expect(await status('GET', '/api/documents/d')).toBe(200);
  expect(await status('GET', '/api/documents/other')).toBe(403);
  expect(await status('DELETE', '/api/documents/d')).toBe(403);
  expect(await status('GET', '/api/documents/d/links')).toBe(403);
  expect(await status('GET', '/api/backup')).toBe(403);
  const list = (await (await server.call('GET', '/api/documents', undefined, reading.token)).json()) as object;
  expect(list).toMatchObject({ documents: [{ document: 'd' }] });
});

test('the links of a document are listed for its administrators, the newest first', async () => {
  const server = await start();
  const first = await server.link('d', { access: 'comment', expiresIn: 3600 });
  const second = await server.link('d', { access: 'read' });
  await server.link('other', { access: 'read' });
  const response = await server.call('GET', '/api/documents/d/links');
  const { links } = (await response.json()) as { links: Link[] };
  expect(links.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
  expect(links).toContainEqual(first);
  expect(first).toMatchObject({ access: 'comment', createdBy: 'owner' });
  expect(first.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
});

test('a revoked link ends its connections at once and opens nothing any more; other links do', async () => {
  const server = await start();
  const [gone, stays] = [await server.link('d', { access: 'write' }), await server.link('d', { access: 'write' })];
  const [one, other] = [gone, stays].map(({ token }) => ourClient(server.syncUrl, 'd', { token }));
  await Promise.all([one?.whenSynced(), other?.whenSynced()]);
  const closed = one && closeOf(one);
  expect((await server.call('DELETE', `/api/documents/d/links/${gone.id}`)).status).toBe(204);
  expect(await closed).toEqual({ code: 4403, reason: 'forbidden' });
  expect(other?.status).toBe('synced');
  expect(await closeOf(ourClient(server.syncUrl, 'd', { token: gone.token }))).toMatchObject({ code: 4401 });
  expect((await server.call('DELETE', `/api/documents/d/links/${gone.id}`)).status).toBe(404);
  // Not by way of another document either.
  expect((await server.call('DELETE', `/api/documents/other/links/${stays.id}`)).status).toBe(404);
});

test('links outlive a restart, and so does their end', async () => {
  const first = await start();
  const [gone, stays] = [await first.link('d', { access: 'write' }), await first.link('d', { access: 'read' })];
  await first.call('DELETE', `/api/documents/d/links/${gone.id}`);
  await first.close();
  const server = await start(first.folder);
  const reader = ourClient(server.syncUrl, 'd', { token: stays.token });
  await reader.whenSynced();
  expect(reader.access).toBe('read');
  expect(await closeOf(ourClient(server.syncUrl, 'd', { token: gone.token }))).toMatchObject({ code: 4401 });
});

test('a link that expires ends with its time, also for who is in', async () => {
  const server = await start();
  const { token } = await server.link('d', { access: 'write', expiresIn: 1 });
  const ada = ourClient(server.syncUrl, 'd', { token });
  await ada.whenSynced();
  expect(await closeOf(ada)).toMatchObject({ code: 4401 });
  const { links } = (await (await server.call('GET', '/api/documents/d/links')).json()) as { links: Link[] };
  expect(links).toEqual([]);
});

test('links end with their document: another one of its name is not opened by them', async () => {
  const server = await start();
  await server.call('POST', '/api/documents', { document: 'd' });
  const { token } = await server.link('d', { access: 'write' });
  await server.call('DELETE', '/api/documents/d');
  await server.call('POST', '/api/documents', { document: 'd' });
  expect(await closeOf(ourClient(server.syncUrl, 'd', { token }))).toMatchObject({ code: 4401 });
});

test('revoking a document ends its links', async () => {
  const server = await start();
  const { token } = await server.link('d', { access: 'write' });
  const ada = ourClient(server.syncUrl, 'd', { token });
  await ada.whenSynced();
  const closed = closeOf(ada);
  const root = await tokenFor('root', { admin: true });
  expect((await server.call('POST', '/api/revocations', { document: 'd' }, root)).status).toBe(204);
  expect(await closed).toEqual({ code: 4403, reason: 'forbidden' });
  expect(await closeOf(ourClient(server.syncUrl, 'd', { token }))).toMatchObject({ code: 4401 });
});

test('a forged link opens nothing: neither with another key, nor with the secret of the tokens, nor with another id', async () => {
  const server = await start();
  const { token } = await server.link('d', { access: 'read' });
  const other = await server.link('other', { access: 'write' });
  const { jti } = decodeJwt(token);
  const forge = (secret: string) =>
    new SignJWT({ sub: 'root', admin: true, documents: { d: 'admin' } })
      .setJti(jti ?? '')
      .setProtectedHeader({ alg: 'HS256', typ: 'share+jwt' })
      .sign(Buffer.from(secret));
  const [header, , signature] = token.split('.');
  const [, payload] = other.token.split('.');
  for (const forged of [await forge('x'.repeat(32)), await forge(SECRET), `${header}.${payload}.${signature}`]) {
    const client = await RawClient.connect('hello', server.syncUrl, 'd', forged);
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' });
  }
});

test.each([
  ['that gives admin', { access: 'admin' }],
  ['that gives none', { access: 'none' }],
  ['that gives nothing', {}],
  ['that expires before it begins', { access: 'read', expiresIn: 0 }],
  ['that expires at no time', { access: 'read', expiresIn: 'tomorrow' }],
])('a link %s is not made', async (_, made) => {
  const server = await start();
  const response = await server.call('POST', '/api/documents/d/links', made);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'malformed-request' } });
});

test('on a server without access control a link still gives no more than it says', async () => {
  const server = await startServer(await temporaryFolder());
  onTestFinished(() => server.close());
  const response = await fetch(`${server.httpUrl}/api/documents/d/links`, {
    method: 'POST',
    body: '{"access":"read"}',
  });
  const { token } = (await response.json()) as Link;
  const reader = ourClient(server.syncUrl, 'd', { token });
  await reader.whenSynced();
  expect(reader.access).toBe('read');
  const anybody = ourClient(server.syncUrl, 'd');
  await anybody.whenSynced();
  expect(anybody.access).toBe('admin');
});
