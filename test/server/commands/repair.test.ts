import { existsSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../../client/node.ts';
import * as format from '../../../persistence/level-format.ts';
import { DAMAGES, EPOCH, everything, makeStore, PARTS, partsOf, raw } from '../../support/raw-store.ts';
import { runScriptorium, scriptorium, serveFolder } from '../../support/scriptorium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function store(documents = ['a', 'damaged']): Promise<string> {
  const folder = `${await temporaryFolder()}/data`;
  await makeStore(folder, documents);
  return folder;
}

function connect(syncUrl: string, document: string): ScriptoriumProvider {
  const doc = new Y.Doc();
  onTestFinished(() => doc.destroy());
  return new ScriptoriumProvider(syncUrl, document, doc);
}

describe('scriptorium repair', () => {
  test('says what was kept and what was left out, and where the copy is', async () => {
    const folder = await store();
    for (const { what, damage } of DAMAGES) if (/d snapshot$|middle$/.test(what)) await damage(folder, 'damaged');
    const { code, stdout, stderr } = await runScriptorium(['repair', 'damaged', '--data', folder]);
    expect([code, stderr]).toEqual([0, '']);
    const [, copy = ''] = /^What was stored before is in (.*)$/m.exec(stdout) ?? [];
    expect(existsSync(copy)).toBe(true);
    expect(stdout.split('\n').filter((line) => !line.includes(copy))).toEqual([
      '"damaged" repaired: kept 2 entries',
      '  left out: snapshot: its checksum is wrong',
      '  left out: entries 4 to 5: missing',
      '1 document repaired, 0 in order.',
      '',
    ]);
    expect((await runScriptorium(['check', '--data', folder])).code).toBe(0);
  });

  test('lets a server serve what could be read, and a client that has more brings it back', async () => {
    const folder = await store(['damaged']);
    const { program, syncUrl, port } = await serveFolder(folder);
    const client = connect(syncUrl, 'damaged');
    await client.whenSynced();
    expect(partsOf(client.doc)).toEqual(PARTS);
    program.kill('SIGKILL');
    await program.ended;
    await DAMAGES[2]?.damage(folder, 'damaged');
    expect((await runScriptorium(['repair', '--all', '--data', folder])).code).toBe(0);

    const again = await serveFolder(folder, port);
    const reader = connect(again.syncUrl, 'damaged');
    await reader.whenSynced();
    await expect.poll(() => partsOf(reader.doc)).toEqual(PARTS); // part 4 comes from the client
    client.destroy();
    reader.destroy();
  });

  test('changes nothing when all is in order', async () => {
    const folder = await store();
    const before = await everything(folder);
    const { code, stdout } = await runScriptorium(['repair', '--all', '--data', folder]);
    expect([code, stdout]).toEqual([0, '0 documents repaired, 2 in order.\n']);
    expect(await everything(folder)).toEqual(before);
  });

  test('makes a server start again that refused to because acknowledged writes are missing', async () => {
    const folder = await store(['a']);
    await raw(folder, async (level) => {
      await level.put(format.COMMITS_KEY, Buffer.from('1'));
      await level.del(format.entryKey('a', EPOCH, 6));
    });
    const refused = await runScriptorium(['serve', '--port', '0', '--data', folder]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('repair --accept-loss')]);
    expect((await runScriptorium(['check', '--data', folder])).code).toBe(1);
    expect((await runScriptorium(['repair', '--all', '--data', folder])).code).toBe(2);

    const { code, stdout } = await runScriptorium(['repair', '--accept-loss', '--data', folder]);
    expect(code).toBe(0);
    expect(stdout).toContain('1 documents go on with what is there');
    const { syncUrl } = await serveFolder(folder);
    const reader = connect(syncUrl, 'a');
    await reader.whenSynced();
    expect(partsOf(reader.doc)).toEqual([1, 2, 3, 4, 5]);
    reader.destroy();
  });

  test.each([
    ['nothing', []],
    ['documents and all', ['a', '--all']],
  ])('asks to be told which documents, when it is told %s', async (_, args) => {
    const { code, stderr } = await runScriptorium(['repair', ...args, '--data', await store()]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--all')]);
  });

  test('says what to do while a server has the folder', async () => {
    const folder = await store();
    await serveFolder(folder);
    const { code, stderr } = await runScriptorium(['repair', '--all', '--data', folder]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Stop that process before you repair the store.')]);
  });

  test('killed at any moment, leaves documents that are damaged as before or repaired, and can be run again', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `document ${i}`);
    const folder = await store(names);
    for (const name of names) {
      await raw(folder, (level) => level.del(format.entryKey(name, EPOCH, 4)));
    }
    let kills = 0;
    for (let delayMs = 150; ; delayMs += 40) {
      const program = scriptorium(['repair', '--all', '--data', folder]);
      const timer = setTimeout(() => program.kill('SIGKILL'), delayMs);
      const { code } = await program.ended;
      clearTimeout(timer);
      if (code === 0) break;
      kills++;
    }
    expect(kills).toBeGreaterThan(0);
    const { code, stdout } = await runScriptorium(['check', '--json', '--data', folder]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { documents: 40, entries: 120, problems: [] }]);
  });

  test('--help says where the copy is and what accepting a loss means', async () => {
    const { code, stdout } = await runScriptorium(['repair', '--help']);
    expect(code).toBe(0);
    for (const word of ['--all', '--accept-loss', '--data', '-repair-']) expect(stdout).toContain(word);
  });
});
