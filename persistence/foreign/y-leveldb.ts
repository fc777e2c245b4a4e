import { resolve } from 'node:path';
import { Level } from 'level';
import * as decoding from 'lib0/decoding';
import { ScriptoriumError } from '../../protocol/errors.ts';
import { isDatabase, openError } from '../level-database.ts';
import type { ForeignDocument } from './foreign-store.ts';

/** The parts of a key: text with 0 before it, 32-bit numbers with 1 before them. */
const TEXT = 0;
const NUMBER = 1;

/** `['v1', document, ...]` is a key's beginning; `['v1_sv', document]` names the documents that exist once more. */
const FIRST = Buffer.of(TEXT, 2, 0x76, 0x31, TEXT);
const PAST_LAST = Buffer.of(TEXT, 2, 0x76, 0x31, NUMBER);

/**
 * The LevelDB folder of `y-leveldb` (`LeveldbPersistence`), which `y-websocket`'s servers write with `YPERSISTENCE`. An
 * update is at `['v1', document, 'update', clock]`, and all updates of a document are next to each other. What was kept
 * with `setMeta` is left out.
 */
export async function* yLeveldb(folder: string): AsyncGenerator<ForeignDocument> {
  const path = resolve(folder);
  if (!isDatabase(path)) throw new ScriptoriumError('STORE_UNAVAILABLE', `There is no LevelDB store in ${path}.`);
  const db = new Level<Uint8Array, Uint8Array>(path, { keyEncoding: 'view', valueEncoding: 'view' });
  try {
    await db.open({ createIfMissing: false });
  } catch (error) {
    throw openError(path, error);
  }
  try {
    let current: { document: string; updates: Uint8Array[] } | undefined;
    for await (const [key, value] of db.iterator({ gte: FIRST, lt: PAST_LAST })) {
      const [, document, kind] = partsOf(key);
      if (document === undefined || kind !== 'update') continue;
      if (current?.document !== document) {
        if (current) yield current;
        current = { document, updates: [] };
      }
      current.updates.push(Uint8Array.from(value));
    }
    if (current) yield current;
  } finally {
    await db.close();
  }
}

function partsOf(key: Uint8Array): (string | undefined)[] {
  const decoder = decoding.createDecoder(key);
  const parts: (string | undefined)[] = [];
  try {
    while (decoding.hasContent(decoder)) {
      if (decoding.readUint8(decoder) === TEXT) parts.push(decoding.readVarString(decoder));
      else parts.push(String(decoding.readUint32BigEndian(decoder)));
    }
  } catch (cause) {
    throw new ScriptoriumError('STORE_UNAVAILABLE', 'The LevelDB store has keys that y-leveldb does not write.', {
      cause,
    });
  }
  return parts;
}
