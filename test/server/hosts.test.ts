import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createProxyServer } from 'http-proxy-3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { createServer } from '../../server/index.ts';
import { ourClient, stockClient, textOf, write } from '../support/clients.ts';
import { hocuspocusClient } from '../support/hocuspocus-clients.ts';
import { type Program, startProgram } from '../support/program.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The examples as people start them, and under which paths they have Scriptorium. */
const HOSTS: Record<string, { args: string[]; env?: NodeJS.ProcessEnv; prefixes: string[] }> = {
  http: { args: [fromRoot('examples/hosts/http.js')], prefixes: ['/scriptorium'] },
  express: { args: [fromRoot('examples/hosts/express.js')], prefixes: ['/scriptorium'] },
  fastify: { args: [fromRoot('examples/hosts/fastify.js')], prefixes: ['/scriptorium'] },
  nest: {
    args: ['--import', 'tsx', fromRoot('examples/nest/main.ts')],
    env: { TSX_TSCONFIG_PATH: fromRoot('examples/nest/tsconfig.json') },
    prefixes: ['/scriptorium'],
  },
  proxy: { args: [fromRoot('examples/hosts/proxy.js')], prefixes: ['/docs', '/stripped'] },
};

async function start(host: string): Promise<{ program: Program; url: string }> {
  const { args = [], env } = HOSTS[host] ?? {};
  const program = startProgram(args, { ...env, PORT: '0' });
  const url = await program.line((line) => line.startsWith('http://'));
  return { program, url: url.replace(/\/$/, '') };
}

const updateOf = (text: string): Uint8Array => {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return Y.encodeStateAsUpdate(doc);
};

/** A request with headers that `fetch` does not let one set. */
async function ask(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const asked = httpRequest(url, { headers });
  asked.end();
  const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe.each(Object.keys(HOSTS))('in %s', (host) => {
  test('people write together beside the product, over every path, until the process is told to end', {
    timeout: 60_000,
  }, async () => {
    const { program, url } = await start(host);
    expect(await (await fetch(`${url}/`)).text()).toBe('The product');
    for (const prefix of HOSTS[host]?.prefixes ?? []) {
      // A JSON body and one of bytes, whatever the host does to bodies.
      const seed = { title: 'Ü', update: Buffer.from(updateOf('seeded')).toString('base64') };
      const made = await fetch(`${url}${prefix}/api/documents/a%2Fb`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(seed),
      });
      expect([made.status, await made.json()]).toMatchObject([201, { document: 'a/b', title: 'Ü', created: true }]);
      const posted = await fetch(`${url}${prefix}/api/documents/c/update`, {
        method: 'POST',
        body: Buffer.from(updateOf('bytes')),
      });
      expect(posted.status).toBe(204);
      expect((await fetch(`${url}${prefix}/api/nothing`)).status).toBe(404);
      expect(await (await fetch(`${url}${prefix}/ready`)).json()).toEqual({ status: 'ready' });

      const syncUrl = `${url.replace('http', 'ws')}${prefix}/sync`;
      const [ours, stock, bytes] = [ourClient(syncUrl, 'a/b'), stockClient(syncUrl, 'a/b'), ourClient(syncUrl, 'c')];
      await Promise.all([ours.whenSynced(), bytes.whenSynced()]);
      expect(textOf(bytes)).toBe('bytes');
      await expect.poll(() => textOf(stock)).toBe('seeded');
      write(stock, ' and written');
      await expect.poll(() => textOf(ours)).toBe('seeded and written');
      const other = hocuspocusClient(`${url}${prefix}`, 'a/b');
      await expect.poll(() => textOf({ doc: other.document })).toBe('seeded and written');
      write(ours, ' together');
      await ours.whenSaved();

      // Another site's page may use neither; the product's own page may.
      const origin = { origin: 'https://evil.example' };
      expect(await ask(`${url}${prefix}/api/documents`, origin)).toBe(403);
      expect(await ask(`${url}${prefix}/api/documents`, { origin: url })).toBe(200);
      const refused = new WebSocket(`${syncUrl}/a`, { headers: origin });
      const [error] = (await once(refused, 'error')) as [Error];
      expect(error.message).toContain('403');
    }
    program.kill('SIGTERM');
    const { code, signal } = await program.ended;
    expect([code === 0 || signal === 'SIGTERM', program.stderr]).toEqual([true, '']);
  });
});

