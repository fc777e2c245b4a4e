import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../../client/node.ts';
import { MemoryStorage } from '../../../persistence/index.ts';
import { createServer } from '../../../server/index.ts';
import { DAMAGES, everything, makeStore, PARTS, partsOf, partUpdate } from '../../support/raw-store.ts';
import { runScriptorium, serveFolder } from '../../support/scriptorium.ts';
import { startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function places(documents = ['a']) {
  const parent = await temporaryFolder();
  const folder = join(parent, 'data');
  await makeStore(folder, documents);
  return { folder, file: join(parent, 'update.bin') };
}

function docOf(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc;
}

function connect(syncUrl: string, document: string): ScriptoriumProvider {
  const provider = new ScriptoriumProvider(syncUrl, document, new Y.Doc());
  onTestFinished(() => provider.destroy());
  return provider;
}

describe.each(['--data', '--url'])('scriptorium export and import with %s', (option) => {
  async function source(documents = ['a', 'a/b?#%ü']) {
    const { folder, file } = await places(documents);
    const where = option === '--data' ? folder : (await serveFolder(folder)).url;
    return { file, folder, run: (...args: string[]) => runScriptorium([...args, option, where]) };
  }

  test('write one document as an update that Yjs applies', async () => {
    const { file, run } = await source();
    const { code, stderr } = await run('export', 'a/b?#%ü', '--out', file);
    expect([code, stderr]).toEqual([0, '']);
    expect(partsOf(docOf(await readFile(file)))).toEqual(PARTS);
  });

  test('merge an update into a document, which is there once however often it is imported', async () => {
    const { file, run } = await source();
    await writeFile(file, partUpdate(9));
    for (let i = 0; i < 2; i++) {
      const { code, stderr } = await run('import', 'a', file);
      expect([code, stderr]).toEqual([0, '']);
    }
    await run('export', 'a', '--out', `${file}-2`);
    expect(partsOf(docOf(await readFile(`${file}-2`)))).toEqual([...PARTS, 9]);
  });

  test('make a document that is not there of an update', async () => {
    const { file, run } = await source();
    await run('export', 'a', '--out', file);
    expect((await run('import', 'new', file)).code).toBe(0);
    await run('export', 'new', '--out', `${file}-2`);
    expect(partsOf(docOf(await readFile(`${file}-2`)))).toEqual(PARTS);
  });

  test('keep what builds upon something that is missing', async () => {
    const { file, run } = await source();
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    doc.getText().insert(0, 'one ');
    doc.getText().insert(4, 'two');
    await writeFile(file, updates[1] ?? '');
    await run('import', 'pending', file);
    await run('export', 'pending', '--out', `${file}-2`);
    const exported = docOf(await readFile(`${file}-2`));
    expect(exported.getText().toString()).toBe('');
    Y.applyUpdate(exported, updates[0] ?? new Uint8Array());
    expect(exported.getText().toString()).toBe('one two');
  });

  test.each([
    ['is empty', new Uint8Array()],
    ['is cut off', partUpdate(9).slice(0, -3)],
    ['is text', Buffer.from('hello')],
  ])('refuse a file that %s, and change nothing', async (_, bytes) => {
    const { file, run } = await source(['a']);
    await writeFile(file, bytes);
    const { code, stderr } = await run('import', 'a', file);
    expect([code, stderr]).toEqual([2, 'scriptorium: The update cannot be read.\n']);
    await run('export', 'a', '--out', `${file}-2`);
    expect(partsOf(docOf(await readFile(`${file}-2`)))).toEqual(PARTS);
  });

  test('say what is not there, and never write over a file', async () => {
    const { file, run } = await source();
    expect(await run('export', 'no', '--out', file)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no (such )?document/),
    });
    expect(await run('import', 'a', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('no such file') });
    await writeFile(file, 'precious');
    expect(await run('export', 'a', '--out', file)).toMatchObject({ code: 2 });
    expect(await readFile(file, 'utf8')).toBe('precious');
  });
});

test('export writes to standard output when no file is named', async () => {
  const { folder } = await places();
  const program = await runScriptorium(['export', 'a', '--data', folder]);
  expect([program.code, program.stderr, program.stdout.length > 0]).toEqual([0, '', true]);
});

