import { type Logger, pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ScriptoriumError } from '../../../protocol/index.ts';
import type { Authenticate, Authorize, ServerOptions } from '../../../server/index.ts';
import { ourClient, textOf, write } from '../../support/clients.ts';
import { RawClient } from '../../support/raw-client.ts';
import { startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const TOKEN = 'a-token-that-nobody-may-see';

interface Logged {
  readonly lines: string[];
  readonly logger: Logger;
}

function logged(): Logged {
  const lines: string[] = [];
  return { lines, logger: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }) };
}

async function start(options: Omit<ServerOptions, 'storage' | 'limits'>) {
  const { lines, logger } = logged();
  const server = await startServer(await temporaryFolder(), 0, { hookTimeoutMs: 200 }, { logger, ...options });
  onTestFinished(() => server.close());
  return { ...server, lines };
}

const never = new Promise<never>(() => {});

/** The token, where the function was given one. */
const tokenIn = (given: unknown): string => (given as { token?: string }).token ?? '[nothing]';

/** Ways in which a function of the host goes wrong, and what the log says then. */
const FAULTS: [fault: string, run: (...args: unknown[]) => unknown, logged: string][] = [
  ['throws', (first) => { throw new Error(`no luck with ${tokenIn(first)}`); }, 'no luck with ['],
  ['throws no error', () => { throw { toString: () => { throw new Error(); } }; }, 'object'],
  ['rejects', async () => { throw new TypeError('it is broken'); }, 'it is broken'],
  ['rejects with nothing', () => Promise.reject(undefined), 'undefined'],
  ['never answers', () => never, 'no answer within 200 ms'],
  ['answers with nonsense', () => 'banana', ''],
  ['answers with undefined', () => undefined, ''],
]; // biome-ignore format: a table

const healthyUser = { id: 'ada', documents: { '*': 'write' } } as const;

describe.each(FAULTS)('a function that %s', (_, fault, said) => {
  test.each(['authenticate', 'authorize'] as const)(
    'as %s: the peer is told to come back, the log has the cause',
    async (hook) => {
      let broken = true;
      const authenticate: Authenticate = (credentials) =>
        broken && hook === 'authenticate' ? (fault(credentials) as never) : healthyUser;
      const authorize: Authorize = (user, document) =>
        broken && hook === 'authorize' ? (fault(user, document) as never) : 'write';
      const server = await start({ authenticate, authorize });

      const client = await RawClient.connect('hello', server.syncUrl, 'd', TOKEN);
      expect(await client.closed).toEqual({ code: 1013, reason: 'access-unknown' });
      expect(client.received).toEqual([
        {
          type: 'refusal',
          refusal: { code: 'access-unknown', message: 'What you may do cannot be found out at present.', retry: true },
        },
      ]);
      const response = await fetch(`${server.httpUrl}/api/documents/d`, {
        headers: { Authorization: `Bearer ${TOKEN}` },
      });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ error: { code: 'access-unknown' } });

      const failures = server.lines.filter((line) => line.includes('a function of the host failed'));
      expect(failures).toHaveLength(2);
      for (const line of failures) expect(JSON.parse(line)).toMatchObject({ level: 50, hook });
      for (const line of failures) expect(line).toContain(said);
      expect(server.lines.join('')).not.toContain(TOKEN);

      // Nobody else is harmed, and once it is well again a client comes in by itself.
      broken = false;
      const ada = ourClient(server.syncUrl, 'd', { token: TOKEN });
      write(ada, 'well again');
      await ada.whenSaved();
      expect(textOf(ada)).toBe('well again');
    },
  );
});

test('a client of ours waits while a function fails, and comes in when it is well', async () => {
  let broken = true;
  const server = await start({
    authenticate: () => healthyUser,
    authorize: () => (broken ? (never as never) : 'write'),
  });
  const ada = ourClient(server.syncUrl, 'd');
  write(ada, 'kept');
  await expect.poll(() => ada.nextAttemptAt !== undefined).toBe(true);
  broken = false;
  await ada.whenSaved();
});

test('a function that fails for an open connection ends it: nobody stays who cannot be checked', async () => {
  let broken = false;
  const server = await start({
    authenticate: () => healthyUser,
    authorize: () => {
      if (broken) throw new Error('down');
      return 'write';
    },
  });
  const client = await RawClient.connect('hello', server.syncUrl, 'd');
  await client.settle();
  broken = true;
  await server.server.recheckAccess();
  expect(await client.closed).toEqual({ code: 1013, reason: 'access-unknown' });
});

test('authenticate may say that what was shown does not count, and that nobody is known', async () => {
  const server = await start({
    authenticate: ({ token }) => {
      if (token === 'bad') throw new ScriptoriumError('UNAUTHORIZED', 'Not this one.');
      return token === undefined ? null : { id: token };
    },
    authorize: (user) => (user === null ? 'none' : 'read'),
  });
  for (const token of ['bad', undefined]) {
    const client = await RawClient.connect('hello', server.syncUrl, 'd', token);
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' });
  }
  const client = await RawClient.connect('hello', server.syncUrl, 'd', 'ada');
  await client.settle();
});

test('authenticate sees the headers of the upgrade, such as a cookie, and the token wherever it came from', async () => {
  const seen: unknown[] = [];
  const server = await start({
    authenticate: ({ token, headers, address }) => {
      seen.push([token, headers['x-test'] !== undefined, address]);
      return healthyUser;
    },
  });
  const inHello = await RawClient.connect('hello', server.syncUrl, 'd', 'in-hello');
  await inHello.settle();
  const inQuery = await RawClient.connect('stock', server.syncUrl, 'd', 'in-query');
  await inQuery.settle();
  await fetch(`${server.httpUrl}/api/documents?token=query`, {
    headers: { 'X-Test': '1', Authorization: 'Bearer header' },
  });
  expect(seen).toEqual([
    ['in-hello', false, '127.0.0.1'],
    ['in-query', false, '127.0.0.1'],
    ['header', true, '127.0.0.1'],
  ]);
});

test('what authenticate says that a user may do counts where there is no authorize', async () => {
  const server = await start({ authenticate: () => ({ id: 'ada', documents: { d: 'read' } }) });
  const ada = ourClient(server.syncUrl, 'd');
  await ada.whenSynced();
  expect(ada.access).toBe('read');
  const client = await RawClient.connect('hello', server.syncUrl, 'other');
  expect(await client.closed).toEqual({ code: 4403, reason: 'forbidden' });
});

test('a list that cannot be shown because authorize fails is an error, not a shorter list', async () => {
  let broken = false;
  const server = await start({
    authenticate: () => healthyUser,
    authorize: (_, document) => {
      if (broken && document === 'b') throw new Error('down');
      return 'write';
    },
  });
  for (const document of ['a', 'b']) {
    await fetch(`${server.httpUrl}/api/documents`, { method: 'POST', body: JSON.stringify({ document }) });
  }
  broken = true;
  expect((await fetch(`${server.httpUrl}/api/documents`)).status).toBe(503);
});
