import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './sync-folder.ts';

/** A file of a document. */
export interface DocumentFile {
  /** The SHA-256 of its bytes in hexadecimal digits, and an ending for its type: see {@link isFileName}. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const FILE_NAME = /^[0-9a-f]{64}\.\w{3,4}$/;
/** A file that is being written: it has no name yet. */
export const UNFINISHED = '.unfinished';

/** Whether it can be the name of a file of a document. */
export function isFileName(name: string): boolean {
  return FILE_NAME.test(name);
}

/** Where the files of documents are that a `LevelStorage` has in a folder. */
export function filesBeside(folder: string): string {
  return join(folder, 'files');
}

/**
 * The files of documents, in a folder of their own:
 *
 *     folder / SHA-256 of the document's name / SHA-256 of the bytes . ending
 *
 * A file never changes: it is there wholly or not at all, until its document is deleted.
 */
export class FileFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The folder of one document. */
  pathOf(document: string): string {
    return join(this.path, createHash('sha256').update(document).digest('hex'));
  }

  /** The names of a document's files, in order. */
  async names(document: string): Promise<string[]> {
    return (await namesIn(this.pathOf(document))).filter(isFileName).sort();
  }

  /** The files of a document, one at a time in memory. Those that go meanwhile are left out. */
  async *read(document: string): AsyncGenerator<DocumentFile> {
    for (const name of await this.names(document)) {
      const bytes = await readFile(join(this.pathOf(document), name)).catch(undefinedIfMissing);
      if (bytes !== undefined) yield { name, bytes };
    }
  }

  /** Whether there are files of any document. */
  async hasAny(): Promise<boolean> {
    for (const name of await namesIn(this.path)) {
      if ((await namesIn(join(this.path, name))).some(isFileName)) return true;
    }
    return false;
  }

  /** Resolves when the file is durable. */
  async put(document: string, { name, bytes }: DocumentFile): Promise<void> {
    const folder = this.pathOf(document);
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) {
      await syncFolder(this.path);
      await syncFolder(join(this.path, '..'));
    }
    await writeDurably(folder, name, bytes);
  }
}

/** The name appears when all of the bytes are on the disk. */
export async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const unfinished = join(folder, `${randomUUID()}${UNFINISHED}`);
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, join(folder, name));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** What is in a folder; nothing when it is missing, or is none. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(undefinedIfMissing)) ?? [];
}

/** To be given to `catch`. */
export function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}
