import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LevelStorage } from '../../../persistence/index.ts';
import { accessFileAt } from '../../../server/access/access-file.ts';
import { AccessState } from '../../../server/access/access-state.ts';
import { createServer } from '../../../server/index.ts';
import { rejection } from '../../support/error-code.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LINK = { id: 'l', document: 'd', access: 'read', createdAt: 5, createdBy: null } as const;

async function opened(path: string): Promise<AccessState> {
  const state = new AccessState(accessFileAt(path));
  await state.open();
  return state;
}

test('what was written is there again, in a file that nobody else may read', async () => {
  const path = join(await temporaryFolder(), 'access.json');
  const state = await opened(path);
  await Promise.all([
    state.addLink(LINK),
    state.setOverride('d', 'ada', 'read'),
    state.setOverride('e', 'ada', 'none'),
    state.revoke({ user: 'ben' }, 10_000),
    state.revoke({ user: 'ada', document: 'd' }, 10_000),
  ]);
  expect((await stat(path)).mode & 0o077).toBe(0);
  const again = await opened(path);
  expect(again.linksTo('d')).toEqual([LINK]);
  expect(again.linkKey).toEqual(state.linkKey);
  expect([again.override('d', 'ada'), again.override('e', 'ada'), again.override('d', 'ben')]).toEqual([
    'read',
    'none',
    undefined,
  ]);
  expect(again.isRevoked('ben', 10_000)).toBe(true);
  expect(again.isRevoked('ben', 10_001)).toBe(false);
  expect([again.isRevoked('ada', 1), again.isRevoked('ada', 1, 'd'), again.isRevoked('ada', 1, 'e')]).toEqual([
    false,
    true,
    false,
  ]);
});

test('many changes at once are all kept, with few writes', async () => {
  let written: unknown;
  let writes = 0;
  const state = new AccessState({
    read: async () => undefined,
    write: async (value) => {
      writes++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      written = structuredClone(value);
    },
  });
  await state.open();
  await Promise.all(Array.from({ length: 50 }, (_, i) => state.setOverride('d', `user ${i}`, 'read')));
  expect((written as { overrides: unknown[] }).overrides).toHaveLength(50);
  expect(writes).toBeLessThan(5);
});

test('a write that fails is said to who asked, holds until the restart, and is made good by the next one', async () => {
  let broken = true;
  const kept: unknown[] = [];
  const state = new AccessState({
    read: async () => undefined,
    write: async (value) => {
      if (broken) throw new Error('full');
      kept.push(structuredClone(value));
    },
  });
  await state.open();
  await expect(state.setOverride('d', 'ada', 'none')).rejects.toThrow('full');
  expect(state.override('d', 'ada')).toBe('none');
  broken = false;
  await state.setOverride('d', 'ben', 'read');
  expect(kept).toMatchObject([{ overrides: [{ user: 'ada' }, { user: 'ben' }] }]);
});

test.each([
  ['is no JSON', '{'],
  ['is empty', ''],
  ['is of a newer server', '{"version":2,"links":[],"overrides":[],"revocations":[]}'],
  ['is not complete', '{"version":1,"links":[],"overrides":[]}'],
  ['has a link that is none', '{"version":1,"links":[{"id":1}],"overrides":[],"revocations":[]}'],
])(
  'a file that %s keeps the server from starting, and is left as it is: what was revoked stays revoked',
  async (_, text) => {
    const folder = await temporaryFolder();
    const storage = new LevelStorage(folder);
    await storage.open();
    await storage.close();
    const path = join(folder, 'access.json');
    await writeFile(path, text);
    const server = createServer({ storage: new LevelStorage(folder) });
    onTestFinished(() => server.close());
    expect((await rejection(server.listen({ port: 0 })))?.code).toBe('STORE_UNAVAILABLE');
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);

test('before the server is open nothing is changed: what was kept would be written over', async () => {
  const server = createServer();
  expect((await rejection(server.setAccess({ document: 'd', user: 'ada', access: 'none' })))?.code).toBe(
    'STORE_UNAVAILABLE',
  );
});
