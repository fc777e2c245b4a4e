import { cp, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LevelFolder } from '../../persistence/level-folder.ts';
import { LevelStorage } from '../../persistence/level-storage.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const entry = (text: string) => ({ at: 1, update: Buffer.from(text) });

/** A store with ten entries in one document, in which no file has been written twice. */
async function storeOfTen(): Promise<string> {
  const folder = await temporaryFolder();
  const storage = new LevelStorage(folder);
  await storage.open();
  await storage.create('d', { epoch: 'e', at: 1 });
  for (let i = 1; i <= 10; i++) await storage.append('d', 'e', [entry(`entry ${i}`)]);
  await storage.close();
  return folder;
}

async function logOf(folder: string): Promise<string> {
  const logs = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  return join(folder, logs.at(-1) ?? '');
}

test('a log that ends before what was acknowledged is refused, however little is missing, and left as it is', async () => {
  const folder = await storeOfTen();
  const log = await logOf(folder);
  const { size } = await stat(log);
  for (const missing of [1, 20, size >> 1, size - 1]) {
    const copy = await temporaryFolder();
    await cp(folder, copy, { recursive: true });
    await truncate(await logOf(copy), size - missing);
    const storage = new LevelStorage(copy);
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/has lost writes that it had acknowledged: it ends at commit \d+, 11 were/),
    });
    // Again, after LevelDB has recovered what it found: it still is not all.
    await expect(new LevelStorage(copy).open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  }
});

test('who accepts the loss goes on with what is there, and is not asked again', async () => {
  const folder = await storeOfTen();
  const log = await logOf(folder);
  await truncate(log, (await stat(log)).size - 1);
  const accepting = new LevelStorage(folder, { acceptLoss: true });
  await accepting.open();
  expect(await accepting.read('d', 'e', 0)).toHaveLength(9);
  await accepting.close();
  const storage = new LevelStorage(folder);
  await storage.open();
  expect((await storage.info('d'))?.seq).toBe(9);
  await storage.close();
});

test('a store whose witness is missing or damaged opens', async () => {
  for (const size of [0, 5]) {
    const folder = await storeOfTen();
    await truncate(join(folder, 'ACKNOWLEDGED'), size);
    const storage = new LevelStorage(folder);
    await storage.open();
    expect((await storage.info('d'))?.seq).toBe(10);
    await storage.close();
  }
});

test('after a write that failed the folder is opened anew, and what is written then is found again', async () => {
  const folder = await temporaryFolder();
  const storage = new LevelStorage(folder);
  await storage.open();
  onTestFinished(() => storage.close());
  await storage.create('d', { epoch: 'e', at: 1 });
  const opened = vi.spyOn(LevelFolder.prototype, 'open');
  onTestFinished(() => opened.mockRestore());
  // The fault: LevelDB's batch fails once, as on a full disk.
  const level = (await import('level')).Level.prototype;
  const batch = vi.spyOn(level, 'batch').mockRejectedValueOnce(new Error('No space left on device') as never);
  onTestFinished(() => batch.mockRestore());
  await expect(storage.append('d', 'e', [entry('one')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await storage.append('d', 'e', [entry('one'), entry('two')])).toBe(2);
  expect(opened).toHaveBeenCalledTimes(1);
  expect((await storage.read('d', 'e', 0)).map(({ update }) => Buffer.from(update).toString())).toEqual(['one', 'two']);
});
