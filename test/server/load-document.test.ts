import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { LevelStorage, MemoryStorage, type Storage } from '../../persistence/index.ts';
import { createServer, fallbackFetch, type Limits, type LoadDocument } from '../../server/index.ts';
import { ourClient, stockClient, textOf, write } from '../support/clients.ts';
import { hocuspocusProvider, hocuspocusSocket } from '../support/hocuspocus-clients.ts';
import { scriptorium } from '../support/scriptorium.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TroubledStorage } from '../support/troubled-storage.ts';

const docOf = (text: string): Y.Doc => {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return doc;
};
const updateOf = (text: string): Uint8Array => Y.encodeStateAsUpdate(docOf(text));

interface Setup {
  readonly storage?: Storage;
  readonly limits?: Partial<Limits>;
}

async function start(loadDocument: LoadDocument, { storage = new MemoryStorage(), limits = {} }: Setup = {}) {
  const logged: string[] = [];
  const logger = pino({}, { write: (line: string) => void logged.push(line) });
  const server = createServer({ storage, limits, loadDocument, logger });
  const { url } = await server.listen({ port: 0 });
  onTestFinished(() => server.close());
  return { server, storage, url, syncUrl: `${url.replace('http', 'ws')}/sync`, log: () => logged.join('') };
}

/** How a connection to a document ends, that says what a `y-websocket` client says first. */
function knock(syncUrl: string, document: string): Promise<{ code: number; reason: string; received: number }> {
  const socket = new WebSocket(`${syncUrl}/${document}`);
  onTestFinished(() => socket.terminate());
  let received = 0;
  socket.on('open', () => socket.send(Uint8Array.of(0, 0, 1, 0)));
  socket.on('message', () => received++);
  return new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason), received }));
  });
}

describe('loadDocument', () => {
  test.each<[string, () => Awaited<ReturnType<LoadDocument>>]>([
    ['an update', () => updateOf('from elsewhere')],
    ['an update in a larger buffer', () => Buffer.concat([Buffer.from('xx'), updateOf('from elsewhere')]).subarray(2)],
    ['a Y.Doc', () => docOf('from elsewhere')],
    ['an update with a title', () => ({ update: updateOf('from elsewhere'), title: 'Title' })],
  ])('that answers with %s: ten who come at once get it, and it is asked once', async (_, answer) => {
    const asked: string[] = [];
    const { syncUrl, storage } = await start(async (document) => {
      asked.push(document);
      return answer();
    });
    const ours = [...Array(5)].map(() => ourClient(syncUrl, 'a/b ü'));
    const stock = [...Array(5)].map(() => stockClient(syncUrl, 'a/b ü'));
    await Promise.all(ours.map((client) => client.whenSynced()));
    await expect.poll(() => stock.map(textOf)).toEqual([...Array(5)].map(() => 'from elsewhere'));
    for (const client of ours) expect(textOf(client)).toBe('from elsewhere');
    expect(asked).toEqual(['a/b ü']);
    expect((await storage.info('a/b ü'))?.seq).toBe(1);
  });

  test('is never asked for what the store has, also after a restart and when it is empty', async () => {
    const folder = await temporaryFolder();
    const asked: string[] = [];
    const load: LoadDocument = (document) => {
      asked.push(document);
      return new Y.Doc();
    };
    const first = await start(load, { storage: new LevelStorage(folder) });
    await ourClient(first.syncUrl, 'empty').whenSynced();
    await fetch(`${first.url}/api/documents`, { method: 'POST', body: JSON.stringify({ document: 'made' }) });
    expect(asked.sort()).toEqual(['empty', 'made']);
    await first.server.close();
    const again = await start(load, { storage: new LevelStorage(folder) });
    for (const document of ['empty', 'made']) await ourClient(again.syncUrl, document).whenSynced();
    expect(asked).toHaveLength(2);
  });

  test('that answers with nothing means a new document', async () => {
    const { syncUrl, storage } = await start(() => undefined);
    const client = ourClient(syncUrl, 'new');
    await client.whenSynced();
    expect(await storage.info('new')).toBeUndefined();
    write(client, 'x');
    await client.whenSaved();
    expect((await storage.info('new'))?.seq).toBe(1);
  });

  test('is durable before anybody gets it', async () => {
    const storage = new TroubledStorage();
    const { syncUrl } = await start(() => updateOf('x'), { storage });
    storage.mode = 'hanging';
    const client = ourClient(syncUrl, 'd');
    let synced = false;
    void client.whenSynced().then(() => {
      synced = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200)); // long enough for what must not happen
    expect([synced, textOf(client)]).toEqual([false, '']);
    storage.mode = 'well';
    await client.whenSynced();
    expect(textOf(client)).toBe('x');
  });

  test.each<[string, LoadDocument, string]>([
    ['throws', () => Promise.reject(new Error('the old database is down')), 'the old database is down'],
    [
      'throws at once',
      () => {
        throw new Error('a bug');
      },
      'a bug',
    ],
    ['never answers', () => new Promise(() => {}), 'no answer within 100 ms'],
    ['answers with garbage', () => Uint8Array.of(1, 2, 3), 'The update cannot be read.'],
    ['answers with half an update', () => updateOf('hello').subarray(0, 9), 'The update cannot be read.'],
    ['answers with text', () => 'x' as never, 'answered with a string'],
    ['answers with an object', () => ({ doc: 1 }) as never, 'neither an update'],
  ])('that %s: peers are told to come back, nothing is made, and the cause is in the log', async (_, load, cause) => {
    let broken = true;
    const { syncUrl, url, storage, log } = await start(
      (document, options) => (broken ? load(document, options) : updateOf('well again')),
      { limits: { loadTimeoutMs: 100 } },
    );
    expect(await knock(syncUrl, 'd')).toEqual({ code: 1013, reason: 'load-failed', received: 0 });
    const client = ourClient(syncUrl, 'd');
    const stock = stockClient(syncUrl, 'd');
    write(stock, 'typed meanwhile, ');
    const response = await fetch(`${url}/api/documents/d`);
    expect([response.status, await response.json()]).toMatchObject([503, { error: { code: 'load-failed' } }]);
    const put = await fetch(`${url}/api/documents/d`, { method: 'PUT', body: '{"title":"T"}' });
    expect(put.status).toBe(503);
    expect(await storage.info('d')).toBeUndefined();
    expect(log()).toContain(cause);

    broken = false;
    await client.whenSynced();
    await expect.poll(() => textOf(client)).toContain('typed meanwhile, ');
    await expect.poll(() => textOf(stock)).toBe(textOf(client));
    expect(textOf(client)).toContain('well again');
  });

  test('that hangs for some documents holds up no others', async () => {
    const { syncUrl } = await start((document) => (document === 'here' ? undefined : new Promise(() => {})));
    for (let i = 0; i < 10; i++) ourClient(syncUrl, `hanging-${i}`);
    await ourClient(syncUrl, 'here').whenSynced();
  });

  test('that fails for one document of a Hocuspocus socket does not disturb the others', async () => {
    const { url } = await start((document) => {
      if (document === 'failing') throw new Error('down');
      return undefined;
    });
    const socket = hocuspocusSocket(url);
    const failed = vi.fn();
    hocuspocusProvider(socket, 'failing', { onAuthenticationFailed: failed });
    const well = hocuspocusProvider(socket, 'well');
    await expect.poll(() => well.synced).toBe(true);
    await expect.poll(() => failed.mock.calls).toHaveLength(1);
    const closed = vi.fn();
    socket.on('close', closed);
    well.document.getText().insert(0, 'x');
    await expect.poll(() => well.unsyncedChanges).toBe(0);
    expect(closed).not.toHaveBeenCalled();
  });

  test('that hangs does not hold up the end of the server, and is told', async () => {
    let signal: AbortSignal | undefined;
    const { server, syncUrl } = await start((_, options) => {
      signal = options.signal;
      return new Promise(() => {});
    });
    const closed = knock(syncUrl, 'd');
    await expect.poll(() => signal).toBeDefined();
    await server.close();
    expect((await closed).code).toBe(1012);
    expect(signal?.aborted).toBe(true);
  });

  test('finds documents for the API too: their title, their content, and that a seed comes too late', async () => {
    const { url } = await start((document) => (document === 'no' ? null : { update: updateOf('x'), title: document }));
    expect(await (await fetch(`${url}/api/documents/a`)).json()).toMatchObject({ title: 'a' });
    expect((await fetch(`${url}/api/documents/b/update`)).status).toBe(200);
    const renamed = await fetch(`${url}/api/documents/c`, { method: 'PATCH', body: '{"title":"C"}' });
    expect(await renamed.json()).toMatchObject({ title: 'C' });
    const seeded = await fetch(`${url}/api/documents/d`, { method: 'PUT', body: '{"title":"late"}' });
    expect(await seeded.json()).toMatchObject({ title: 'd', created: false });
    expect((await fetch(`${url}/api/documents/no`)).status).toBe(404);
  });
});

