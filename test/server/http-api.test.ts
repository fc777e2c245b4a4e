import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { type Closed, type DocumentEvent, ScriptoriumProvider } from '../../client/node.ts';
import { createServer, type Limits } from '../../server/index.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

interface Running extends TestServer {
  readonly folder: string;
  /** Sends `body` as JSON, or as it is when it is text. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  connect(document: string): ScriptoriumProvider;
}

async function start(limits: Partial<Limits> = {}, folder?: string): Promise<Running> {
  const store = folder ?? (await temporaryFolder());
  const server = await startServer(store, 0, limits);
  onTestFinished(() => server.close());
  return {
    ...server,
    folder: store,
    async call(method, path, body) {
      const response = await fetch(server.httpUrl + path, {
        method,
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        body: text === '' ? undefined : JSON.parse(text),
      };
    },
    connect(document) {
      const doc = new Y.Doc();
      onTestFinished(() => doc.destroy());
      return new ScriptoriumProvider(server.syncUrl, document, doc);
    },
  };
}

const pathOf = (document: string): string => `/api/documents/${encodeURIComponent(document)}`;
const textOf = ({ doc }: ScriptoriumProvider): string => doc.getText().toString();

/** An error as every route says it. */
const refused = (status: number, code: string): Answer => ({
  status,
  type: 'application/json',
  body: { error: { code, message: expect.any(String) as string } },
});

const documentsIn = ({ body }: Answer): string[] =>
  (body as { documents: { document: string }[] }).documents.map(({ document }) => document);

describe('POST /api/documents', () => {
  test('makes a document with the name and the title that it is given', async () => {
    const server = await start();
    const before = Date.now();
    const made = await server.call('POST', '/api/documents', { document: 'd', title: 'Title' });
    expect(made).toMatchObject({ status: 201, type: 'application/json' });
    expect(made.body).toEqual({
      document: 'd',
      title: 'Title',
      createdAt: expect.any(Number) as number,
      updatedAt: expect.any(Number) as number,
    });
    const { createdAt } = made.body as { createdAt: number };
    expect(createdAt).toBeGreaterThanOrEqual(before);
    expect(createdAt).toBeLessThanOrEqual(Date.now());
    expect(await server.call('GET', '/api/documents/d')).toEqual({ ...made, status: 200 });
  });

  test.each([
    ['an empty object', {}],
    ['no body', undefined],
  ])('gives a name where it is given %s', async (_, body) => {
    const server = await start();
    const made = await server.call('POST', '/api/documents', body);
    expect(made.status).toBe(201);
    const { document, title } = made.body as { document: string; title: string };
    expect(document).toMatch(/^[0-9a-f-]{36}$/);
    expect(title).toBe('');
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual([document]);
  });

  test('leaves a document that is there as it is', async () => {
    const server = await start();
    await server.call('POST', '/api/documents', { document: 'd', title: 'Title' });
    const before = await server.call('GET', '/api/documents/d');
    const again = await server.call('POST', '/api/documents', { document: 'd' });
    expect(again.body).toEqual(before.body);
    expect(await server.call('GET', '/api/documents/d')).toEqual(before);
  });

  test('is not lost when the server restarts at once', async () => {
    const server = await start();
    await server.call('POST', '/api/documents', { document: 'd', title: 'Title' });
    await server.close();
    const again = await start({}, server.folder);
    expect((await again.call('GET', '/api/documents/d')).body).toMatchObject({ title: 'Title' });
  });

  test.each([
    ['is no JSON', '{', 'malformed-request'],
    ['is an array', '[]', 'malformed-request'],
    ['is null', 'null', 'malformed-request'],
    ['is text', '"d"', 'malformed-request'],
    ['names the document with a number', '{"document":1}', 'malformed-request'],
    ['names it null', '{"document":null}', 'malformed-request'],
    ['gives it a number for a title', '{"title":1}', 'malformed-request'],
    ['gives it a title of 501 characters', JSON.stringify({ title: 'a'.repeat(501) }), 'malformed-request'],
    ['gives it an empty name', '{"document":""}', 'invalid-document-name'],
    ['gives it a name with NUL', '{"document":"a\\u0000b"}', 'invalid-document-name'],
    ['gives it half a surrogate pair for a name', '{"document":"\\ud834"}', 'invalid-document-name'],
    ['gives it a name of 513 characters', JSON.stringify({ document: 'a'.repeat(513) }), 'invalid-document-name'],
    ['gives it two dots for a name', '{"document":".."}', 'invalid-document-name'],
  ])('refuses a body that %s, and makes nothing', async (_, body, code) => {
    const server = await start();
    expect(await server.call('POST', '/api/documents', body)).toEqual(refused(400, code));
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual([]);
  });

  test('refuses a body that is too large, also when its length is not said in advance', async () => {
    const server = await start({ maxRequestBytes: 1_000 });
    const fits = JSON.stringify({ document: 'fits' }).padEnd(1_000);
    expect((await server.call('POST', '/api/documents', fits)).status).toBe(201);
    expect(await server.call('POST', '/api/documents', `${fits} `)).toEqual(refused(413, 'message-too-large'));

    const chunked = request(`${server.httpUrl}/api/documents`, { method: 'POST' });
    chunked.on('error', () => {}); // the server need not wait for the rest
    for (let chunk = 0; chunk < 20; chunk++) chunked.write(' '.repeat(100));
    chunked.end('{"document":"chunked"}');
    const [response] = (await once(chunked, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
    response.resume();
    expect(response.statusCode).toBe(413);
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual(['fits']);
  });
});

describe('GET /api/documents', () => {
  test('is empty at first', async () => {
    const server = await start();
    expect(await server.call('GET', '/api/documents')).toEqual({
      status: 200,
      type: 'application/json',
      body: { documents: [] },
    });
  });

  test('has the document that changed last first, be it by its title or by its text', async () => {
    const server = await start();
    for (const document of ['a', 'b', 'c']) {
      await server.call('POST', '/api/documents', { document, title: document });
      await nextMillisecond();
    }
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual(['c', 'b', 'a']);
    await server.call('PATCH', '/api/documents/a', { title: 'A' });
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual(['a', 'c', 'b']);
    await nextMillisecond();
    const provider = server.connect('b');
    await provider.whenSynced();
    provider.doc.getText().insert(0, 'text');
    await provider.whenSaved();
    const listed = await server.call('GET', '/api/documents');
    expect(documentsIn(listed)).toEqual(['b', 'a', 'c']);
    expect(listed.body).toMatchObject({ documents: [{ title: 'b' }, { title: 'A' }, { title: 'c' }] });
  });

  test('has no document that was only looked at', async () => {
    const server = await start();
    await server.connect('looked-at').whenSynced();
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual([]);
    expect(await server.call('GET', pathOf('looked-at'))).toEqual(refused(404, 'document-not-found'));
  });
});

describe('/api/documents/:document', () => {
  // Percent signs, slashes, dots, and what a URL takes for its own; also names that look percent-encoded themselves.
  test.each([
    'a/b',
    '/',
    'a//b/',
    'a/.../b',
    '...',
    'ü',
    '文書 🖋️',
    '100%',
    '%',
    '%41',
    '%2F',
    '%252F',
    '%ff',
    'a b',
    'a+b',
    'a?b#c',
    'a&b=c;d',
    'a\\b',
    '"<script>\'',
    'documents',
    '__proto__',
  ])('takes the name %j through every route', async (document) => {
    const server = await start();
    const path = pathOf(document);
    expect(await server.call('GET', path)).toEqual(refused(404, 'document-not-found'));
    expect((await server.call('POST', '/api/documents', { document })).body).toMatchObject({ document });
    expect((await server.call('GET', path)).body).toMatchObject({ document, title: '' });
    expect(await server.call('PATCH', path, { title: 'T' })).toMatchObject({
      status: 200,
      body: { document, title: 'T' },
    });
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual([document]);

    const provider = server.connect(document);
    await provider.whenSynced();
    provider.doc.getText().insert(0, 'text');
    await provider.whenSaved();
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual([document]);

    expect(await server.call('DELETE', path)).toMatchObject({ status: 204, body: undefined });
    expect(await server.call('GET', path)).toEqual(refused(404, 'document-not-found'));
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual([]);
  });

  test.each([
    ['a percent sign alone', '100%'],
    ['half a percent-encoded byte', 'a%4'],
    ['what is not UTF-8', '%E4'],
    ['a slash longer than need be', '%C0%AF'],
    ['NUL', 'a%00b'],
    ['a line break', 'a%0Ab'],
    ['a control character', '%C2%85'],
    ['more than 512 characters', 'a'.repeat(513)],
  ])('refuses a name with %s by every method', async (_, encoded) => {
    const server = await start();
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { title: 'T' } : undefined;
      const answer = await server.call(method, `/api/documents/${encoded}`, body);
      expect(answer).toEqual(refused(400, 'invalid-document-name'));
    }
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual([]);
  });

  test('takes a slash only percent-encoded: without that it is another path', async () => {
    const server = await start();
    await server.call('POST', '/api/documents', { document: 'a/b' });
    expect(await server.call('GET', '/api/documents/a/b')).toEqual(refused(404, 'not-found'));
    expect(await server.call('DELETE', '/api/documents/a/b')).toEqual(refused(404, 'not-found'));
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual(['a/b']);
  });

  test('takes no notice of a query', async () => {
    const server = await start();
    await server.call('POST', '/api/documents', { document: 'd' });
    expect((await server.call('GET', '/api/documents/d?x=a/b')).body).toMatchObject({ document: 'd' });
  });

  test.each([
    ['GET', undefined],
    ['DELETE', undefined],
  ])('answers %s of an unknown document with 404', async (method, body) => {
    const server = await start();
    expect(await server.call(method, '/api/documents/nobody', body)).toEqual(refused(404, 'document-not-found'));
  });
});

describe('PATCH /api/documents/:document', () => {
  test('changes the title, and the peers of the document are told', async () => {
    const server = await start();
    const provider = server.connect('d');
    const events: DocumentEvent[] = [];
    provider.on('event', (event) => events.push(event));
    const elsewhere = server.connect('other');
    elsewhere.on('event', () => expect.fail('the title of another document'));
    await Promise.all([provider.whenSynced(), elsewhere.whenSynced()]);

    const patched = await server.call('PATCH', '/api/documents/d', { title: 'Ein Titel 🔔' });
    expect(patched).toMatchObject({ status: 200, body: { document: 'd', title: 'Ein Titel 🔔' } });
    await expect.poll(() => events).toEqual([{ type: 'title', title: 'Ein Titel 🔔' }]);
    expect((await server.call('GET', '/api/documents/d')).body).toEqual(patched.body);
    // The other one has been sent all that was before this.
    elsewhere.doc.getText().insert(0, 'x');
    await elsewhere.whenSaved();
  });

  test('does not make a document that is not there, so that none comes back that was deleted', async () => {
    const server = await start();
    expect(await server.call('PATCH', '/api/documents/new', { title: 'T' })).toMatchObject({ status: 404 });
    expect((await server.call('GET', '/api/documents/new')).status).toBe(404);
  });

  test('takes an empty title, and one of 500 characters', async () => {
    const server = await start();
    await server.call('POST', '/api/documents', { document: 'd' });
    for (const title of ['', 'ä'.repeat(500)]) {
      expect((await server.call('PATCH', '/api/documents/d', { title })).body).toMatchObject({ title });
    }
  });

  test.each([
    ['no title', '{}'],
    ['no body', ''],
    ['no JSON', 'title=T'],
    ['a title that is no text', '{"title":["T"]}'],
    ['a title that is null', '{"title":null}'],
    ['a title of 501 characters', JSON.stringify({ title: 'a'.repeat(501) })],
  ])('refuses %s and changes nothing', async (_, body) => {
    const server = await start();
    await server.call('POST', '/api/documents', { document: 'd', title: 'Before' });
    const before = await server.call('GET', '/api/documents/d');
    expect(await server.call('PATCH', '/api/documents/d', body)).toEqual(refused(400, 'malformed-request'));
    expect(await server.call('PATCH', '/api/documents/nobody', body)).toEqual(refused(400, 'malformed-request'));
    expect(await server.call('GET', '/api/documents/d')).toEqual(before);
    expect(documentsIn(await server.call('GET', '/api/documents'))).toEqual(['d']);
  });

  test('keeps the text that is being written meanwhile', async () => {
    const server = await start();
    const provider = server.connect('d');
    await provider.whenSynced();
    const patches: Promise<Answer>[] = [];
    for (let i = 0; i < 20; i++) {
      provider.doc.getText().insert(0, 'x');
      patches.push(server.call('PATCH', '/api/documents/d', { title: `Title ${i}` }));
    }
    for (const { status } of await Promise.all(patches)) expect(status).toBe(200);
    await provider.whenSaved();
    const late = server.connect('d');
    await late.whenSynced();
    expect(textOf(late)).toBe('x'.repeat(20));
  });
});

describe('DELETE /api/documents/:document', () => {
  test('sends the peers of the document away with 4404, whatever they speak, and nobody else', async () => {
    const server = await start();
    const [provider, elsewhere] = [server.connect('d'), server.connect('other')];
    const stock = new WebSocket(`${server.syncUrl}/d`);
    onTestFinished(() => stock.terminate());
    await once(stock, 'open');
    stock.send(Uint8Array.of(0, 0, 1, 0));
    await once(stock, 'message');
    const stockClosed = once(stock, 'close');
    const closed: Closed[] = [];
    provider.on('closed', (event) => closed.push(event));
    elsewhere.on('closed', () => expect.fail('another document was deleted'));
    await Promise.all([provider.whenSynced(), elsewhere.whenSynced()]);
    provider.doc.getText().insert(0, 'text');
    await provider.whenSaved();

    expect(await server.call('DELETE', '/api/documents/d')).toMatchObject({ status: 204 });
    await expect.poll(() => closed).toEqual([{ code: 4404, reason: 'document-deleted' }]);
    const [code, reason] = (await stockClosed) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4404, 'document-deleted']);
    elsewhere.doc.getText().insert(0, 'still here');
    await elsewhere.whenSaved();
    expect(elsewhere.status).toBe('synced');
  });

  test('leaves nothing for a document of the same name, also after a restart', async () => {
    const server = await start();
    const provider = server.connect('d');
    await provider.whenSynced();
    provider.doc.getText().insert(0, 'old');
    await provider.whenSaved();
    await server.call('PATCH', '/api/documents/d', { title: 'Old' });
    await server.call('DELETE', '/api/documents/d');

    const next = server.connect('d');
    await next.whenSynced();
    expect(textOf(next)).toBe('');
    next.doc.getText().insert(0, 'new');
    await next.whenSaved();
    expect((await server.call('GET', '/api/documents/d')).body).toMatchObject({ title: '' });
    await server.close();

    const again = await start({}, server.folder);
    const reader = again.connect('d');
    await reader.whenSynced();
    expect(textOf(reader)).toBe('new');
  });

  test('answers the second time that there is no such document', async () => {
    const server = await start();
    await server.call('POST', '/api/documents', { document: 'd' });
    expect((await server.call('DELETE', '/api/documents/d')).status).toBe(204);
    expect(await server.call('DELETE', '/api/documents/d')).toEqual(refused(404, 'document-not-found'));
  });
});

