import { readdir } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BIN = fileURLToPath(new URL('../../bin/scriptorium.js', import.meta.url));
const isLinux = process.platform === 'linux';

test.skipIf(!isLinux)(
  'the thread that relays has a higher priority than all others, also than those that LevelDB starts (skipped: only Linux gives each thread its own)',
  async () => {
    const program = startProgram([BIN, '--port', '0', '--data', await temporaryFolder()]);
    const line = await program.line((text) => text.includes('"url"'));
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    const before = await threadsOf(pid);

    // More than LevelDB holds in memory: then its own thread begins.
    const provider = new ScriptoriumProvider(`${url.replace('http', 'ws')}/sync`, 'long', new Y.Doc());
    onTestFinished(() => provider.destroy());
    for (let i = 0; i < 3; i++) {
      provider.doc.getText().insert(0, 'x'.repeat(3_000_000));
      await provider.whenSaved();
    }
    // Beside it that of the compaction, which has a lower priority from when it has loaded.
    const isPatient = (thread: number) => getPriority(thread) >= getPriority(pid) + 10;
    await expect.poll(async () => (await threadsOf(pid)).length).toBeGreaterThanOrEqual(before.length + 2);
    await expect.poll(async () => (await threadsOf(pid)).filter((thread) => !isPatient(thread))).toEqual([pid]);
  },
);

async function threadsOf(pid: number): Promise<number[]> {
  return (await readdir(`/proc/${pid}/task`)).map(Number);
}
