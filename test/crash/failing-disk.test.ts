import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { LevelStorage } from '../../persistence/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type FailingDisk, failingStorage, fullDisk, immutableFolder, smallDisk } from './failing-disk.ts';
import { copyOf } from './stored-folder.ts';
import { readText } from './writer.ts';

/** What one keystroke inserts here: large, so that a write is torn in the middle of a record. */
const WORD = 'nothing is lost '.repeat(20);

interface Typist {
  readonly provider: ScriptoriumProvider;
  /** Everything that happened to its connection. */
  readonly statuses: string[];
  type(words: number): void;
  readonly text: string;
}

async function typist(syncUrl: string, document: string): Promise<Typist> {
  const provider = new ScriptoriumProvider(syncUrl, document, new Y.Doc());
  const statuses: string[] = [];
  onTestFinished(() => provider.destroy());
  provider.on('status', ({ status }) => statuses.push(status));
  await provider.whenSynced();
  const content = provider.doc.getText();
  let typed = 0;
  return {
    provider,
    statuses,
    type(words) {
      // No two keystrokes are the same, or two texts that lack each other's would look equal.
      for (let i = 0; i < words; i++) content.insert(content.length, `${provider.doc.clientID} ${++typed} ${WORD}`);
    },
    get text() {
      return content.toString();
    },
  };
}

const readiness = async (httpUrl: string): Promise<number> => (await fetch(`${httpUrl}/ready`)).status;

/** A disk fails while people type, and is mended: what must hold, whatever the disk. */
async function typeThroughFailure(disk: FailingDisk): Promise<void> {
  const { httpUrl, syncUrl } = await disk.start();
  const api = `${httpUrl}/api/documents`;
  const [ann, ben, cid] = await Promise.all(['shared', 'shared', 'alone'].map((name) => typist(syncUrl, name)));
  if (!ann || !ben || !cid) throw new TypeError('three came');
  const all = [ann, ben, cid];
  for (const { type } of all) type(30);
  await Promise.all(all.map(({ provider }) => provider.whenSaved()));
  await fetch(api, { method: 'POST', body: JSON.stringify({ document: 'deleted' }) });

  await disk.fail();
  await fetch(`${api}/deleted`, { method: 'DELETE' }); // taken or not; what it leaves is cleared in the background
  await expect
    .poll(() => {
      for (const { type } of all) type(3);
      return all.every(({ provider }) => provider.savedState.reason !== undefined);
    })
    .toBe(true);
  const unsaved = all.map(({ provider }) => provider.unsavedChanges);
  expect(await readiness(httpUrl)).toBe(503);

  for (const { type } of all) type(10);
  await expect.poll(() => ann.text === ben.text && ann.text.length > 0).toBe(true);
  const made = await fetch(api, { method: 'POST', body: JSON.stringify({ document: 'never' }) });
  expect([made.status, await made.json()]).toMatchObject([503, { error: { code: 'store-unavailable' } }]);
  // Nothing was acknowledged since: all that was typed has been added to what waits.
  expect(all.map(({ provider }) => provider.unsavedChanges)).toEqual(unsaved.map((count) => count + 10));
  expect(all.map(({ provider }) => provider.savedState.saved)).toEqual([false, false, false]);

  await disk.mend();
  await Promise.all(all.map(({ provider }) => provider.whenSaved()));
  await expect.poll(() => readiness(httpUrl)).toBe(200);
  for (const { type } of all) type(5);
  await Promise.all(all.map(({ provider }) => provider.whenSaved()));
  expect(all.map(({ provider }) => provider.savedState)).toEqual(
    all.map(() => ({ saved: true, unsavedChanges: 0, kept: true })),
  );
  for (const { statuses } of all) expect(statuses).toEqual(['synced']);
  await expect.poll(() => ann.text === ben.text).toBe(true);

  for (const { provider } of all) provider.destroy();
  const restarted = await disk.start();
  expect(await readText(restarted.syncUrl, 'shared')).toBe(ann.text);
  expect(await readText(restarted.syncUrl, 'alone')).toBe(cid.text);
  console.log(
    `a store that says no: ${disk.how}; ${ann.text.length + cid.text.length} characters acknowledged, 0 lost`,
  );
}

const TIMEOUT = { timeout: 60_000 };

test('a disk that is full delays acks and nothing else, and once there is room all is saved', TIMEOUT, async () => {
  await typeThroughFailure((await fullDisk()) ?? (await failingStorage()));
});

test('a disk that may not be written delays acks and nothing else, and then all is saved', TIMEOUT, async () => {
  await typeThroughFailure((await immutableFolder()) ?? (await failingStorage()));
});

test('a store that refuses every write delays acks and nothing else, and then all is saved', TIMEOUT, async () => {
  await typeThroughFailure(await failingStorage());
});

test('what is acknowledged after a deletion that could not be cleared is there after a crash', async () => {
  const disk = await smallDisk();
  const folder = disk?.folder ?? (await temporaryFolder());
  const storage = new LevelStorage(join(folder, 'data'));
  await storage.open();
  onTestFinished(() => storage.close());
  const entry = { at: 1, update: new Uint8Array(40) };
  for (const document of ['large', 'kept']) await storage.create(document, { epoch: 'e', at: 1 });
  // One by one, so that each has its own key.
  await Promise.all(Array.from({ length: 5_000 }, () => storage.append('large', 'e', [entry])));
  // Room for the deletion itself, and not for clearing 5,000 entries, which is done later and in one write.
  await disk?.fill(8 * 1024);
  expect(await storage.delete('large')).toBe(true);
  if (disk) await expect.poll(disk.freeBytes).toBe(0);
  await disk?.free();
  const seq = await storage.append('kept', 'e', [entry]);

  const crashed = new LevelStorage(await copyOf(join(folder, 'data')));
  await crashed.open();
  onTestFinished(() => crashed.close());
  expect((await crashed.info('kept'))?.seq).toBe(seq);
});
