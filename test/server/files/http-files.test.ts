import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createServer, type Limits, type ServerOptions } from '../../../server/index.ts';
import { GIF, JPEG, PNG_SIGNATURE, png, pngHeader, WEBP } from '../../support/images.ts';
import { startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { SECRET, tokenFor } from '../../support/tokens.ts';

interface Stored {
  readonly url: string;
  readonly type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

async function start(limits: Partial<Limits> = {}, options: Omit<ServerOptions, 'limits'> = {}, store?: string) {
  const folder = store ?? (await temporaryFolder());
  const server = await startServer(folder, 0, limits, options);
  onTestFinished(() => server.close());
  const send = async (body: Uint8Array | string, document = 'd', headers: Record<string, string> = {}) => {
    const path = `/api/documents/${encodeURIComponent(document)}/files`;
    const response = await fetch(server.httpUrl + path, { method: 'POST', body: body as BodyInit, headers });
    return { status: response.status, body: (await response.json()) as Stored & { error?: { code: string } } };
  };
  const get = (path: string, headers: Record<string, string> = {}) => fetch(server.httpUrl + path, { headers });
  const codeOf = async (response: Response) =>
    [response.status, ((await response.json()) as { error: { code: string } }).error.code] as const;
  return { ...server, folder, send, get, codeOf };
}

const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');

const refusalOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) =>
  [status, body.error?.code] as const;

describe('POST /api/documents/:document/files', () => {
  test.each([
    ['PNG', png(3, 2), 'image/png', 3, 2],
    ['GIF', GIF, 'image/gif', 1, 1],
    ['WebP', WEBP, 'image/webp', 1, 1],
    ['JPEG', JPEG, 'image/jpeg', 1, 1],
  ])('stores %s and gives back the same bytes', async (_, bytes, type, width, height) => {
    const server = await start();
    const { status, body } = await server.send(bytes);
    expect([status, body]).toEqual([201, { url: body.url, type, bytes: bytes.length, width, height }]);
    const response = await server.get(body.url);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.get('content-type')).toBe(type);
  });

  test('finds out the type from the bytes, whatever the request says', async () => {
    const server = await start();
    const { body } = await server.send(png(1, 1), 'd', { 'Content-Type': 'text/html' });
    expect(body.type).toBe('image/png');
    const refused = await server.send('<script>alert(1)</script>', 'd', { 'Content-Type': 'image/png' });
    expect(refusalOf(refused)).toEqual([415, 'unsupported-file-type']);
  });

  test.each([
    ['nothing', ''],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['the signature of a PNG with a page', Buffer.concat([PNG_SIGNATURE, Buffer.from('<script>alert(1)</script>')])],
    ['a PDF', '%PDF-1.7\n1 0 obj\n'],
    ['a GIF of no size', Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1')],
    ['zip bytes', Buffer.from('504b0304140000000800', 'hex')],
  ])('refuses %s, and the document is not made for it', async (_, bytes) => {
    const server = await start();
    expect(refusalOf(await server.send(bytes))).toEqual([415, 'unsupported-file-type']);
    expect(await readdir(join(server.folder, 'files')).catch(() => [])).toEqual([]);
    expect((await server.get('/api/documents/d')).status).toBe(404);
  });

  test('refuses a file that is too large, when it says so and when it does not', async () => {
    const server = await start({ maxFileBytes: 1_000 });
    const tooLarge = Buffer.concat([png(1, 1), Buffer.alloc(1_000)]);
    expect(refusalOf(await server.send(tooLarge))).toEqual([413, 'file-too-large']);
    const chunked = request(`${server.httpUrl}/api/documents/d/files`, { method: 'POST' });
    chunked.write(tooLarge.subarray(0, 600));
    chunked.end(tooLarge.subarray(600));
    const [response] = (await once(chunked, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(413);
  });

  test('takes a file that comes in chunks without a length', async () => {
    const server = await start();
    const bytes = png(4, 4);
    const chunked = request(`${server.httpUrl}/api/documents/d/files`, { method: 'POST' });
    chunked.write(bytes.subarray(0, 20));
    chunked.end(bytes.subarray(20));
    const [response] = (await once(chunked, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(201);
  });

  test('stores nothing of a file that breaks off', async () => {
    const server = await start();
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /api/documents/d/files HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n');
    socket.write(png(1, 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await server.send(GIF, 'other')).status).toBe(201);
    expect(await readdir(join(server.folder, 'files'))).toHaveLength(1);
  });

  test('refuses an image whose pixels would fill the memory of those who look at it', async () => {
    const server = await start();
    expect(refusalOf(await server.send(pngHeader(60_000, 60_000)))).toEqual([413, 'file-too-large']);
  });

  test('bounds the bytes and the number of the files of a document, and stores the same bytes once', async () => {
    const bytes = png(1, 1);
    const server = await start({ maxFileBytesPerDocument: bytes.length + GIF.length, maxFilesPerDocument: 2 });
    const first = await server.send(bytes);
    expect((await server.send(bytes)).body.url).toBe(first.body.url);
    expect((await server.send(GIF)).status).toBe(201);
    expect(refusalOf(await server.send(WEBP))).toEqual([413, 'files-full']);
    expect((await server.send(bytes)).status).toBe(201);
    // Another document has room of its own.
    expect((await server.send(WEBP, 'other')).status).toBe(201);
    expect(refusalOf(await (await start({ maxFileBytesPerDocument: 60 })).send(png(9, 9)))).toEqual([
      413,
      'files-full',
    ]);
  });

  test('makes the document: an image may be the first thing in it', async () => {
    const server = await start();
    await server.send(GIF, 'new');
    expect((await server.get('/api/documents/new')).status).toBe(200);
  });
});

describe('GET /api/documents/:document/files/:file', () => {
  test('says what a browser must not do with it', async () => {
    const server = await start();
    const { body } = await server.send(GIF);
    const { headers } = await server.get(body.url);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'");
    expect(headers.get('content-disposition')).toMatch(/^inline; filename="[0-9a-f]{64}\.gif"$/);
    expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect(headers.get('vary')).toContain('Authorization');
  });

  test('answers HEAD without the bytes', async () => {
    const server = await start();
    const { body } = await server.send(GIF);
    const response = await fetch(server.httpUrl + body.url, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(GIF.length)]);
  });

  test.each([
    ['../access.json'],
    ['..%2f..%2faccess.json'],
    ['%2e%2e%2faccess.json'],
    ['CURRENT'],
    ['leaving'],
    [`${'0'.repeat(64)}.png`],
    [`${'0'.repeat(64)}.svg`],
    ['%00.png'],
    [''],
  ])('has nothing under the name %j', async (name) => {
    const server = await start({}, {});
    await server.send(GIF);
    // As it is: fetch would make another path of it.
    const sent = request({ port: server.port, host: '127.0.0.1', path: `/api/documents/d/files/${name}` });
    sent.end();
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(404);
  });

  test('knows a file only under the document that it is in, whatever that is called', async () => {
    const server = await start();
    const name = 'a/b é?#%2e';
    const { body } = await server.send(GIF, name);
    expect((await server.get(body.url)).status).toBe(200);
    expect((await server.get(body.url.replace(encodeURIComponent(name), 'd'))).status).toBe(404);
  });

  test('outlives the server, and goes with its document', async () => {
    const folder = await temporaryFolder();
    const first = await start({}, {}, folder);
    const { body } = await first.send(GIF);
    await first.close();
    const server = await start({}, {}, folder);
    expect((await server.get(body.url)).status).toBe(200);
    await fetch(`${server.httpUrl}/api/documents/d`, { method: 'DELETE' });
    expect(await server.codeOf(await server.get(body.url))).toEqual([404, 'not-found']);
    expect(await readdir(join(folder, 'files'))).toEqual([]);
  });

  test('a deletion that was cut off is ended at the next start, and one that did not happen is forgotten', async () => {
    const folder = await temporaryFolder();
    const first = await start({}, {}, folder);
    const gone = await first.send(GIF, 'gone');
    const kept = await first.send(GIF, 'kept');
    const files = join(folder, 'files');
    for (const name of await readdir(files)) await rename(join(files, name), join(files, `${name}.aside`));
    await fetch(`${first.httpUrl}/api/documents/gone`, { method: 'DELETE' });
    await first.close();
    for (const aside of await readdir(files))
      await rename(join(files, aside), join(files, aside.replace('.aside', '')));
    for (const name of ['gone', 'kept']) await writeFile(join(files, hashOf(name), 'leaving'), name);
    const server = await start({}, {}, folder);
    expect((await server.get(gone.body.url)).status).toBe(404);
    expect((await server.get(kept.body.url)).status).toBe(200);
    expect(await readdir(join(files, hashOf('kept')))).toHaveLength(1);
  });

  test('a disk that fails is the trouble of the store, and names no folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'files'));
    await writeFile(join(folder, 'files', hashOf('d')), 'a file where the folder should be');
    const server = await start({}, {}, folder);
    const refused = await server.send(GIF);
    expect(refusalOf(refused)).toEqual([503, 'store-unavailable']);
    expect(JSON.stringify(refused.body)).not.toContain(folder);
  });

  test('are in a temporary folder where documents are in memory', async () => {
    const server = createServer({});
    const { url } = await server.listen({ port: 0 });
    onTestFinished(() => server.close());
    const sent = await fetch(`${url}/api/documents/d/files`, { method: 'POST', body: GIF });
    const { url: file } = (await sent.json()) as Stored;
    expect((await fetch(url + file)).status).toBe(200);
  });
});

describe('with access control', () => {
  const options = { tokens: { secret: SECRET } };
  const bearer = async (access?: 'read' | 'write') => ({
    Authorization: `Bearer ${await tokenFor('u', access && { documents: { d: access } })}`,
  });

  test('storing needs write, reading needs read, by the header or by the query', async () => {
    const server = await start({}, options);
    expect(refusalOf(await server.send(GIF))).toEqual([401, 'unauthorized']);
    expect(refusalOf(await server.send(GIF, 'd', await bearer()))).toEqual([403, 'forbidden']);
    expect((await server.send(GIF, 'd', await bearer('read'))).status).toBe(403);
    const { status, body } = await server.send(GIF, 'd', await bearer('write'));
    expect(status).toBe(201);
    expect((await server.get(body.url)).status).toBe(401);
    expect((await server.get(body.url, await bearer())).status).toBe(403);
    expect((await server.get(body.url, await bearer('read'))).status).toBe(200);
    const token = await tokenFor('u', { documents: { d: 'read' } });
    expect((await server.get(`${body.url}?token=${token}`)).status).toBe(200);
  });

  test('a share link to read shows the images, and stores none', async () => {
    const server = await start({}, options);
    const { body } = await server.send(GIF, 'd', await bearer('write'));
    const admin = { Authorization: `Bearer ${await tokenFor('a', { admin: true })}` };
    const made = await fetch(`${server.httpUrl}/api/documents/d/links`, {
      method: 'POST',
      headers: admin,
      body: JSON.stringify({ access: 'read' }),
    });
    const { token } = (await made.json()) as { token: string };
    const shared = { Authorization: `Bearer ${token}` };
    expect((await server.get(body.url, shared)).status).toBe(200);
    expect((await server.send(GIF, 'd', shared)).status).toBe(403);
    expect((await server.send(GIF, 'other', shared)).status).toBe(403);
  });
});
