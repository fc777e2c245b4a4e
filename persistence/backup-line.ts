import type { BackupItem } from './backup-item.ts';
import { isFileName } from './file-folder.ts';

/*
 * One item of a backup as a line of JSON, bytes in base64:
 *
 *     {"type":"document","document","title","createdAt","updatedAt","schema"?}
 *     {"type":"snapshot","seq","stateVector","update"}
 *     {"type":"entry","seq","at","user"?,"update"}
 *     {"type":"unreadable","document","problems":[...],"pairs":[[key, value], ...]}
 *     {"type":"file","name","bytes"}
 */

export function encodeItem(item: BackupItem): string {
  switch (item.type) {
    case 'document':
      return JSON.stringify(item);
    case 'snapshot':
      return JSON.stringify({ ...item, stateVector: base64(item.stateVector), update: base64(item.update) });
    case 'entry':
      return JSON.stringify({ ...item, update: base64(item.update) });
    case 'file':
      return JSON.stringify({ ...item, bytes: base64(item.bytes) });
    case 'unreadable':
      return JSON.stringify({ ...item, pairs: item.pairs.map(([key, value]) => [key, base64(value)]) });
  }
}

/** What a parsed line says; undefined when it is no item. */
export function itemOf(line: Readonly<Record<string, unknown>>): BackupItem | undefined {
  const { type, document, title, createdAt, updatedAt, schema, seq, at, user, stateVector, update, problems, pairs } =
    line;
  if (type === 'document' && isText(document) && isText(title) && isWhole(createdAt) && isWhole(updatedAt)) {
    return { type, document, title, createdAt, updatedAt, schema: isWhole(schema) ? schema : 0 };
  }
  if (type === 'snapshot' && isWhole(seq) && isText(stateVector) && isText(update)) {
    return { type, seq, stateVector: bytes(stateVector), update: bytes(update) };
  }
  if (type === 'entry' && isWhole(seq) && isWhole(at) && isText(update)) {
    const entry = { type, seq, at, update: bytes(update) } as const;
    return isText(user) ? { ...entry, user } : entry;
  }
  if (type === 'unreadable' && isText(document) && areAll(problems, isText) && areAll(pairs, isPair)) {
    return { type, document, problems, pairs: pairs.map(([key, value]) => [key, bytes(value)]) };
  }
  // It becomes part of a path.
  if (type === 'file' && isText(line['name']) && isFileName(line['name']) && isText(line['bytes'])) {
    return { type, name: line['name'], bytes: bytes(line['bytes']) };
  }
  return undefined;
}

const base64 = (value: Uint8Array): string =>
  Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
/** In a buffer of their own: Yjs reads lengths without checking them. */
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

const isText = (value: unknown): value is string => typeof value === 'string';
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isPair = (value: unknown): value is [string, string] => areAll(value, isText) && value.length === 2;
function areAll<T>(values: unknown, is: (value: unknown) => value is T): values is T[] {
  return Array.isArray(values) && values.every(is);
}