test("a document that can't be read is not exported, and nothing is imported into it", async () => {
  const { folder, file } = await places();
  await DAMAGES[2]?.damage(folder, 'a');
  const before = await everything(folder, 'a');
  await writeFile(file, partUpdate(9));
  expect((await runScriptorium(['export', 'a', '--out', `${file}-2`, '--data', folder])).code).toBe(2);
  expect((await runScriptorium(['import', 'a', file, '--data', folder])).code).toBe(2);
  expect(await everything(folder, 'a')).toEqual(before);
});

test('what is imported through the server is seen by those who have the document open, and is durable', async () => {
  const { folder, file } = await places();
  const { url, syncUrl, program } = await serveFolder(folder);
  const peer = connect(syncUrl, 'a');
  await peer.whenSynced();
  await writeFile(file, partUpdate(9));
  expect((await runScriptorium(['import', 'a', file, '--url', url])).code).toBe(0);
  program.kill('SIGKILL'); // the command has ended: it is on the disk
  await program.ended;
  expect(partsOf(peer.doc)).toEqual([...PARTS, 9]);
  peer.destroy();
  const { stdout } = await runScriptorium(['check', '--json', '--data', folder]);
  expect(JSON.parse(stdout)).toMatchObject({ problems: [] });
  await runScriptorium(['export', 'a', '--out', `${file}-2`, '--data', folder]);
  expect(partsOf(docOf(await readFile(`${file}-2`)))).toEqual([...PARTS, 9]);
});

describe('/api/documents/:document/update', () => {
  async function serve(limits = {}) {
    const { folder } = await places();
    const server = await startServer(folder, 0, limits);
    onTestFinished(() => server.close());
    return {
      ...server,
      call: (method: string, path: string, body?: Uint8Array<ArrayBuffer>) =>
        fetch(`${server.httpUrl}/api/documents/${path}`, { method, ...(body && { body }) }),
    };
  }
  const update = (part: number): Uint8Array<ArrayBuffer> => Uint8Array.from(partUpdate(part));
  const codeIn = async (response: Response): Promise<unknown[]> => {
    const { error } = (await response.json()) as { error: { code: string } };
    return [response.status, error.code];
  };

  test('GET has also what the store has not taken yet, POST answers 204', async () => {
    const server = await serve();
    const peer = connect(server.syncUrl, 'a');
    await peer.whenSynced();
    expect((await server.call('POST', 'a/update', update(8))).status).toBe(204);
    await expect.poll(() => partsOf(peer.doc)).toEqual([...PARTS, 8]);
    const response = await server.call('GET', 'a/update');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    expect(partsOf(docOf(new Uint8Array(await response.arrayBuffer())))).toEqual([...PARTS, 8]);
  });

  test('refuses what is no update, what is too large, a name that is none and a document that is not there', async () => {
    const server = await serve({ maxImportBytes: 100 });
    expect(await codeIn(await server.call('POST', 'a/update', Uint8Array.of(1, 1, 255)))).toEqual([
      400,
      'malformed-update',
    ]);
    expect(await codeIn(await server.call('POST', 'a/update', new Uint8Array(101)))).toEqual([
      413,
      'message-too-large',
    ]);
    expect(await codeIn(await server.call('POST', '%00/update', update(1)))).toEqual([400, 'invalid-document-name']);
    expect(await codeIn(await server.call('GET', '%FF/update'))).toEqual([400, 'invalid-document-name']);
    expect(await codeIn(await server.call('GET', 'no/update'))).toEqual([404, 'document-not-found']);
    expect((await server.call('GET', 'no')).status).toBe(404); // to ask did not make it
  });

  test('an import that waits too long for a store that hangs is not said to be stored', async () => {
    const storage = new MemoryStorage();
    const hanging = createServer({ storage, limits: { storeTimeoutMs: 50, closeTimeoutMs: 50 } });
    const { url } = await hanging.listen({ port: 0 });
    onTestFinished(() => hanging.close());
    storage.append = () => new Promise(() => {});
    const body = update(9);
    expect(await codeIn(await fetch(`${url}/api/documents/a/update`, { method: 'POST', body }))).toEqual([
      503,
      'store-unavailable',
    ]);
  });
});
