import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../../client/node.ts';
import { type BackupItem, encodeBackup, FileFolder, filesBeside } from '../../../persistence/index.ts';
import { png } from '../../support/images.ts';
import { DAMAGES, everything, makeStore, PARTS, partsOf } from '../../support/raw-store.ts';
import { runScriptorium, scriptorium, serveFolder } from '../../support/scriptorium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function places() {
  const parent = await temporaryFolder();
  return { parent, folder: join(parent, 'data'), file: join(parent, 'backup.gz'), target: join(parent, 'restored') };
}

function connect(syncUrl: string, document: string): ScriptoriumProvider {
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(syncUrl, document, doc);
  onTestFinished(() => provider.destroy());
  return provider;
}

const textOf = ({ doc }: ScriptoriumProvider): string => doc.getText().toString();

/** Documents of half a megabyte each, so that a restore takes several writes. */
async function* largeDocuments(count: number): AsyncGenerator<BackupItem> {
  const doc = new Y.Doc();
  doc.getText().insert(0, 'a'.repeat(500_000));
  const update = Y.encodeStateAsUpdate(doc);
  for (let i = 0; i < count; i++) {
    yield { type: 'document', document: `document ${i}`, title: '', createdAt: 0, updatedAt: 0, schema: 0 };
    yield { type: 'entry', seq: 1, at: 0, update };
  }
}

