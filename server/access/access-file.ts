import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../persistence/sync-folder.ts';
import { ScriptoriumError } from '../../protocol/index.ts';

/** Where what the server has to remember of access is kept. */
export interface AccessFile {
  /** What was written last; undefined when nothing was. @throws ScriptoriumError STORE_UNAVAILABLE */
  read(): Promise<unknown>;
  /** Resolves when it is durable. @throws ScriptoriumError STORE_UNAVAILABLE; what was there before is there still */
  write(state: unknown): Promise<void>;
}

/** Nothing is kept: for a server whose documents are in memory too. */
export const noAccessFile: AccessFile = { read: async () => undefined, write: async () => {} };

/** A file of JSON that nobody but its owner may read: it holds the key of the share links. */
export function accessFileAt(path: string): AccessFile {
  return {
    async read() {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as unknown;
      } catch (cause) {
        if (isMissing(cause)) return undefined;
        // Without it revoked tokens and links would count again.
        throw new ScriptoriumError('STORE_UNAVAILABLE', `${path} cannot be read.`, { cause });
      }
    },
    async write(state) {
      const unfinished = `${path}.unfinished`;
      try {
        const file = await open(unfinished, 'w', 0o600);
        try {
          await file.writeFile(`${JSON.stringify(state)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, path);
        await syncFolder(dirname(path));
      } catch (cause) {
        throw new ScriptoriumError('STORE_UNAVAILABLE', `${path} cannot be written.`, { cause });
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
