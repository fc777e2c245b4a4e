import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { ScriptoriumError } from '../protocol/errors.ts';
import type { BackupItem } from './backup-item.ts';
import { encodeItem, itemOf } from './backup-line.ts';
import type { DocumentFile } from './file-folder.ts';

/*
 * A backup as a file: lines of JSON, gzipped.
 *
 *     {"scriptorium":"backup","version":1 or 2,"madeAt":<milliseconds since 1970>}
 *     an item ...                                                             see backup-line.ts
 *     {"type":"end","items":<how many>,"sha256":<of all lines before, each with its line feed>}
 *
 * It does not depend on the layout of the store that it was made of. One that was cut off or changed does not end with
 * the right count and checksum.
 */

/** The newest version of the layout above. */
export const BACKUP_VERSION = 2;
/** Of one without files, which programs can restore that know of none. */
const WITHOUT_FILES = 1;

/** The files of the documents that are in a backup. */
export interface BackupFiles {
  hasAny(): Promise<boolean>;
  read(document: string): AsyncIterable<DocumentFile>;
}

/**
 * The items as the bytes of a file, those of a document with its files behind them. The stream fails when they do. The
 * files are read after the items, so all that an item refers to is there, unless the document is deleted meanwhile.
 */
export function encodeBackup(items: AsyncIterable<BackupItem>, files?: BackupFiles, now = Date.now()): Readable {
  const gzip = createGzip();
  // An error is the reader's to see, on the stream that it has.
  // What waits is counted in bytes, not in lines: a line may be long.
  pipeline(Readable.from(linesOf(items, files, now), { objectMode: false }), gzip, () => {});
  return gzip;
}

async function* withFiles(items: AsyncIterable<BackupItem>, files: BackupFiles): AsyncGenerator<BackupItem> {
  let document: string | undefined;
  const filesOfIt = async function* (): AsyncGenerator<BackupItem> {
    if (document !== undefined) for await (const file of files.read(document)) yield { type: 'file', ...file };
  };
  for await (const item of items) {
    if (item.type === 'document' || item.type === 'unreadable') {
      yield* filesOfIt();
      document = item.document;
    }
    yield item;
  }
  yield* filesOfIt();
}

async function* linesOf(
  items: AsyncIterable<BackupItem>,
  files: BackupFiles | undefined,
  now: number,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let count = 0;
  const line = (text: string): string => {
    hash.update(`${text}\n`);
    return `${text}\n`;
  };
  const header = (version: number): string => line(JSON.stringify({ scriptorium: 'backup', version, madeAt: now }));
  let hasFiles = false;
  for await (const item of files ? withFiles(items, files) : items) {
    if (count === 0) {
      // With the first item the moment of the backup is past: nothing in it refers to a file that comes later.
      hasFiles = (await files?.hasAny()) ?? false;
      yield header(hasFiles ? BACKUP_VERSION : WITHOUT_FILES);
    }
    if (item.type === 'file' && !hasFiles) continue;
    count++;
    yield line(encodeItem(item));
  }
  if (count === 0) yield header(WITHOUT_FILES);
  yield `${JSON.stringify({ type: 'end', items: count, sha256: hash.digest('hex') })}\n`;
}

/**
 * The items of a file. Whether it is whole is known when the last one has come: read it once to its end before you use
 * anything of it.
 * @throws ScriptoriumError MALFORMED_BACKUP when it is none, was cut off or changed, or is of a newer version
 */
export async function* decodeBackup(file: AsyncIterable<Uint8Array>): AsyncGenerator<BackupItem> {
  const hash = createHash('sha256');
  let count = -1; // the first line is no item
  let ended = false;
  for await (const line of splitLines(gunzip(file))) {
    if (ended) throw malformed('it goes on after its end');
    const value = parse(line);
    if (value['type'] === 'end') {
      if (value['items'] !== count) throw malformed(`it should have ${String(value['items'])} items, and has ${count}`);
      if (value['sha256'] !== hash.digest('hex')) throw malformed('its checksum is wrong');
      ended = true;
      continue;
    }
    hash.update(line).update('\n');
    if (count++ === -1) checkHeader(value);
    else yield itemOf(value) ?? refuse(`line ${count + 1} is no item`);
  }
  if (!ended) throw malformed('it was cut off');
}

function checkHeader({ scriptorium, version }: Readonly<Record<string, unknown>>): void {
  if (scriptorium !== 'backup') throw malformed('it is something else');
  if (version !== WITHOUT_FILES && version !== BACKUP_VERSION) {
    throw malformed(`it has version ${String(version)}, and this program reads versions up to ${BACKUP_VERSION}`);
  }
}

async function* gunzip(file: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    yield* pipeline(Readable.from(file), createGunzip(), () => {}) as AsyncIterable<Buffer>;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScriptoriumError('MALFORMED_BACKUP', `The backup can't be read: ${why}.`, { cause });
  }
}

/** Not `readline`, which also splits at U+2028. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end)]);
      begun = [];
      start = end + 1;
    }
    begun.push(chunk.subarray(start));
  }
  const rest = Buffer.concat(begun);
  if (rest.length > 0) yield rest;
}

const LF = 0x0a;

function parse(line: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw malformed('a line is not a JSON object');
}

function malformed(why: string): ScriptoriumError {
  return new ScriptoriumError('MALFORMED_BACKUP', `This is no whole backup of Scriptorium: ${why}.`);
}

function refuse(why: string): never {
  throw malformed(why);
}
