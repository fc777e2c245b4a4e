import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import sqlite from 'node-sqlite3-wasm';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { isStoreFolder, LevelStorage } from '../../../persistence/index.ts';
import { readStoredDocument } from '../../../server/stored-document.ts';
import { randomEdit } from '../../fuzz/random-edit.ts';
import {
  type Documents,
  writeHocuspocusSqlite,
  writeUpdateFiles,
  writeYLeveldb,
  Y_LEVELDB_VERSIONS,
} from '../../support/foreign-stores.ts';
import { seededRandom } from '../../support/random.ts';
import { runScriptorium, scriptorium } from '../../support/scriptorium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A document that somebody worked on, and all updates of it. */
function worked(seed: number, edits = 40): { doc: Y.Doc; updates: Uint8Array[] } {
  const random = seededRandom(seed);
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < edits; i++) randomEdit(doc, random);
  return { doc, updates };
}

const NAMES = ['plain', 'team/plan', 'ü 🔔 #?%', 'x'.repeat(300)];

function many(names: readonly string[]) {
  const docs = new Map(names.map((name, i) => [name, worked(i + 1)]));
  const updates: Documents = new Map([...docs].map(([name, { updates: its }]) => [name, its]));
  return { docs: new Map([...docs].map(([name, { doc }]) => [name, doc])), updates };
}

async function places() {
  const parent = await temporaryFolder();
  const data = join(parent, 'data');
  return {
    from: join(parent, 'from'),
    data,
    run: (...args: string[]) => runScriptorium(['import', ...args, '--data', data]),
  };
}

/** What the folder has, as Yjs reads it. */
async function stored(data: string): Promise<Map<string, Y.Doc>> {
  const storage = new LevelStorage(data);
  await storage.open();
  const docs = new Map<string, Y.Doc>();
  for (const { document, seq } of await storage.list({ limit: Number.POSITIVE_INFINITY })) {
    expect(seq).toBeLessThanOrEqual(1); // nothing is there twice
    const doc = new Y.Doc();
    for (const { update } of (await readStoredDocument(document, storage))?.entries ?? []) Y.applyUpdate(doc, update);
    docs.set(document, doc);
  }
  await storage.close();
  return docs;
}

/** All that `randomEdit` writes. */
const contentOf = (doc: Y.Doc) => [
  doc.getText('text').toDelta(),
  doc.getXmlFragment('xml').toString(),
  doc.getMap('map').toJSON(),
  doc.getArray('array').toJSON(),
];

function expectSame(found: Map<string, Y.Doc>, expected: ReadonlyMap<string, Y.Doc>): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, doc] of expected) {
    const other = found.get(name) ?? new Y.Doc();
    expect(Y.equalSnapshots(Y.snapshot(other), Y.snapshot(doc))).toBe(true);
    expect(contentOf(other)).toEqual(contentOf(doc));
  }
}

const textDoc = (text: string): Y.Doc => {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return doc;
};
const updateOf = (text: string): Uint8Array => Y.encodeStateAsUpdate(textDoc(text));