/** How much is in the files of a folder that somebody is writing to. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function kill(server: { readonly program: ReturnType<typeof scriptorium> }): Promise<void> {
  server.program.kill('SIGKILL');
  await server.program.ended;
}

describe('scriptorium backup and restore', () => {
  test('bring a folder that no server has open back somewhere else', async () => {
    const { folder, file, target } = await places();
    await makeStore(folder, ['a', 'b']);
    const made = await runScriptorium(['backup', file, '--data', folder]);
    expect([made.code, made.stdout, made.stderr]).toEqual([0, `2 documents in ${file}\n`, '']);
    const restored = await runScriptorium(['restore', file, '--data', target]);
    expect([restored.code, restored.stdout, restored.stderr]).toEqual([0, `2 documents in ${target}\n`, '']);
    const { syncUrl } = await serveFolder(target);
    const reader = connect(syncUrl, 'b');
    await reader.whenSynced();
    expect(partsOf(reader.doc)).toEqual(PARTS);
  });

  test('bring the images of documents back, through a server and without', async () => {
    const { parent, folder, file, target } = await places();
    const server = await serveFolder(folder);
    const image = png(320, 200);
    const sent = await fetch(`${server.url}/api/documents/d/files`, { method: 'POST', body: new Uint8Array(image) });
    const { url } = (await sent.json()) as { url: string };
    const made = await runScriptorium(['backup', file, '--url', server.url]);
    expect([made.code, made.stdout]).toEqual([0, `1 document and 1 image in ${file}\n`]);
    const restored = await runScriptorium(['restore', file, '--data', target]);
    expect([restored.code, restored.stdout]).toEqual([0, `1 document and 1 image in ${target}\n`]);

    const [second, third] = [join(parent, 'second.gz'), join(parent, 'third')];
    expect((await runScriptorium(['backup', second, '--data', target])).stdout).toContain('1 document and 1 image');
    expect((await runScriptorium(['restore', second, '--data', third])).code).toBe(0);
    const again = await serveFolder(third);
    const response = await fetch(again.url + url);
    expect([response.status, Buffer.from(await response.arrayBuffer())]).toEqual([200, image]);
  });

  test('a restore that is killed among the images can be run again', async () => {
    const { folder, file, target } = await places();
    await makeStore(folder, ['a', 'b']);
    const from = new FileFolder(filesBeside(folder));
    for (let i = 0; i < 200; i++) {
      const name = `${i.toString(16).padStart(64, '0')}.png`;
      await from.put('a', { name, bytes: new Uint8Array(100_000).fill(i) });
    }
    expect((await runScriptorium(['backup', file, '--data', folder])).stdout).toContain('200 images');
    const program = scriptorium(['restore', file, '--data', target]);
    const to = new FileFolder(filesBeside(target));
    await expect.poll(() => to.names('a').then(({ length }) => length), { interval: 1 }).toBeGreaterThan(10);
    program.kill('SIGKILL');
    expect(await program.ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect((await runScriptorium(['serve', '--port', '0', '--data', target])).code).toBe(1);

    expect((await runScriptorium(['restore', file, '--data', target])).stdout).toContain('2 documents and 200 images');
    let i = 0;
    for await (const { bytes } of to.read('a'))
      expect(Buffer.from(bytes).equals(Buffer.alloc(100_000, i++))).toBe(true);
    expect(i).toBe(200);
    expect((await runScriptorium(['check', '--data', target])).code).toBe(0);
  });

  test('lose no edit that a client holds which is newer than the backup', async () => {
    const { folder, file, target } = await places();
    const server = await serveFolder(folder);
    const client = connect(server.syncUrl, 'd');
    await client.whenSynced();
    client.doc.getText().insert(0, 'before the backup, ');
    await client.whenSaved();
    expect((await runScriptorium(['backup', file, '--url', server.url])).code).toBe(0);
    client.doc.getText().insert(textOf(client).length, 'after it');
    await client.whenSaved();
    await kill(server);
    client.doc.getText().insert(textOf(client).length, ', and while the server was away');

    expect((await runScriptorium(['restore', file, '--data', target])).code).toBe(0);
    const again = await serveFolder(target, server.port);
    await client.whenSaved();
    client.destroy(); // from here on, the server alone has it
    await kill(again);
    const last = await serveFolder(target);
    const reader = connect(last.syncUrl, 'd');
    await reader.whenSynced();
    expect(textOf(reader)).toBe('before the backup, after it, and while the server was away');
  });

  test('a backup of a server that people write on is whole, and has all that was saved before', async () => {
    const { folder, file, target } = await places();
    const server = await serveFolder(folder);
    const writers = Array.from({ length: 5 }, (_, i) => connect(server.syncUrl, `document ${i}`));
    await Promise.all(writers.map((writer) => writer.whenSynced()));
    let [typing, paused] = [true, false];
    const typed = (async () => {
      for (let i = 0; typing; i++) {
        while (paused) await new Promise((resolve) => setTimeout(resolve, 2));
        for (const { doc } of writers) doc.getArray<number>('typed').push([i]);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    await expect.poll(() => writers[0]?.doc.getArray('typed').length).toBeGreaterThan(50);
    paused = true;
    for (const { doc } of writers) doc.getArray<number>('typed').push([-1]);
    await Promise.all(writers.map((writer) => writer.whenSaved()));
    paused = false;
    expect((await runScriptorium(['backup', file, '--url', server.url])).code).toBe(0);
    typing = false;
    await typed;

    expect((await runScriptorium(['restore', file, '--data', target])).stdout).toContain('5 documents');
    expect((await runScriptorium(['check', '--data', target])).code).toBe(0);
    const restored = await serveFolder(target);
    for (let i = 0; i < writers.length; i++) {
      const reader = connect(restored.syncUrl, `document ${i}`);
      await reader.whenSynced();
      const numbers = reader.doc.getArray<number>('typed').toArray();
      expect(numbers).toContain(-1);
      // What one client wrote is there without a gap.
      expect(numbers.filter((number) => number >= 0)).toEqual(Array.from({ length: numbers.length - 1 }, (_, n) => n));
    }
  });

  test('say which documents could not be read, and keep them as they are stored', async () => {
    const { folder, file, target } = await places();
    await makeStore(folder, ['damaged', 'fine']);
    await DAMAGES[2]?.damage(folder, 'damaged');
    const { url } = await serveFolder(folder);
    const made = await runScriptorium(['backup', file, '--url', url]);
    expect([made.code, made.stdout]).toEqual([0, `1 document in ${file}\n`]);
    expect(made.stderr).toContain('"damaged" can\'t be read');
    const restored = await runScriptorium(['restore', file, '--data', target]);
    expect([restored.code, restored.stderr]).toEqual([0, expect.stringContaining('"damaged"')]);
    expect((await runScriptorium(['check', '--data', target])).stdout).toContain('"damaged" entry 4');
  });

  test('a backup that the server breaks off leaves no file', async () => {
    const { parent, file } = await places();
    const broken = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/gzip' });
      response.write(Buffer.from('1f8b0800000000000003', 'hex'), () => response.destroy());
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void broken.close());
    await once(broken, 'listening');
    const { port } = broken.address() as AddressInfo;
    const { code, stderr } = await runScriptorium(['backup', file, '--url', `http://127.0.0.1:${port}`]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^scriptorium: /)]);
    expect(await readdir(parent)).toEqual([]);
  });

  test('a backup never takes the place of another file', async () => {
    const { folder, file } = await places();
    await makeStore(folder, ['a']);
    await writeFile(file, 'precious');
    const { code, stderr } = await runScriptorium(['backup', file, '--data', folder]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is a file already')]);
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  test('a restore refuses a damaged backup and a folder with documents, and changes nothing', async () => {
    const { folder, file, target } = await places();
    await makeStore(folder, ['a']);
    await runScriptorium(['backup', file, '--data', folder]);
    const before = await everything(folder);
    const full = await runScriptorium(['restore', file, '--data', folder]);
    expect([full.code, full.stderr]).toEqual([2, expect.stringContaining('choose another')]);
    expect(await everything(folder)).toEqual(before);
    await writeFile(file, (await readFile(file)).subarray(0, -9));
    const { code, stderr } = await runScriptorium(['restore', file, '--data', target]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^scriptorium: .*backup/)]);
    expect((await runScriptorium(['check', '--data', target])).stderr).toContain('There is no store');
  });

  test('a restore that is killed leaves a folder that no server opens, and can be run again', async () => {
    const { file, target } = await places();
    await writeFile(file, encodeBackup(largeDocuments(60)));
    const program = scriptorium(['restore', file, '--data', target]);
    await expect.poll(() => bytesIn(target), { interval: 1 }).toBeGreaterThan(5_000_000);
    program.kill('SIGKILL');
    expect(await program.ended).toEqual({ code: null, signal: 'SIGKILL' });

    const server = await runScriptorium(['serve', '--port', '0', '--data', target]);
    expect([server.code, server.stderr]).toEqual([
      1,
      expect.stringContaining('a restore that did not come to its end'),
    ]);
    expect((await runScriptorium(['backup', `${file}-2`, '--data', target])).code).toBe(2);
    expect((await runScriptorium(['repair', '--all', '--data', target])).code).toBe(2);
    const half = await runScriptorium(['check', '--json', '--data', target]);
    expect([half.code, half.stdout]).toEqual([1, expect.stringContaining('it has format restoring')]);

    expect((await runScriptorium(['restore', file, '--data', target])).code).toBe(0);
    const { code, stdout } = await runScriptorium(['check', '--json', '--data', target]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { documents: 60, entries: 60, problems: [] }]);
  });

  test('a backup says what to do while a server has the folder, and where no server answers', async () => {
    const { folder, file } = await places();
    await serveFolder(folder);
    const locked = await runScriptorium(['backup', file, '--data', folder]);
    expect([locked.code, locked.stderr]).toEqual([2, expect.stringContaining('with --url')]);
    const nobody = await runScriptorium(['backup', file, '--url', 'http://127.0.0.1:1']);
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('no server answers at')]);
    const both = await runScriptorium(['backup', file, '--url', 'http://127.0.0.1:1', '--data', folder]);
    expect([both.code, both.stderr]).toEqual([1, expect.stringContaining('not both')]);
    const bad = await runScriptorium(['backup', file, '--url', 'localhost']);
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('http://')]);
  });

  test('GET /api/backup is what the command writes', async () => {
    const { folder } = await places();
    await makeStore(folder, ['a']);
    const { url } = await serveFolder(folder);
    const response = await fetch(`${url}/api/backup`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/gzip']);
    const lines = gunzipSync(Buffer.from(await response.arrayBuffer()))
      .toString()
      .trim()
      .split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toContain('"scriptorium":"backup"');
  });

  test.each([
    ['backup', ['--url', '--data']],
    ['restore', ['--data']],
  ])('%s --help says what there is to set', async (command, words) => {
    const { code, stdout } = await runScriptorium([command, '--help']);
    expect(code).toBe(0);
    for (const word of words) expect(stdout).toContain(word);
  });
});
