import { crc32 } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { ScriptoriumError } from '../protocol/errors.ts';
import { writeScratch } from '../protocol/scratch.ts';
import type { Entry, NewEntry, Snapshot } from './storage.ts';
import type { Writer } from './write.ts';

/*
 * What is in the LevelDB folder. Keys are UTF-8; `·` stands for NUL, which no document name contains.
 *
 *     format                             the version of this layout, as text
 *     commits                            how many commits there were, as text; in every one of them
 *     d · document                       the record: JSON of DocumentRecord
 *     e · document · epoch · seq         an entry; seq as 12 hexadecimal digits, so that keys sort as seqs do
 *     e · document · epoch · seq · n     n entries that were committed together (n in hexadecimal, from 2): the seq is that
 *                                        of the last of them
 *     s · document · epoch               the snapshot
 *     g · document · epoch               "gone": content of that epoch is still to be cleared
 *
 * The epoch in the keys makes deletion one small atomic write: the record goes and a "gone" mark comes. Nothing reads
 * that epoch's content any more, whatever happens before it has been cleared.
 *
 * Records, entries and snapshots end with a CRC-32 of their key and of all bytes before it, so that neither damaged
 * bytes nor bytes at the wrong place are ever taken for content. (An epoch with one damaged letter would be an empty
 * document.)
 */

/** The version of the layout above. A program refuses a store with a higher one. In version 1 each entry has its own key. */
export const FORMAT_VERSION = 2;
export const FORMAT_KEY = 'format';
/** In the place of a version while a backup is being restored: no program reads such a store. */
export const RESTORING = 'restoring';
export const COMMITS_KEY = 'commits';

const NUL = '\0';
const SEQ_DIGITS = 12;
const CRC_BYTES = 4;

/** Sorts after every key that begins with the same prefix and NUL. */
const AFTER_NUL = '\x01';

/** What `d` keys hold: all of a document's head that its entries do not tell. */
export interface DocumentRecord {
  readonly epoch: string;
  readonly title: string;
  readonly createdAt: number;
  /** When this record or the entries that the snapshot replaced were last written. */
  readonly updatedAt: number;
  /** The seq of the snapshot; 0 when there is none. */
  readonly snapshotSeq: number;
  /** The highest version of a schema that wrote in it, as in DocumentInfo. As stored it is left out when it is 0. */
  readonly schema: number;
  /** Who wrote last, as far as it is in the snapshot. */
  readonly writer?: Writer;
}

/** A range of keys for a LevelDB iterator. */
export interface KeyRange {
  readonly gt: string;
  readonly lt: string;
}

export const documentKey = (document: string): string => `d${NUL}${document}`;
export const documentRange = (after?: string): KeyRange => ({
  gt: after === undefined ? `d${NUL}` : documentKey(after),
  lt: `d${AFTER_NUL}`,
});
export const documentOfKey = (key: string): string => key.slice(2);

export const snapshotKey = (document: string, epoch: string): string => `s${NUL}${document}${NUL}${epoch}`;

/** The key of an entry, or of several that follow one another, of which this is the last one's seq. */
export function entryKey(document: string, epoch: string, seq: number, count = 1): string {
  const key = `e${NUL}${document}${NUL}${epoch}${NUL}${seq.toString(16).padStart(SEQ_DIGITS, '0')}`;
  return count === 1 ? key : `${key}${NUL}${count.toString(16)}`;
}
/** The keys of all entries after a seq. Those of several may have earlier ones as well. */
export const entryRange = (document: string, epoch: string, afterSeq: number): KeyRange => ({
  gt: `${entryKey(document, epoch, afterSeq)}${AFTER_NUL}`,
  lt: `e${NUL}${document}${NUL}${epoch}${AFTER_NUL}`,
});
/** The keys of entries up to a seq, which a snapshot stands for. Not those that have later ones as well. */
export const coveredRange = (document: string, epoch: string, seq: number): KeyRange => ({
  gt: `e${NUL}${document}${NUL}${epoch}${NUL}`,
  lt: entryKey(document, epoch, seq + 1),
});
/** Which entries are at a key: the seq of the first, and of the last. */
export function seqsOfEntryKey(key: string): { first: number; last: number } {
  const [, , , seq = '', count = '1'] = key.split(NUL);
  const last = Number.parseInt(seq, 16);
  return { first: last - Number.parseInt(count, 16) + 1, last };
}

export const goneKey = (document: string, epoch: string): string => `g${NUL}${document}${NUL}${epoch}`;
export const GONE_RANGE: KeyRange = { gt: `g${NUL}`, lt: `g${AFTER_NUL}` };
export function ofGoneKey(key: string): { document: string; epoch: string } {
  const { document, epoch } = ofContentKey(key);
  return { document, epoch };
}
/** The "gone" marks of one document. */
export const goneRange = (document: string): KeyRange => ({
  gt: `g${NUL}${document}${NUL}`,
  lt: `g${NUL}${document}${AFTER_NUL}`,
});

/** All entries and snapshots of a document, whatever their epoch. */
export const contentRanges = (document: string): KeyRange[] =>
  ['e', 's'].map((kind) => ({
    gt: `${kind}${NUL}${document}${NUL}`,
    lt: `${kind}${NUL}${document}${AFTER_NUL}`,
  }));
