import { createWriteStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ClassicLevel } from 'classic-level';
import { expect, test } from 'vitest';
import { backupFolder, checkStore, LevelStorage, repairStore, restoreStore } from '../../persistence/index.ts';
import { everything, makeStore, raw } from '../support/raw-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NAMES = Array.from({ length: 120 }, (_, i) => `document ${String(i).padStart(3, '0')}`);

/** A store of which one block in LevelDB's own file is damaged. */
async function damagedStore() {
  const parent = await temporaryFolder();
  const folder = join(parent, 'data');
  await makeStore(folder, NAMES);
  // From LevelDB's log into a file with blocks.
  await raw(folder, (level) => (level as unknown as ClassicLevel).compactRange('a', 'z'));
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ldb'));
  expect(files).toHaveLength(1);
  const file = join(folder, files[0] ?? '');
  const bytes = await readFile(file);
  const at = bytes.length >> 2;
  await writeFile(file, bytes.fill(0xff, at, at + 40));
  return { folder, file: join(parent, 'backup.gz'), target: join(parent, 'restored') };
}

test("where a file of LevelDB's is damaged, the server serves all documents that are elsewhere", async () => {
  const { folder } = await damagedStore();
  const storage = new LevelStorage(folder);
  await storage.open();
  const unreadable: string[] = [];
  const infos = await storage.list({ onUnreadable: (document) => unreadable.push(document) });
  expect(infos.length).toBeGreaterThan(NAMES.length / 2);
  expect(unreadable.length).toBeGreaterThan(0);
  expect([...infos.map(({ document }) => document), ...unreadable].sort()).toEqual(NAMES);
  await storage.close();
});

test('check names the documents concerned, and repair does not touch them in that folder', async () => {
  const { folder } = await damagedStore();
  const { problems, documents } = await checkStore(folder);
  expect(documents).toBe(NAMES.length);
  expect(problems[0]).toMatchObject({ kind: 'store', message: expect.stringContaining('restore it into another') });
  const concerned = new Set(problems.slice(1).map(({ document }) => document));
  const { repaired, notHere, healthy, copy } = await repairStore(folder, { documents: 'damaged' });
  expect([repaired, copy]).toEqual([[], undefined]);
  expect(notHere).toEqual([...concerned]);
  expect(healthy).toBe(NAMES.length - concerned.size);
});

test('a backup brings everything that can be read into another folder, where it is repaired', async () => {
  const { folder, file, target } = await damagedStore();
  const before = await checkStore(folder);
  await backupFolder(folder, (bytes) => pipeline(bytes, createWriteStream(file)));
  const { documents, unreadable } = await restoreStore(file, target);
  expect(documents + unreadable.filter((name) => name !== '').length).toBe(NAMES.length);
  expect(unreadable).toContain(''); // there may be more
  await repairStore(target, { documents: 'damaged' });
  expect(await checkStore(target)).toEqual({ documents: NAMES.length, entries: before.entries, problems: [] });
  expect((await everything(target)).length).toBeGreaterThan(NAMES.length);
});