describe('scriptorium import --from', () => {
  test.each(Y_LEVELDB_VERSIONS)('y-leveldb: every document of a store that y-leveldb %s wrote', async (version) => {
    const { from, data, run } = await places();
    const { docs, updates } = many(NAMES);
    await writeYLeveldb(from, updates, ['team/plan'], version);
    const { code, stdout, stderr } = await run('--from', 'y-leveldb', from);
    expect([code, stdout, stderr]).toEqual([0, '4 documents imported\n', '']);
    expectSame(await stored(data), docs);
  });

  test('hocuspocus-sqlite: every document of a file that its extension wrote', async () => {
    const { from, data, run } = await places();
    const { docs } = many(NAMES);
    await writeHocuspocusSqlite(from, docs);
    const before = await readFile(from);
    const { code, stdout, stderr } = await run('--from', 'hocuspocus-sqlite', from);
    expect([code, stdout, stderr]).toEqual([0, '4 documents imported\n', '']);
    expectSame(await stored(data), docs);
    expect(await readFile(from)).toEqual(before);
  });

  test('updates: every file of a folder, and of the folders in it', async () => {
    const { from, data, run } = await places();
    await writeUpdateFiles(from, {
      'a.bin': updateOf('a'),
      'team/plan.update': updateOf('b'),
      'a%2Fb%20%C3%BC.yjs': updateOf('c'),
      'v1.2': updateOf('d'),
      '100%': updateOf('e'),
      '.hidden': updateOf('f'),
    });
    expect((await run('--from', 'updates', from)).code).toBe(0);
    const found = await stored(data);
    const texts = Object.fromEntries([...found].map(([name, doc]) => [name, doc.getText().toString()]));
    expect(texts).toEqual({ a: 'a', 'team/plan': 'b', 'a/b ü': 'c', 'v1.2': 'd', '100%': 'e' });
  });

  test('keeps what waits for something that is missing', async () => {
    const { from, data, run } = await places();
    const { doc, updates } = worked(1, 2);
    await writeUpdateFiles(from, { d: updates[1] ?? new Uint8Array() });
    expect((await run('--from', 'updates', from)).code).toBe(0);
    const found = (await stored(data)).get('d') ?? new Y.Doc();
    Y.applyUpdate(found, updates[0] ?? new Uint8Array());
    expect(Y.equalSnapshots(Y.snapshot(found), Y.snapshot(doc))).toBe(true);
  });

  test('leaves a document that is there and differs, unless it is forced to replace it', async () => {
    const { from, data, run } = await places();
    await writeUpdateFiles(from, { d: updateOf('theirs'), e: updateOf('e') });
    await mkdir(data, { recursive: true });
    const storage = new LevelStorage(data);
    await storage.open();
    await storage.create('d', { epoch: 'x', at: 1, title: 'Mine', entries: [{ at: 1, update: updateOf('mine') }] });
    await storage.close();

    const left = await run('--from', 'updates', from);
    expect([left.code, left.stdout]).toEqual([1, '1 document imported, 1 left that differ\n']);
    expect(left.stderr).toContain('"d" is left: there is another document of that name');
    expect((await stored(data)).get('d')?.getText().toString()).toBe('mine');

    const forced = await run('--from', 'updates', from, '--force');
    expect([forced.code, forced.stdout]).toEqual([0, '0 documents imported, 1 replaced, 1 there already\n']);
    expect((await stored(data)).get('d')?.getText().toString()).toBe('theirs');
  });

  test('leaves what people have written since in a document that was imported', async () => {
    const { from, data, run } = await places();
    const doc = textDoc('old');
    await writeUpdateFiles(from, { d: Y.encodeStateAsUpdate(doc) });
    await run('--from', 'updates', from);
    doc.getText().insert(3, ' and new');
    const storage = new LevelStorage(data);
    await storage.open();
    const epoch = (await storage.info('d'))?.epoch ?? '';
    await storage.append('d', epoch, [{ at: 2, update: Y.encodeStateAsUpdate(doc) }]);
    await storage.close();
    const again = await run('--from', 'updates', from, '--force');
    expect([again.code, again.stdout]).toEqual([0, '0 documents imported, 1 there already\n']);
    await storage.open();
    expect((await storage.info('d'))?.seq).toBe(2);
    await storage.close();
  });

  test('names each document that can not be read, and imports the others', async () => {
    const { from, data, run } = await places();
    const { docs } = many(['good', 'better']);
    await writeHocuspocusSqlite(from, docs);
    const db = new sqlite.Database(from);
    const insert = (name: string, bytes: Uint8Array) =>
      db.run('INSERT INTO documents (name, data) VALUES (?, ?)', [name, bytes]);
    insert('cut', updateOf('hello').subarray(0, 9));
    insert('empty', new Uint8Array());
    insert('a\nb', updateOf('x'));
    insert('..', updateOf('x'));
    db.close();
    const { code, stdout, stderr } = await run('--from', 'hocuspocus-sqlite', from);
    expect([code, stdout]).toEqual([1, "2 documents imported, 4 left that can't be read\n"]);
    for (const name of ['"cut"', '"empty"', '"a\\nb"', '".."']) expect(stderr).toContain(`${name} is left: `);
    expectSame(await stored(data), docs);
  });

  test('with --dry-run reads everything, says what would become of it, and writes nothing', async () => {
    const { from, data, run } = await places();
    await writeUpdateFiles(from, { a: updateOf('a'), bad: Uint8Array.of(1, 2, 3) });
    const { code, stdout, stderr } = await run('--from', 'updates', from, '--dry-run');
    expect([code, stdout]).toEqual([
      1,
      "nothing is written; there are 1 document to import, 1 left that can't be read\n",
    ]);
    expect(stderr).toContain('"bad" is left');
    expect(isStoreFolder(data)).toBe(false);
    await run('--from', 'updates', from);
    const files = (await readdir(data)).length;
    expect((await run('--from', 'updates', from, '--dry-run', '--force')).stdout).toContain('1 there already');
    expect((await readdir(data)).length).toBeGreaterThanOrEqual(files - 1);
  });

  test.each([
    ['y-leveldb', 'a folder without a store', 'There is no LevelDB store'],
    ['hocuspocus-sqlite', 'a file that is not there', 'There is no such file'],
    ['updates', 'a folder that is not there', 'There is no folder'],
  ])('%s says when it is given %s, and makes nothing', async (kind, _, message) => {
    const { from, data, run } = await places();
    const { code, stderr } = await run('--from', kind, from);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(isStoreFolder(data)).toBe(false);
  });

  test('hocuspocus-sqlite refuses a file that is none, one without documents, and one with changes beside it', async () => {
    const { from, run } = await places();
    await writeFile(from, 'This is a text and no database, and long enough to be looked at.');
    expect((await run('--from', 'hocuspocus-sqlite', from)).stderr).toContain('is no SQLite database');
    const other = `${from}-other`;
    const db = new sqlite.Database(other);
    db.exec('CREATE TABLE t (x)');
    db.close();
    const none = await run('--from', 'hocuspocus-sqlite', other);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no such table')]);
    await writeFile(`${other}-wal`, 'x');
    expect((await run('--from', 'hocuspocus-sqlite', other)).stderr).toContain('not in it yet');
  });

  test('says when a server has the folder, or the store that is read', async () => {
    const { from, data, run } = await places();
    await writeYLeveldb(from, many(['a']).updates);
    const target = new LevelStorage(data);
    await target.open();
    expect(await run('--from', 'y-leveldb', from)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Another'),
    });
    await target.close();
  });

  test.each([
    [['--from', 'mongodb', 'x']],
    [['--from', 'updates', 'x', 'y']],
    [['--from', 'updates', 'x', '--url', 'http://x']],
    [['only-one']],
    [['a', 'b', '--force']],
  ])('refuses the arguments %j', async (args) => {
    expect((await runScriptorium(['import', ...args])).code).toBe(1);
  });
});

test('an import of 1,000 documents that is cut off again and again has each of them once', {
  timeout: 180_000,
}, async () => {
  const { from, data, run } = await places();
  const { docs, updates } = many(Array.from({ length: 1_000 }, (_, i) => `document ${i}`));
  await writeYLeveldb(from, updates);
  let cut = 0;
  for (let round = 1; round < 30 && cut < 2; round++) {
    const program = scriptorium(['import', '--from', 'y-leveldb', from, '--data', data]);
    await delay(round * 150); // no condition: the moment is meant to be any
    program.kill('SIGKILL');
    if ((await program.ended).signal === null) break;
    const found = isStoreFolder(data) ? (await stored(data)).size : 0;
    if (found > 0 && found < docs.size) cut++;
  }
  expect(cut).toBeGreaterThan(0);
  const begunAt = performance.now();
  const { code, stdout } = await run('--from', 'y-leveldb', from);
  console.log(`import: ${stdout.trim()}, in ${Math.round(performance.now() - begunAt)} ms, after ${cut} cuts`);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+ documents imported, \d+ there already\n$/)]);
  expectSame(await stored(data), docs);
});
