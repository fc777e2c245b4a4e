import { describe, expect, test } from 'vitest';
import { DAMAGES, everything, makeStore } from '../../support/raw-store.ts';
import { runScriptorium, serveFolder } from '../../support/scriptorium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function store(): Promise<string> {
  const folder = `${await temporaryFolder()}/data`;
  await makeStore(folder, ['a', 'damaged']);
  return folder;
}

describe('scriptorium check', () => {
  test('says that all is in order, with exit code 0', async () => {
    const { code, stdout, stderr } = await runScriptorium(['check', '--data', await store()]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('All is in order: read 2 documents and 8 entries.\n');
  });

  test('prints a line for each problem and a summary, with exit code 1, and changes nothing', async () => {
    const folder = await store();
    for (const { what, damage } of DAMAGES) if (/snapshot$|middle$/.test(what)) await damage(folder, 'damaged');
    const before = await everything(folder);
    const { code, stdout } = await runScriptorium(['check'], { SCRIPTORIUM_DATA: folder });
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      '"damaged" snapshot: it is missing; it stood for 1 to 2',
      '"damaged" entries 4 to 5: missing',
      '2 problems in 1 document; read 2 documents and 6 entries.',
      '',
    ]);
    expect(await everything(folder)).toEqual(before);
  });

  test('prints one JSON object for programs', async () => {
    const folder = await store();
    await DAMAGES[2]?.damage(folder, 'damaged');
    const { code, stdout } = await runScriptorium(['check', '--json', '--data', folder]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      documents: 2,
      entries: 7,
      problems: [{ document: 'damaged', kind: 'entry', seq: 4, message: 'its checksum is wrong' }],
    });
  });

  test('reads only what it is told to', async () => {
    const folder = await store();
    await DAMAGES[2]?.damage(folder, 'damaged');
    expect((await runScriptorium(['check', 'a', '--data', folder])).code).toBe(0);
    expect((await runScriptorium(['check', 'a', 'damaged', '--data', folder])).code).toBe(1);
    const { code, stderr } = await runScriptorium(['check', 'no', '--data', folder]);
    expect([code, stderr]).toEqual([2, 'scriptorium: There is no document "no" in this store.\n']);
  });

  test('says what to do while a server has the folder, with exit code 2', async () => {
    const folder = await store();
    await serveFolder(folder);
    const { code, stdout, stderr } = await runScriptorium(['check', '--data', folder]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(folder);
    expect(stderr).toContain('Stop that process before you check the store.');
  });

  test('says that there is no store, with exit code 2', async () => {
    const { code, stderr } = await runScriptorium(['check', '--data', await temporaryFolder()]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^scriptorium: There is no store in .*\n$/);
  });

  test('--help says what the exit codes mean', async () => {
    const { code, stdout } = await runScriptorium(['check', '--help']);
    expect(code).toBe(0);
    for (const word of ['--data', '--json', 'Exit code 0', 'repair']) expect(stdout).toContain(word);
  });
});
