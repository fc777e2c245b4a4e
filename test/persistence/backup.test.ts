import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type BackupItem,
  backupFolder,
  checkStore,
  type DocumentFile,
  decodeBackup,
  encodeBackup,
  FileFolder,
  filesBeside,
  LevelStorage,
  MemoryStorage,
  restoreStore,
  type Storage,
  verifyBackup,
} from '../../persistence/index.ts';
import * as format from '../../persistence/level-format.ts';
import { rejection } from '../support/error-code.ts';
import { seededRandom } from '../support/random.ts';
import { AT, DAMAGES, EPOCH, everything, makeStore, partUpdate, raw } from '../support/raw-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function itemsOf(storage: Storage): Promise<BackupItem[]> {
  const items: BackupItem[] = [];
  for await (const item of storage.backup()) items.push(item);
  return items;
}

/** A store and a backup of it. */
async function backedUp(documents = ['a', 'b']) {
  const parent = await temporaryFolder();
  const folder = join(parent, 'data');
  const file = join(parent, 'backup.gz');
  await makeStore(folder, documents);
  const backup = (): Promise<void> => backupFolder(folder, (bytes) => pipeline(bytes, createWriteStream(file)));
  await backup();
  return { folder, file, backup, target: join(parent, 'restored') };
}

/** Changes the lines of a backup. */
async function edit(file: string, change: (lines: string[]) => string[]): Promise<void> {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .split('\n')
    .slice(0, -1);
  await writeFile(
    file,
    gzipSync(
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );
}

describe('a backup', () => {
  test('is lines of JSON with a header, the documents in order, and an end that counts them', async () => {
    const { file } = await backedUp();
    const lines = gunzipSync(await readFile(file))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({ scriptorium: 'backup', version: 1, madeAt: expect.any(Number) });
    expect(lines.slice(1, 7).map(({ type, document, seq }) => document ?? [type, seq])).toEqual([
      'a',
      ['snapshot', 2],
      ['entry', 3],
      ['entry', 4],
      ['entry', 5],
      ['entry', 6],
    ]);
    expect(lines.at(-1)).toEqual({ type: 'end', items: 12, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await verifyBackup(file)).toEqual({ documents: 2, files: 0, unreadable: [] });
  });

  test('holds what one moment held: nothing that is written while it is read', async () => {
    const folder = await temporaryFolder();
    await makeStore(folder, ['a', 'b', 'c']);
    const storage = new LevelStorage(folder);
    await storage.open();
    const before = await itemsOf(storage);
    const items: BackupItem[] = [];
    for await (const item of storage.backup()) {
      if (items.length === 0) {
        await storage.append('c', EPOCH, [{ at: AT, update: partUpdate(7) }]);
        await storage.delete('b');
        await storage.create('d', { epoch: 'new', at: AT });
        const snapshot = (await storage.snapshot('a', EPOCH)) ?? expect.fail();
        await storage.replaceSnapshot('a', EPOCH, 2, { ...snapshot, seq: 6 });
      }
      items.push(item);
    }
    expect(items).toEqual(before);
    expect((await itemsOf(storage)).length).not.toBe(before.length);
    await storage.close();
  });

  test('has each of many concurrent appends wholly or not at all', async () => {
    const storage = new LevelStorage(await temporaryFolder());
    await storage.open();
    await storage.create('d', { epoch: EPOCH, at: AT });
    let appending = true;
    const writing = (async () => {
      for (let i = 0; appending; i++) {
        await storage.append(
          'd',
          EPOCH,
          Array.from({ length: 10 }, () => ({ at: i, update: partUpdate(1) })),
        );
      }
    })();
    const counts: number[] = [];
    while ((counts.at(-1) ?? 0) < 300) {
      counts.push((await itemsOf(storage)).filter(({ type }) => type === 'entry').length);
    }
    appending = false;
    await writing;
    await storage.close();
    expect(counts.filter((count) => count % 10 !== 0)).toEqual([]);
  });

  test('of a store in memory has the same items', async () => {
    const folder = await temporaryFolder();
    await makeStore(folder, ['a']);
    const level = new LevelStorage(folder);
    await level.open();
    const expected = await itemsOf(level);
    const memory = new MemoryStorage();
    await memory.create('a', { epoch: EPOCH, title: 'Title of a', at: AT });
    await memory.append(
      'a',
      EPOCH,
      [1, 2, 3, 4, 5, 6].map((part) => ({ at: AT + part - 1, user: 'ada', update: partUpdate(part) })),
    );
    const snapshot = (await level.snapshot('a', EPOCH)) ?? expect.fail();
    await memory.replaceSnapshot('a', EPOCH, 0, snapshot);
    await level.close();
    expect(await itemsOf(memory)).toEqual(expected);
  });

  test('comes back from its bytes as it went in, whatever characters it has', async () => {
    const items: BackupItem[] = [
      { type: 'document', document: 'ü/\u2028🖋️', title: '"\\\n', createdAt: 0, updatedAt: AT, schema: 3 },
      { type: 'snapshot', seq: 4, stateVector: Uint8Array.of(0), update: Uint8Array.of(0, 255, 10, 13) },
      { type: 'entry', seq: 5, at: AT, update: new Uint8Array(100_000).fill(10) },
      { type: 'entry', seq: 6, at: AT, user: 'Zoë', update: new Uint8Array() },
      { type: 'unreadable', document: 'x', problems: ['entry 1: missing'], pairs: [['e\0x', Uint8Array.of(1)]] },
    ];
    const decoded: BackupItem[] = [];
    const source = (async function* () {
      yield* items;
    })();
    for await (const item of decodeBackup(encodeBackup(source))) decoded.push(item);
    expect(decoded).toEqual(items);
  });

  test('of a store in which acknowledged writes are missing has what is there', async () => {
    const { folder, file, backup } = await backedUp();
    await raw(folder, (level) => level.put(format.COMMITS_KEY, Buffer.from('1')));
    await backup();
    expect(await verifyBackup(file)).toEqual({ documents: 2, files: 0, unreadable: [] });
  });

  test.each(['99', 'restoring'])('is not made of a store whose format is %j', async (version) => {
    const { folder, backup } = await backedUp();
    await raw(folder, (level) => level.put(format.FORMAT_KEY, Buffer.from(version)));
    expect((await rejection(backup()))?.code).toBe('STORE_UNAVAILABLE');
  });
});

describe('the files of documents', () => {
  const FILES = [
    { name: `${'0'.repeat(64)}.png`, bytes: Uint8Array.of(0, 10, 13, 255) },
    { name: `${'f'.repeat(64)}.webp`, bytes: new Uint8Array(100_000).fill(7) },
  ];
  const filesOf = async (folder: string, document: string): Promise<DocumentFile[]> => {
    const files: DocumentFile[] = [];
    for await (const { name, bytes } of new FileFolder(filesBeside(folder)).read(document)) {
      files.push({ name, bytes: Uint8Array.from(bytes) });
    }
    return files;
  };
  const headerOf = async (file: string): Promise<unknown> =>
    JSON.parse(
      gunzipSync(await readFile(file))
        .toString()
        .split('\n', 1)[0] ?? '',
    );

  async function withFiles(documents: readonly string[]) {
    const store = await backedUp();
    const files = new FileFolder(filesBeside(store.folder));
    for (const document of documents) for (const file of FILES) await files.put(document, file);
    await store.backup();
    return store;
  }

  test('come back with their documents, also with one that cannot be read', async () => {
    const { folder, file, backup, target } = await withFiles(['a', 'b']);
    await DAMAGES[2]?.damage(folder, 'b');
    await backup();
    expect(await headerOf(file)).toMatchObject({ version: 2 });
    expect(await restoreStore(file, target)).toEqual({ documents: 1, files: 4, unreadable: ['b'] });
    expect(await filesOf(target, 'a')).toEqual(FILES);
    expect(await filesOf(target, 'b')).toEqual(FILES);
    expect(await readdir(filesBeside(target))).toEqual(await readdir(filesBeside(folder)));
  });

  test('whose document is gone, or that are not whole, are not in a backup', async () => {
    const { folder, file, backup } = await withFiles(['a', 'gone']);
    const folderOfA = new FileFolder(filesBeside(folder)).pathOf('a');
    await writeFile(join(folderOfA, 'x.unfinished'), 'half');
    await writeFile(join(filesBeside(folder), 'stray'), '');
    await backup();
    expect(await verifyBackup(file)).toEqual({ documents: 2, files: 2, unreadable: [] });
  });

  test('that come after the moment of the backup do not change what can restore it', async () => {
    const { folder, file } = await backedUp();
    const storage = new LevelStorage(folder);
    await storage.open();
    const late = { hasAny: async () => false, read: () => Readable.from(FILES) };
    await writeFile(file, encodeBackup(storage.backup(), late));
    await storage.close();
    expect(await headerOf(file)).toMatchObject({ version: 1 });
    expect(await verifyBackup(file)).toEqual({ documents: 2, files: 0, unreadable: [] });
  });

  test('are written again by a restore that follows on one that was cut off', async () => {
    const { file, target } = await withFiles(['b']);
    await restoreStore(file, target);
    const files = new FileFolder(filesBeside(target));
    await raw(target, (level) => level.put(format.FORMAT_KEY, Buffer.from(format.RESTORING)));
    await rm(join(files.pathOf('b'), FILES[1]?.name ?? ''));
    await writeFile(join(files.pathOf('b'), 'x.unfinished'), 'half');
    await restoreStore(file, target);
    expect(await filesOf(target, 'b')).toEqual(FILES);
  });

  test.each([
    ['a name that leads elsewhere', (line: string) => line.replace('"name":"', '"name":"../../')],
    ['no bytes', (line: string) => line.replace('"bytes"', '"byte"')],
  ])('make a backup refused with %s', async (_, change) => {
    const { file, target } = await withFiles(['a']);
    await edit(file, (lines) => sealed(lines.map((line) => (line.startsWith('{"type":"file"') ? change(line) : line))));
    expect((await rejection(restoreStore(file, target)))?.message).toMatch(/line \d+ is no item/);
    expect((await rejection(checkStore(target)))?.message).toContain('no store in');
  });

  test('are refused before any document', async () => {
    const { file, target } = await withFiles(['a']);
    const isFile = (line: string): boolean => line.startsWith('{"type":"file"');
    await edit(file, ([header = '', ...lines]) =>
      sealed([header, ...lines.filter(isFile), ...lines.filter((line) => !isFile(line))]),
    );
    expect((await rejection(restoreStore(file, target)))?.message).toContain('a file belongs to no document');
  });
});

/** With the end that the lines before it need. */
function sealed(lines: string[]): string[] {
  const before = lines.slice(0, -1);
  const sha256 = createHash('sha256')
    .update(before.map((line) => `${line}\n`).join(''))
    .digest('hex');
  return [...before, JSON.stringify({ type: 'end', items: before.length - 1, sha256 })];
}

describe('a restore', () => {
  const withoutEpoch = (line: string): string => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|epoch-1/g, 'epoch');

  test('brings back every document with its title, its times and its entries, under a new epoch', async () => {
    const { folder, file, target } = await backedUp();
    expect(await restoreStore(file, target)).toEqual({ documents: 2, files: 0, unreadable: [] });
    // Entries under as few keys as there can be; they are compared below.
    const keys = (lines: string[]): string[] =>
      lines.map((line) => withoutEpoch(line.split('" ')[0] ?? '')).filter((key) => !key.startsWith('"e'));
    expect(keys(await everything(target))).toEqual(keys(await everything(folder)).filter((key) => key !== '"commits'));
    const [from, to] = [new LevelStorage(folder), new LevelStorage(target)];
    await Promise.all([from.open(), to.open()]);
    expect(await itemsOf(to)).toEqual(await itemsOf(from));
    const [info] = await to.list();
    expect(info).toMatchObject({ document: 'a', title: 'Title of a', seq: 6, createdAt: AT });
    expect((await to.list()).map(({ epoch }) => epoch)).not.toContain(EPOCH);
    await Promise.all([from.close(), to.close()]);
    expect((await checkStore(target)).problems).toEqual([]);
  });

  test('gives each document an epoch that no other restore gave it', async () => {
    const { file, target } = await backedUp();
    const epochs: string[] = [];
    for (const folder of [target, `${target}-2`]) {
      await restoreStore(file, folder);
      const storage = new LevelStorage(folder);
      await storage.open();
      epochs.push(...(await storage.list()).map(({ epoch }) => epoch));
      await storage.close();
    }
    expect(new Set(epochs).size).toBe(4);
  });

  test.each(DAMAGES)('brings a document with $what back as it was stored, and all others whole', async (damage) => {
    const { folder, file, backup, target } = await backedUp();
    await damage.damage(folder, 'b');
    await backup();
    expect(await restoreStore(file, target)).toEqual({ documents: 1, files: 0, unreadable: ['b'] });
    expect(await everything(target, 'b')).toEqual(await everything(folder, 'b'));
    expect((await checkStore(target)).problems).toEqual([{ document: 'b', ...damage.problem }]);
  });

  test.each([
    ['the same line twice', (lines: string[]) => [...lines.slice(0, 3), ...lines.slice(2)]],
    ['a line less', (lines: string[]) => lines.filter((_, i) => i !== 4)],
    [
      'two lines in another order',
      (lines: string[]) => [...lines.slice(0, 3), lines[4] ?? '', lines[3] ?? '', ...lines.slice(5)],
    ],
    ['another title', (lines: string[]) => lines.map((line) => line.replace('Title of a', 'Title of A'))],
    ['no end', (lines: string[]) => lines.slice(0, -1)],
    ['something after its end', (lines: string[]) => [...lines, '{}']],
    ['no header', (lines: string[]) => lines.slice(1)],
    ['nothing in it', () => []],
    ['a newer version', (lines: string[]) => lines.map((line) => line.replace('"version":1', '"version":3'))],
    ['a line that is no JSON', (lines: string[]) => lines.map((line, i) => (i === 4 ? 'x' : line))],
    ['a line that is no item', (lines: string[]) => lines.map((line, i) => (i === 4 ? '{"type":"entry"}' : line))],
  ])('refuses a backup with %s, and writes nothing', async (_, change) => {
    const { file, target } = await backedUp();
    await edit(file, change);
    expect((await rejection(restoreStore(file, target)))?.code).toBe('MALFORMED_BACKUP');
    expect((await rejection(checkStore(target)))?.message).toContain('no store in');
  });

  test('refuses a backup that was cut off anywhere, and one with any bit changed', async () => {
    const { file, target } = await backedUp();
    const whole = await readFile(file);
    const random = seededRandom(1);
    for (let i = 0; i < 60; i++) {
      await writeFile(file, whole);
      const at = 10 + Math.floor(random() * (whole.length - 10)); // the first 10 bytes are gzip's own, and say little
      if (i % 2 === 0) await truncate(file, at);
      else
        await writeFile(
          file,
          whole.map((byte, j) => (j === at ? byte ^ (1 << (i % 8)) : byte)),
        );
      expect([at, (await rejection(restoreStore(file, target)))?.code]).toEqual([at, 'MALFORMED_BACKUP']);
    }
    expect((await rejection(checkStore(target)))?.message).toContain('no store in');
  });

  test('refuses a folder that has documents, and leaves it as it is', async () => {
    const { file, folder } = await backedUp();
    const before = await everything(folder);
    expect((await rejection(restoreStore(file, folder)))?.code).toBe('STORE_NOT_EMPTY');
    expect(await everything(folder)).toEqual(before);
  });

  test('takes a folder whose store is empty', async () => {
    const { file, target } = await backedUp();
    const storage = new LevelStorage(target);
    await storage.open();
    await storage.close();
    expect((await restoreStore(file, target)).documents).toBe(2);
  });

  test('that was interrupted leaves a store that nobody opens, and is begun anew', async () => {
    const { file, target } = await backedUp();
    await restoreStore(file, target);
    // As it stands when the process dies before the end: another backup had been begun there.
    await raw(target, async (level) => {
      await level.put(format.FORMAT_KEY, Buffer.from(format.RESTORING));
      await level.put(format.documentKey('other'), Uint8Array.of(1));
    });
    expect((await rejection(new LevelStorage(target).open()))?.message).toContain('did not come to its end');
    expect((await checkStore(target)).problems).not.toEqual([]);
    expect((await restoreStore(file, target)).documents).toBe(2);
    expect(await checkStore(target)).toMatchObject({ documents: 2, problems: [] });
  });

  test('says when another process has the folder', async () => {
    const { file, target } = await backedUp();
    const storage = new LevelStorage(target);
    await storage.open();
    expect((await rejection(restoreStore(file, target)))?.code).toBe('STORE_LOCKED');
    await storage.close();
  });
});
