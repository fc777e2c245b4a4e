import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import {
  type DocumentFile,
  FileFolder,
  isFileName,
  namesIn,
  UNFINISHED,
  undefinedIfMissing,
  writeDurably,
} from '../../persistence/file-folder.ts';
import { ScriptoriumError } from '../../protocol/index.ts';
import { IMAGE_TYPES, imageTypeOf } from './image-type.ts';
import { cleanImage } from './metadata/clean-image.ts';

/** Bounds of what is stored beside documents; defaults in options.ts. */
export interface FileLimits {
  /** The largest file that is taken, in bytes. */
  readonly maxFileBytes: number;
  /** What the files of one document may have together, in bytes. */
  readonly maxFileBytesPerDocument: number;
  /** How many files a document may have. */
  readonly maxFilesPerDocument: number;
  /** The most pixels that an image may have: an image of few bytes can fill the memory of those who look at it. */
  readonly maxImagePixels: number;
}

/** A file as it was stored. */
export interface StoredFile {
  /** The SHA-256 of its bytes in hexadecimal digits, and an ending for its type. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
}

/** A file to be read. Whoever opened it closes it. */
export interface OpenFile {
  readonly file: FileHandle;
  readonly type: string;
  readonly bytes: number;
}

/** In the folder of a document while it is being deleted. It holds the document's name. */
const LEAVING = 'leaving';

/**
 * The files of documents, in a {@link FileFolder}. Nothing that somebody sent is ever part of a path. What is in a document
 * may be undone, copied and restored, so a file stays as long as its document.
 */
export class FileStore {
  readonly #limits: FileLimits;
  readonly #isTemporary: boolean;
  #folder: FileFolder | undefined;
  /** One change of a document's files at a time. */
  readonly #turns = new Map<string, LimitFunction>();

  /** Without a folder there is one in the system's place for temporary files, until the store is closed. */
  constructor(folder: string | undefined, limits: FileLimits) {
    this.#folder = folder === undefined ? undefined : new FileFolder(folder);
    this.#isTemporary = folder === undefined;
    this.#limits = limits;
  }

  /** Ends the deletions that a crash cut off: of documents that are gone. @throws ScriptoriumError STORE_UNAVAILABLE */
  async start(isThere: (document: string) => Promise<boolean>): Promise<void> {
    await storing(async () => {
      const root = this.#folder?.path;
      for (const name of root === undefined ? [] : await namesIn(root)) {
        const folder = join(root ?? '', name);
        const document = await readFile(join(folder, LEAVING), 'utf8').catch(() => undefined);
        if (document === undefined) continue;
        // Of one that can't be read nobody knows: it is asked again at the next start.
        const there = await isThere(document).catch(() => undefined);
        if (there === true) await rm(join(folder, LEAVING), { force: true });
        if (there === false) await rm(folder, { recursive: true, force: true });
      }
    });
  }

  /**
   * Stores a file, without what is written beside the image in it; the same bytes are stored once. Resolves when it is
   * durable.
   * @param makeDocument makes the document if it is missing; called when the file is one that is taken
   * @throws ScriptoriumError UNSUPPORTED_FILE_TYPE, FILE_TOO_LARGE, FILES_FULL, STORE_UNAVAILABLE
   */
  async put(document: string, sent: Uint8Array, makeDocument: () => Promise<unknown>): Promise<StoredFile> {
    const { extension, type, width, height } = await imageTypeOf(sent, this.#limits.maxImagePixels);
    const bytes = cleanImage(sent, extension);
    const name = `${createHash('sha256').update(bytes).digest('hex')}.${extension}`;
    await this.#inTurn(document, async () => {
      await makeDocument();
      await storing(() => this.#write(document, name, bytes));
    });
    return { name, type, bytes: bytes.length, width, height };
  }