describe('/health and /ready', () => {
  test('say that the process lives and takes connections', async () => {
    const server = await start();
    expect(await server.call('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await server.call('GET', '/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  test('differ while the store is not open', async () => {
    const scriptorium = createServer();
    const http = createHttpServer(scriptorium.handler);
    onTestFinished(async () => {
      await scriptorium.close();
      http.close();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const notReady = await fetch(`${url}/ready`);
    expect([notReady.status, await notReady.json()]).toEqual([503, { status: 'not-ready' }]);
    await scriptorium.attach(http);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    await scriptorium.close();
    expect((await fetch(`${url}/ready`, { headers: { Connection: 'close' } })).status).toBe(503);
  });
});

describe('what there is not', () => {
  test.each([
    ['GET', '/api'],
    ['GET', '/api/'],
    ['GET', '/api/nothing'],
    ['GET', '/api/documents/'],
    ['PUT', '/api/documents'],
    ['DELETE', '/api/documents'],
    ['POST', '/api/documents/d'],
    ['POST', '/health'],
  ])('%s %s is answered with 404 in JSON', async (method, path) => {
    const server = await start();
    expect(await server.call(method, path)).toEqual(refused(404, 'not-found'));
  });
});

/** Times are told in milliseconds: what comes after this is later than what came before. */
async function nextMillisecond(): Promise<void> {
  const before = Date.now();
  await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(before);
}

describe('who wrote last', () => {
  test('is known while they are here, after they left, and until somebody unknown writes', async () => {
    const server = await start();
    const updatedBy = async (): Promise<unknown> =>
      ((await server.call('GET', '/api/documents/d')).body as { updatedBy?: string }).updatedBy;
    const write = async (name: string): Promise<void> => {
      const ada = server.connect('d');
      ada.awareness.setLocalStateField('user', { name });
      await ada.whenSynced();
      ada.doc.getText().insert(0, 'x');
      await ada.whenSaved();
      await expect.poll(updatedBy).toBe(name.trim().slice(0, 60) || undefined);
      ada.destroy();
    };
    await write(' Ada ');
    await expect.poll(updatedBy).toBe('Ada');
    await write('x'.repeat(100));
    await server.call('PATCH', '/api/documents/d', { title: 'Title' });
    const doc = new Y.Doc();
    doc.getText().insert(0, 'y');
    const body = Y.encodeStateAsUpdate(doc);
    await fetch(`${server.httpUrl}/api/documents/d/update`, { method: 'POST', body: new Uint8Array(body) });
    await expect.poll(updatedBy).toBeUndefined();
  });
});
