import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { ScriptoriumError } from '../../protocol/errors.ts';
import type { ForeignDocument } from './foreign-store.ts';

/** What may stand behind a document's name. */
const EXTENSION = /\.(bin|update|yjs)$/;

/**
 * A folder with a file for each document, which is one Yjs V1 update, such as `scriptorium export` writes. The name of the
 * file, without `.bin`, `.update` or `.yjs`, is the document's, percent-encoded as in an address; a folder is the part of
 * the name before a slash. Files whose names begin with a dot are left out.
 */
export async function* updateFiles(folder: string): AsyncGenerator<ForeignDocument> {
  const path = resolve(folder);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ScriptoriumError('STORE_UNAVAILABLE', `There is no folder ${path}.`);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const parts = relative(path, file).split(sep);
    if (parts.some((part) => part.startsWith('.'))) continue;
    // In a buffer of its own: Yjs reads lengths without checking them.
    yield { document: nameOf(parts.join('/')), updates: [Uint8Array.from(await readFile(file))] };
  }
}

/** What is not percent-encoded UTF-8 is taken as it is. */
function nameOf(file: string): string {
  const name = file.replace(EXTENSION, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