  /** @throws ScriptoriumError NOT_FOUND, STORE_UNAVAILABLE */
  async open(document: string, name: string): Promise<OpenFile> {
    const type = isFileName(name) ? IMAGE_TYPES[extname(name).slice(1)] : undefined;
    if (type === undefined || this.#folder === undefined) throw notFound();
    const path = join(this.#folder.pathOf(document), name);
    const file = await storing(() => open(path, 'r').catch(undefinedIfMissing));
    if (file === undefined) throw notFound();
    try {
      return { file, type, bytes: (await file.stat()).size };
    } catch (cause) {
      await file.close();
      throw unavailable(cause);
    }
  }

  /**
   * Deletes a document with its files. The name of the document is noted first, so that a crash leaves no files behind.
   * @param deleteDocument resolves with whether there was one
   */
  deleteWith(document: string, deleteDocument: () => Promise<boolean>): Promise<boolean> {
    return this.#inTurn(document, async () => {
      const folder = this.#folder?.pathOf(document);
      const hasFiles = folder !== undefined && (await storing(() => namesIn(folder))).length > 0;
      if (!hasFiles) return deleteDocument();
      await storing(() => writeDurably(folder, LEAVING, Buffer.from(document)));
      const deleted = await deleteDocument().catch(async (error: unknown) => {
        await storing(() => rm(join(folder, LEAVING), { force: true }));
        throw error;
      });
      await storing(() => rm(folder, { recursive: true, force: true }));
      return deleted;
    });
  }

  /** For a backup: whether there are files, and those of a document. */
  async hasAny(): Promise<boolean> {
    return (await this.#folder?.hasAny()) ?? false;
  }

  async *read(document: string): AsyncGenerator<DocumentFile> {
    if (this.#folder) yield* this.#folder.read(document);
  }

  async close(): Promise<void> {
    if (this.#isTemporary && this.#folder !== undefined) await rm(this.#folder.path, { recursive: true, force: true });
  }

  async #write(document: string, name: string, bytes: Uint8Array): Promise<void> {
    this.#folder ??= new FileFolder(await mkdtemp(join(tmpdir(), 'scriptorium-files-')));
    const folder = this.#folder.pathOf(document);
    const found = await namesIn(folder);
    // One change at a time: these are from before a crash.
    for (const left of found.filter((other) => other.endsWith(UNFINISHED)))
      await rm(join(folder, left), { force: true });
    const names = found.filter(isFileName);
    if (names.includes(name)) return;
    const { maxFilesPerDocument, maxFileBytesPerDocument } = this.#limits;
    if (names.length >= maxFilesPerDocument) {
      throw new ScriptoriumError('FILES_FULL', `A document has at most ${maxFilesPerDocument} files.`);
    }
    const sizes = await Promise.all(names.map((other) => stat(join(folder, other)).then(({ size }) => size)));
    if (sizes.reduce((sum, size) => sum + size, bytes.length) > maxFileBytesPerDocument) {
      const message = `The files of a document have at most ${maxFileBytesPerDocument} bytes together.`;
      throw new ScriptoriumError('FILES_FULL', message);
    }
    await this.#folder.put(document, { name, bytes });
  }

  async #inTurn<T>(document: string, act: () => Promise<T>): Promise<T> {
    const turn = this.#turns.get(document) ?? pLimit(1);
    this.#turns.set(document, turn);
    try {
      return await turn(act);
    } finally {
      if (turn.activeCount + turn.pendingCount === 0) this.#turns.delete(document);
    }
  }
}

/** What the disk does not do is the store's trouble, whatever its error says. */
async function storing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof ScriptoriumError ? error : unavailable(error);
  }
}

function unavailable(cause: unknown): ScriptoriumError {
  return new ScriptoriumError('STORE_UNAVAILABLE', 'The files of a document cannot be read or written.', { cause });
}

function notFound(): ScriptoriumError {
  return new ScriptoriumError('NOT_FOUND', 'There is no such file.');
}
