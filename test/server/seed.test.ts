import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import type { ScriptoriumProvider } from '../../client/node.ts';
import { createServer } from '../../server/index.ts';
import { ourClient, stockClient, textOf, write } from '../support/clients.ts';
import { seededRandom } from '../support/random.ts';
import { serveFolder } from '../support/scriptorium.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TroubledStorage } from '../support/troubled-storage.ts';

const updateOf = (text: string): Uint8Array => {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return Y.encodeStateAsUpdate(doc);
};
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const seeded = (text: string, title?: string) => ({ title, update: base64(updateOf(text)) });

async function put(url: string, document: string, body: unknown) {
  const response = await fetch(`${url}/api/documents/${document}`, {
    method: 'PUT',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function start() {
  const folder = await temporaryFolder();
  const server = await startServer(folder);
  onTestFinished(() => server.close());
  return { ...server, folder };
}

describe('PUT /api/documents/:document', () => {
  test('makes a document with a title and a content, of which all who open it get one', async () => {
    const { httpUrl, syncUrl } = await start();
    const made = await put(httpUrl, 'd', seeded('template', 'From a template'));
    expect(made).toMatchObject({ status: 201, body: { document: 'd', title: 'From a template', created: true } });
    const clients = [...Array(5)].map(() => ourClient(syncUrl, 'd'));
    const stock = stockClient(syncUrl, 'd');
    await Promise.all(clients.map((client) => client.whenSynced()));
    await expect.poll(() => textOf(stock)).toBe('template');
    for (const client of clients) expect(textOf(client)).toBe('template');
  });

  test('by ten clients at once makes one, and nine are told that it was there', async () => {
    const { httpUrl, syncUrl, folder, close } = await start();
    const answers = await Promise.all([...Array(10)].map((_, i) => put(httpUrl, 'd', seeded(`[${i}]`, `Title ${i}`))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 201]);
    const winner = answers.findIndex(({ body }) => body['created'] === true);
    for (const { body } of answers) expect(body['title']).toBe(`Title ${winner}`);
    const reader = ourClient(syncUrl, 'd');
    await reader.whenSynced();
    expect(textOf(reader)).toBe(`[${winner}]`);

    await close();
    const again = await startServer(folder);
    onTestFinished(() => again.close());
    expect((await put(again.httpUrl, 'd', seeded('later'))).body).toMatchObject({ created: false });
    const late = ourClient(again.syncUrl, 'd');
    await late.whenSynced();
    expect(textOf(late)).toBe(`[${winner}]`);
  });

  test('by ten clients that have it open, each of which seeds it when it finds it empty, makes one', async () => {
    const { httpUrl, syncUrl } = await start();
    const titles: unknown[] = [];
    const clients = [...Array(10)].map(() => ourClient(syncUrl, 'd'));
    clients[0]?.on('event', (event) => titles.push(event));
    await Promise.all(
      clients.map(async (client, i) => {
        await client.whenSynced();
        if (textOf(client) === '') await put(httpUrl, 'd', seeded(`<${i}>`, 'T'));
        write(client, '.');
        await client.whenSaved();
      }),
    );
    await expect.poll(() => new Set(clients.map(textOf)).size).toBe(1);
    const text = textOf(clients[0] as ScriptoriumProvider);
    expect(text.match(/<\d>/g)).toHaveLength(1);
    expect(text.match(/\./g)).toHaveLength(10);
    expect(titles).toEqual([{ type: 'title', title: 'T' }]);
  });

  test('leaves one alone that exists, and one in which somebody has written', async () => {
    const { httpUrl, syncUrl } = await start();
    await fetch(`${httpUrl}/api/documents`, {
      method: 'POST',
      body: JSON.stringify({ document: 'empty', title: 'E' }),
    });
    expect((await put(httpUrl, 'empty', seeded('no', 'no'))).body).toMatchObject({ title: 'E', created: false });
    const client = ourClient(syncUrl, 'written');
    await client.whenSynced();
    write(client, 'mine');
    await client.whenSaved();
    expect((await put(httpUrl, 'written', seeded('no', 'no'))).body).toMatchObject({ title: '', created: false });
    expect(textOf(client)).toBe('mine');
  });

  test('without a content makes an empty one with its title', async () => {
    const { httpUrl, syncUrl } = await start();
    expect(await put(httpUrl, 'd', { title: 'T' })).toMatchObject({ status: 201, body: { title: 'T', created: true } });
    expect(await put(httpUrl, 'd', {})).toMatchObject({ status: 200, body: { title: 'T', created: false } });
    const client = ourClient(syncUrl, 'd');
    await client.whenSynced();
    expect(textOf(client)).toBe('');
  });

  test('says with which schema the content was written, so that an older editor does not change it', async () => {
    const { httpUrl, syncUrl } = await start();
    expect((await put(httpUrl, 'd', { ...seeded('x'), schema: 7 })).status).toBe(201);
    const older = ourClient(syncUrl, 'd', { schema: 6 });
    const closed = new Promise((resolve) => older.on('closed', resolve));
    await older.whenSynced();
    write(older, 'y');
    expect(await closed).toMatchObject({ code: 4409 });
  });

  test.each([
    ['no JSON', 'x', 400, 'malformed-request'],
    ['a title that is a number', { title: 1 }, 400, 'malformed-request'],
    ['a title of 501 characters', { title: 'a'.repeat(501) }, 400, 'malformed-request'],
    ['an update that is no base64', { update: 'Ä' }, 400, 'malformed-request'],
    ['an update that is an object', { update: {} }, 400, 'malformed-request'],
    ['an update cut off', { update: base64(updateOf('hello').subarray(0, 9)) }, 400, 'malformed-update'],
    ['an update that is garbage', { update: base64(Uint8Array.of(9, 9, 9)) }, 400, 'malformed-update'],
    ['a schema of 0', { schema: 0 }, 400, 'malformed-request'],
  ])('with %s is refused, and makes nothing', async (_, body, status, code) => {
    const { httpUrl } = await start();
    expect(await put(httpUrl, 'd', body)).toMatchObject({ status, body: { error: { code } } });
    expect((await fetch(`${httpUrl}/api/documents/d`)).status).toBe(404);
  });

  test('takes an update that is larger than other bodies may be, and refuses one past maxImportBytes', async () => {
    const folder = await temporaryFolder();
    const server = await startServer(folder, 0, { maxRequestBytes: 1_000, maxImportBytes: 20_000 });
    onTestFinished(() => server.close());
    expect((await put(server.httpUrl, 'large', seeded('x'.repeat(19_000)))).status).toBe(201);
    expect((await put(server.httpUrl, 'too-large', seeded('x'.repeat(22_000)))).status).toBe(413);
  });

  test('needs write access', async () => {
    const server = createServer({ authorize: (_user, document) => (document === 'mine' ? 'write' : 'read') });
    const { url } = await server.listen({ port: 0 });
    onTestFinished(() => server.close());
    expect((await put(url, 'mine', seeded('x'))).status).toBe(201);
    expect(await put(url, 'theirs', seeded('x'))).toMatchObject({ body: { error: { code: 'unauthorized' } } });
    expect((await fetch(`${url}/api/documents/theirs`)).status).toBe(404);
  });

  test('is not answered as done while the store fails, and is there once when that is well again', async () => {
    const storage = new TroubledStorage();
    const server = createServer({ storage, limits: { storeTimeoutMs: 50 } });
    const { url } = await server.listen({ port: 0 });
    onTestFinished(() => server.close());
    storage.mode = 'failing';
    expect(await put(url, 'd', seeded('once', 'T'))).toMatchObject({ status: 503 });
    expect(await storage.info('d')).toBeUndefined();
    storage.mode = 'well';
    await expect.poll(async () => (await storage.info('d'))?.seq).toBe(1);
    expect((await put(url, 'd', seeded('again'))).body).toMatchObject({ title: 'T', created: false });
  });
});

test('killed in the middle of being seeded, the server has of each document all of it or nothing', {
  timeout: 60_000,
}, async () => {
  const random = seededRandom(1);
  const folder = await temporaryFolder();
  const text = 'long enough to be cut '.repeat(200);
  const answered = new Set<string>();
  let asked = 0;
  for (let round = 0; round < 5; round++) {
    const { program, url } = await serveFolder(folder);
    const die = Math.floor(random() * 15);
    let done = 0;
    await Promise.allSettled(
      [...Array(30)].map(async () => {
        const name = `d${asked++}`;
        const { status } = await put(url, name, seeded(text, `Title of ${name}`));
        if (status === 201) answered.add(name);
        if (done++ === die) program.kill('SIGKILL');
      }),
    );
    await program.ended;
  }
  const server = await startServer(folder);
  onTestFinished(() => server.close());
  expect(answered.size).toBeGreaterThan(5);
  for (let i = 0; i < asked; i++) {
    const response = await fetch(`${server.httpUrl}/api/documents/d${i}/update`);
    if (response.status === 404) {
      expect(answered).not.toContain(`d${i}`);
      continue;
    }
    const doc = new Y.Doc();
    Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()));
    expect(doc.getText().toString()).toBe(text);
    const info = (await (await fetch(`${server.httpUrl}/api/documents/d${i}`)).json()) as { title: string };
    expect(info.title).toBe(`Title of d${i}`);
  }
});