describe('--fallback-fetch', () => {
  async function oldServer(answer: (document: string) => { status: number; body?: Uint8Array }) {
    const asked: { path: string; authorization: string | undefined }[] = [];
    const http = createHttpServer((request, response) => {
      asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
      const { status, body } = answer(decodeURIComponent(request.url?.split('/')[2] ?? ''));
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      http.closeAllConnections();
      http.close();
    });
    return { asked, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/doc/{document}/as-update` };
  }

  test('asks there, with the token in the environment, and does not ask again', async () => {
    const { url, asked } = await oldServer((document) =>
      document === 'a/b' ? { status: 200, body: updateOf('old') } : { status: 404 },
    );
    const program = scriptorium(['--port', '0', '--data', await temporaryFolder(), '--fallback-fetch', url], {
      SCRIPTORIUM_FALLBACK_TOKEN: 'secret',
    });
    const line = await program.line((text) => text.includes('"url"'));
    const syncUrl = `${(JSON.parse(line) as { url: string }).url.replace('http', 'ws')}/sync`;
    const [old, fresh] = [ourClient(syncUrl, 'a/b'), ourClient(syncUrl, 'fresh')];
    await Promise.all([old.whenSynced(), fresh.whenSynced()]);
    expect([textOf(old), textOf(fresh)]).toEqual(['old', '']);
    expect(asked.map(({ path }) => path).sort()).toEqual(['/doc/a%2Fb/as-update', '/doc/fresh/as-update']);
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret']));
    expect(program.stdout).not.toContain('secret');
  });

  test.each([
    ['an error', { status: 500 }],
    ['a page to sign in', { status: 200, body: Buffer.from('<!doctype html><title>Sign in</title>') }],
    ['more than a document may have', { status: 200, body: updateOf('x'.repeat(2_000)) }],
  ])('makes nothing of %s', async (_, answer) => {
    const { url } = await oldServer(() => answer);
    const { syncUrl, storage } = await start(fallbackFetch({ url, maxBytes: 1_000 }));
    expect(await knock(syncUrl, 'd')).toMatchObject({ code: 1013, reason: 'load-failed' });
    expect(await storage.info('d')).toBeUndefined();
  });

  test.each(['http://x/no-place', 'x/{document}', 'ftp://x/{document}'])('refuses the address %s', (url) => {
    expect(() => fallbackFetch({ url, maxBytes: 1 })).toThrow(TypeError);
  });
});