/** What the key of an entry, a snapshot or a "gone" mark was made of. */
export function ofContentKey(key: string): { kind: string; document: string; epoch: string } {
  const [kind = '', document = '', epoch = ''] = key.split(NUL);
  return { kind, document, epoch };
}
/** The first letters of all keys that have to do with documents. */
export const KINDS = ['d', 'e', 's', 'g'] as const;
/** All keys of a kind, and where those of the documents after one begin. */
export const kindRange = (kind: string): KeyRange => ({ gt: `${kind}${NUL}`, lt: `${kind}${AFTER_NUL}` });
export const afterDocument = (kind: string, document: string): string => `${kind}${NUL}${document}${AFTER_NUL}`;

export function encodeRecord(key: string, record: DocumentRecord): Uint8Array {
  return withCrc(key, Buffer.from(JSON.stringify({ ...record, schema: record.schema || undefined })));
}

/** @throws ScriptoriumError DOCUMENT_UNREADABLE */
export function decodeRecord(key: string, bytes: Uint8Array): DocumentRecord {
  const record: unknown = JSON.parse(Buffer.from(checkCrc(key, bytes)).toString());
  if (isRecord(record)) return { ...record, schema: record.schema ?? 0 };
  throw unreadable(key, 'its record is not complete');
}

/** The entries that are stored at a key: as many as the key says. */
export function encodeEntries(key: string, entries: readonly NewEntry[]): Uint8Array {
  const body = writeScratch((encoder) => {
    for (const { at, user = '', update } of entries) {
      encoding.writeVarUint(encoder, at);
      encoding.writeVarString(encoder, user);
      // The update of a single one has no length before it: it is all that follows.
      if (entries.length === 1) encoding.writeUint8Array(encoder, update);
      else encoding.writeVarUint8Array(encoder, update);
    }
  });
  return withCrc(key, body);
}

/** @throws ScriptoriumError DOCUMENT_UNREADABLE */
export function decodeEntries(key: string, bytes: Uint8Array): Entry[] {
  const decoder = decoding.createDecoder(checkCrc(key, bytes));
  const { first, last } = seqsOfEntryKey(key);
  const entries: Entry[] = [];
  for (let seq = first; seq <= last; seq++) {
    const at = decoding.readVarUint(decoder);
    const user = decoding.readVarString(decoder);
    const update =
      first === last ? decoding.readTailAsUint8Array(decoder) : decoding.readVarUint8Array(decoder).slice();
    entries.push(user === '' ? { seq, at, update } : { seq, at, user, update });
  }
  return entries;
}

export function encodeSnapshot(key: string, { seq, stateVector, update }: Snapshot): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, seq);
  encoding.writeVarUint8Array(encoder, stateVector);
  return withCrc(key, encoding.toUint8Array(encoder), update);
}

/** @throws ScriptoriumError DOCUMENT_UNREADABLE */
export function decodeSnapshot(key: string, bytes: Uint8Array): Snapshot {
  const decoder = decoding.createDecoder(checkCrc(key, bytes));
  return {
    seq: decoding.readVarUint(decoder),
    stateVector: decoding.readVarUint8Array(decoder),
    update: decoding.readTailAsUint8Array(decoder),
  };
}

/** What is stored at a key makes no sense: the error DOCUMENT_UNREADABLE, and why in a few words. */
export class Unreadable extends ScriptoriumError {
  readonly why: string;

  constructor(key: string, why: string, cause?: unknown) {
    const document = key.split(NUL)[1] ?? key;
    const message = `The document ${JSON.stringify(document)} can't be read: ${why} (${JSON.stringify(key)}).`;
    super('DOCUMENT_UNREADABLE', message, { cause });
    this.why = why;
  }
}

export function unreadable(key: string, why: string, cause?: unknown): Unreadable {
  return new Unreadable(key, why, cause);
}

/** The parts, one behind the other, and their checksum. A snapshot is large: it is copied once. */
function withCrc(key: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = Buffer.allocUnsafe(length + CRC_BYTES);
  let at = 0;
  let crc = crc32(key);
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
    crc = crc32(part, crc);
  }
  bytes.writeUInt32LE(crc, at);
  return bytes;
}

/** The bytes before the CRC, once that has been found right. They are a copy that keeps nothing else in memory. */
function checkCrc(key: string, bytes: Uint8Array): Uint8Array {
  const end = bytes.length - CRC_BYTES;
  if (end < 0) throw unreadable(key, 'its bytes are too few');
  const body = new Uint8Array(bytes.subarray(0, end));
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end, CRC_BYTES).getUint32(0, true);
  if (stored !== crc32(body, crc32(key))) throw unreadable(key, 'its checksum is wrong');
  return body;
}

function isRecord(value: unknown): value is Omit<DocumentRecord, 'schema'> & { schema?: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { epoch, title, createdAt, updatedAt, snapshotSeq, schema = 0, writer } = value as Record<string, unknown>;
  return (
    typeof epoch === 'string' &&
    typeof title === 'string' &&
    typeof createdAt === 'number' &&
    typeof updatedAt === 'number' &&
    typeof snapshotSeq === 'number' &&
    typeof schema === 'number' &&
    (writer === undefined || isWriter(writer))
  );
}

function isWriter(value: unknown): value is Writer {
  if (typeof value !== 'object' || value === null) return false;
  const { name, seq } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof seq === 'number';
}