test('behind a proxy that is believed, bounds count for the address that it speaks for', async () => {
  const scriptorium = createServer({ trustProxy: ['loopback'], limits: { maxRequestsPerSecond: 1 } });
  const { url: target } = await scriptorium.listen({ port: 0 });
  const proxy = createProxyServer({ xfwd: true });
  const http = createHttpServer((request, response) => proxy.web(request, response, { target }));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(async () => {
    await scriptorium.close();
    http.close();
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/documents`;
  const burst = (from: string) => Promise.all([...Array(15)].map(() => ask(url, { 'x-forwarded-for': from })));
  expect(await burst('192.0.2.1')).toContain(429);
  expect(await ask(url, { 'x-forwarded-for': '192.0.2.2' })).toBe(200);
});

test('the page of a document has the editor fetched at once, the list of documents has not', async () => {
  const scriptorium = createServer();
  const { url } = await scriptorium.listen({ port: 0 });
  onTestFinished(() => scriptorium.close());
  const preloaded = async (path: string): Promise<string[]> => {
    const html = await (await fetch(url + path)).text();
    return [...html.matchAll(/rel="modulepreload" [^>]*assets\/([a-z-]+)-/g)].map(([, name]) => name ?? '');
  };
  expect(await preloaded('/d/letter')).toEqual(expect.arrayContaining(['start', 'app', 'session', 'document']));
  expect(await preloaded('/')).toEqual(expect.arrayContaining(['start', 'app']));
  expect(await preloaded('/')).not.toContain('document');
});

describe('a base path', () => {
  test('is in the page, whatever address of it is asked for', async () => {
    const other = createServer({ basePath: '/docs' });
    const at = (await other.listen({ port: 0 })).url;
    onTestFinished(() => other.close());
    for (const path of ['', '/', '/d/x', '/d/notes.txt', '/index.html']) {
      const response = await fetch(`${at}/docs${path}`);
      const html = await response.text();
      expect(html).toContain('<meta name="scriptorium-base-path" content="/docs">');
      const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
      expect(files.length).toBeGreaterThan(3);
      for (const file of files) expect((await fetch(at + file)).status).toBe(200);
      const etag = response.headers.get('etag') ?? '';
      expect((await fetch(`${at}/docs${path}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
    expect((await fetch(`${at}/docs/assets/none.js`)).status).toBe(404);
    expect((await fetch(`${at}/`)).status).toBe(404);
  });

  test.each(['docs', 'x/y', '/a"b', '/a//b', '/a b', '/a?b'])('%s is refused', (basePath) => {
    expect(() => createServer({ basePath })).toThrow(TypeError);
  });

  test('is found where a router has taken it off, and the host gets what is not ours as it was', async () => {
    const scriptorium = createServer({ basePath: '/docs' });
    const http = createHttpServer((request, response) => {
      Object.assign(request, { originalUrl: request.url });
      request.url = request.url?.replace('/docs', '') || '/';
      scriptorium.handler(request, response, () => response.end(`theirs: ${request.url}`));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    await scriptorium.attach(http);
    onTestFinished(async () => {
      await scriptorium.close();
      http.close();
    });
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    expect(await (await fetch(`${url}/docs/api/documents?x=1`)).json()).toEqual({ documents: [] });
    expect(await (await fetch(`${url}/api/documents?x=1`)).text()).toBe('theirs: /api/documents?x=1');
  });
});
