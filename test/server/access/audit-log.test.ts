import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createServer } from '../../../server/index.ts';
import { ourClient, write } from '../../support/clients.ts';
import { RawClient } from '../../support/raw-client.ts';
import { startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { SECRET, tokenFor } from '../../support/tokens.ts';

const TOKENS = { tokens: { secret: SECRET } };

interface Line {
  readonly time: string;
  readonly event: string;
  readonly [key: string]: unknown;
}

test('tells who came, was refused and changed access, in lines of JSON, without content and without a token', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'audit.log');
  const server = await startServer(join(folder, 'data'), 0, {}, { ...TOKENS, audit: file });
  onTestFinished(() => server.close());
  const root = await tokenFor('root', { admin: true });
  const shown = [root];
  const call = (method: string, path: string, body?: object, token = root) =>
    fetch(server.httpUrl + path, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });

  const ada = await tokenFor('ada', { documents: { d: 'write' } });
  shown.push(ada);
  const client = ourClient(server.syncUrl, 'd', { token: ada });
  write(client, 'very confidential');
  await client.whenSaved();
  await call('PUT', '/api/documents/d/access', { user: 'ada', access: 'read' });
  await call('PUT', '/api/documents/d/access', { user: 'ada', access: null });
  await call('DELETE', '/api/documents/d', undefined, ada);
  const link = (await (await call('POST', '/api/documents/d/links', { access: 'read' })).json()) as Record<
    'id' | 'token',
    string
  >;
  shown.push(link.token);
  const reader = await RawClient.connect('stock', server.syncUrl, 'd', link.token);
  reader.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });
  await reader.settle();
  await call('DELETE', `/api/documents/d/links/${link.id}`);
  expect(await reader.closed).toMatchObject({ code: 4403 });
  await (await RawClient.connect('hello', server.syncUrl, 'd', 'forged-token')).closed;
  await call('POST', '/api/revocations', { user: 'ada' });
  await call('DELETE', '/api/documents/d');

  const text = await readFile(file, 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const address = '127.0.0.1';
  const told = lines.map(({ time: _, log: __, ...rest }) => rest);
  expect(told).toEqual([
    { event: 'connected', by: 'ada', address, document: 'd', access: 'write' },
    { event: 'access-set', by: 'root', address, document: 'd', user: 'ada', access: 'read' },
    { event: 'access-set', by: 'root', address, document: 'd', user: 'ada', access: null },
    { event: 'refused', by: 'ada', address, document: 'd', code: 'FORBIDDEN' },
    { event: 'link-made', by: 'root', address, document: 'd', link: link.id, access: 'read' },
    { event: 'connected', by: null, byLink: link.id, address, document: 'd', access: 'read' },
    { event: 'disconnected', by: null, byLink: link.id, address, document: 'd', code: 'FORBIDDEN' },
    { event: 'link-revoked', by: 'root', address, document: 'd', link: link.id },
    { event: 'refused', address, document: 'd', code: 'UNAUTHORIZED' },
    { event: 'revoked', by: 'root', address, user: 'ada' },
    { event: 'disconnected', by: 'ada', address, document: 'd', code: 'FORBIDDEN' },
    { event: 'document-deleted', by: 'root', address, document: 'd' },
  ]);
  for (const { time } of lines) expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
  for (const token of [...shown, 'forged-token', 'confidential']) expect(text).not.toContain(token);
  expect((await stat(file)).mode & 0o077).toBe(0);
});

test('goes on in the same file after a restart', async () => {
  const folder = await temporaryFolder();
  const audit = join(folder, 'audit.log');
  for (const round of [1, 2]) {
    const server = await startServer(join(folder, 'data'), 0, {}, { audit });
    const client = await RawClient.connect('hello', server.syncUrl, 'd');
    await client.settle();
    expect((await readFile(audit, 'utf8')).match(/"connected"/g)).toHaveLength(round);
    await server.close();
  }
});

test('that cannot be begun keeps the server from starting', async () => {
  const folder = await temporaryFolder();
  const server = createServer({ audit: join(folder, 'nowhere', 'audit.log') });
  await expect(server.listen({ port: 0 })).rejects.toThrow('ENOENT');
  await server.close();
});

test('that cannot be written later is said in the other log once, and stops nobody', async () => {
  const said: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => said.push(line) });
  const audit = {
    write: () => {
      throw new Error('there is no room left');
    },
  };
  const server = await startServer(await temporaryFolder(), 0, {}, { audit, logger });
  onTestFinished(() => server.close());
  for (let i = 0; i < 3; i++) {
    const client = await RawClient.connect('hello', server.syncUrl, 'd');
    await client.settle();
  }
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('there is no room left');
});
