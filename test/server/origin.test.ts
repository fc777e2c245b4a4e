import { describe, expect, onTestFinished, test } from 'vitest';
import { createServer, type ServerOptions } from '../../server/index.ts';
import { ask, knock } from '../support/knock.ts';

async function start(options: ServerOptions = {}): Promise<number> {
  const server = createServer(options);
  onTestFinished(() => server.close());
  return (await server.listen({ port: 0 })).port;
}

type Case = [title: string, headers: Record<string, string>, options: ServerOptions];
const LISTED = { origins: ['https://docs.example.com', 'http://localhost:3000'] };

describe('a WebSocket and a request of the API are let through from', () => {
  test.each<Case>([
    ['a program, which sends no Origin', {}, {}],
    ['a page of its own', { Host: '127.0.0.1:1234', Origin: 'http://127.0.0.1:1234' }, {}],
    ['a page of its own by its name', { Host: 'localhost:1234', Origin: 'http://localhost:1234' }, {}],
    ['a page of its own by IPv6', { Host: '[::1]:1234', Origin: 'http://[::1]:1234' }, {}],
    ['a page of its own, behind a proxy that ends TLS', { Host: '127.0.0.1', Origin: 'https://127.0.0.1' }, {}],
    [
      'a page of its own, with the port that goes without saying',
      { Host: '127.0.0.1:443', Origin: 'https://127.0.0.1' },
      {},
    ],
    ['an origin on the list', { Host: '127.0.0.1:1234', Origin: 'https://docs.example.com' }, LISTED],
    ['an origin on the list with a port', { Host: '127.0.0.1:1234', Origin: 'http://localhost:3000' }, LISTED],
    [
      'anywhere, when all are on the list',
      { Host: 'evil.example', Origin: 'https://evil.example' },
      { origins: ['*'] },
    ],
    ['a sandboxed frame, when all are on the list', { Origin: 'null' }, { origins: ['*'] }],
    ['a page of the host on the list', { Host: 'docs.example.com', Origin: 'https://docs.example.com' }, LISTED],
    [
      'a page of the host that a trusted proxy names',
      { Host: '127.0.0.1:1234', 'X-Forwarded-Host': 'docs.example.com', Origin: 'https://docs.example.com' },
      { trustProxy: 1 },
    ],
    [
      'a page of the host that a trusted proxy keeps',
      { Host: 'docs.example.com', Origin: 'https://docs.example.com' },
      { trustProxy: ['loopback'] },
    ],
  ])('%s', async (_, headers, options) => {
    const port = await start(options);
    expect((await knock(port, headers)).status).toBe(101);
    expect((await ask(port, '/api/documents', headers)).status).toBe(200);
  });
});

describe('a WebSocket and a request of the API are refused from', () => {
  test.each<Case>([
    ['the page of another host', { Host: '127.0.0.1:1234', Origin: 'https://evil.example' }, {}],
    ['the page of another port', { Host: '127.0.0.1:1234', Origin: 'http://127.0.0.1:5678' }, {}],
    ['the page of a host that begins the same', { Host: '127.0.0.1', Origin: 'http://127.0.0.1.evil.example' }, {}],
    ['a sandboxed frame or a file', { Host: '127.0.0.1:1234', Origin: 'null' }, {}],
    ['what is no origin', { Host: '127.0.0.1:1234', Origin: 'evil' }, {}],
    ['an empty origin', { Host: '127.0.0.1:1234', Origin: '' }, {}],
    ['an extension', { Host: 'localhost:1234', Origin: 'chrome-extension://localhost:1234' }, {}],
    ['an origin that is not on the list', { Host: '127.0.0.1:1234', Origin: 'https://evil.example' }, LISTED],
    [
      'an origin on the list with another protocol',
      { Host: '127.0.0.1:1234', Origin: 'http://docs.example.com' },
      LISTED,
    ],
    [
      'an origin on the list, with more',
      { Host: '127.0.0.1:1234', Origin: 'https://docs.example.com.evil.example' },
      LISTED,
    ],
    [
      "a name that is not the server's, as after DNS rebinding",
      { Host: 'evil.example:1234', Origin: 'http://evil.example:1234' },
      {},
    ],
    ['such a name without an Origin, as in a GET of its page', { Host: 'evil.example:1234' }, LISTED],
    [
      'a name that only begins as its own',
      { Host: 'localhost.evil.example', Origin: 'http://localhost.evil.example' },
      {},
    ],
    [
      'a host that a proxy names which is not trusted',
      { Host: '127.0.0.1:1234', 'X-Forwarded-Host': 'evil.example', Origin: 'https://evil.example' },
      {},
    ],
    [
      'a host that a proxy names which is at another address than the trusted ones',
      { Host: '127.0.0.1:1234', 'X-Forwarded-Host': 'evil.example', Origin: 'https://evil.example' },
      { trustProxy: ['10.0.0.0/8'] },
    ],
  ])('%s', async (_, headers, options) => {
    const port = await start(options);
    for (const answer of [
      await knock(port, headers),
      await ask(port, '/api/documents', headers),
      await ask(port, '/api/documents', headers, { method: 'POST', body: '{"document":"made"}' }),
      await ask(
        port,
        '/api/documents',
        { ...headers, 'Access-Control-Request-Method': 'DELETE' },
        { method: 'OPTIONS' },
      ),
    ]) {
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'origin-not-allowed' } });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(JSON.parse((await ask(port, '/api/documents')).body)).toEqual({ documents: [] });
  });
});

test('pages of an origin on the list may read what the API answers, also to what a browser asks about first', async () => {
  const port = await start(LISTED);
  const Origin = 'https://docs.example.com';
  const answer = await ask(port, '/api/documents', { Origin });
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': Origin,
    vary: expect.stringContaining('Origin') as string,
  });
  const preflight = await ask(
    port,
    '/api/documents/x',
    { Origin, 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'authorization' },
    { method: 'OPTIONS' },
  );
  expect(preflight.status).toBe(204);
  expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
  expect(preflight.headers['access-control-allow-headers']).toContain('Authorization');
});

test('whether it lives and is ready may be asked by any name', async () => {
  const port = await start();
  for (const path of ['/health', '/ready']) expect((await ask(port, path, { Host: 'pod.cluster' })).status).toBe(200);
});

test.each([['example.com'], ['https://example.com/path'], ['null'], ['']])(
  '%j is not taken for an origin',
  (origin) => {
    expect(() => createServer({ origins: [origin] })).toThrow(TypeError);
  },
);
