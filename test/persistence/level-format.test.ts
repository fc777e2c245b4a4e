import { describe, expect, test } from 'vitest';
import * as format from '../../persistence/level-format.ts';
import { errorCode } from '../support/error-code.ts';
import { inLargerBuffer, toHex } from '../support/hex.ts';

const KEY = format.entryKey('d', 'epoch', 1);
const SEVERAL_KEY = format.entryKey('d', 'epoch', 9, 3);
const SEVERAL = [
  { at: 300, user: 'ü', update: Uint8Array.of(0xde, 0xad) },
  { at: 1, update: new Uint8Array() },
  { at: 300, update: Uint8Array.of(7) },
];
const RECORD: format.DocumentRecord = {
  epoch: 'epoch',
  title: 'Die Glöckchen 🔔',
  createdAt: 1_700_000_000_000,
  updatedAt: 1_700_000_000_001,
  snapshotSeq: 7,
  schema: 2,
};

const isIn = ({ gt, lt }: format.KeyRange, key: string): boolean =>
  Buffer.compare(Buffer.from(key), Buffer.from(gt)) > 0 && Buffer.compare(Buffer.from(key), Buffer.from(lt)) < 0;

describe('keys', () => {
  test('are as the drawing in level-format.ts says', () => {
    expect(format.FORMAT_KEY).toBe('format');
    expect(format.documentKey('a/b')).toBe('d\0a/b');
    expect(format.entryKey('a/b', 'e1', 255)).toBe('e\0a/b\0e1\x000000000000ff');
    expect(format.entryKey('a/b', 'e1', 255, 31)).toBe('e\0a/b\0e1\x000000000000ff\x001f');
    expect(format.snapshotKey('a/b', 'e1')).toBe('s\0a/b\0e1');
    expect(format.goneKey('a/b', 'e1')).toBe('g\0a/b\0e1');
  });

  test('say what they were made of', () => {
    expect(format.documentOfKey(format.documentKey('ü/🖋️'))).toBe('ü/🖋️');
    expect(format.ofGoneKey(format.goneKey('ü/🖋️', 'e1'))).toEqual({ document: 'ü/🖋️', epoch: 'e1' });
    for (const seq of [1, 255, 256, 2 ** 32, 2 ** 48 - 1]) {
      expect(format.seqsOfEntryKey(format.entryKey('d', 'e1', seq))).toEqual({ first: seq, last: seq });
    }
    expect(format.seqsOfEntryKey(format.entryKey('ü/🖋️', 'e1', 300, 300))).toEqual({ first: 1, last: 300 });
    expect(format.ofContentKey(format.entryKey('ü/🖋️', 'e1', 300, 2))).toEqual({
      kind: 'e',
      document: 'ü/🖋️',
      epoch: 'e1',
    });
  });

  test('of entries sort as their seqs do', () => {
    const seqs = [1, 2, 9, 10, 15, 16, 255, 256, 4095, 65_536, 2 ** 32, 2 ** 40, 2 ** 48 - 1];
    // Also where some have several entries, and others one.
    const keys = seqs.map((seq, i) => format.entryKey('d', 'e1', seq, 1 + (i % 3)));
    expect([...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(keys);
  });

  test('of the entries after a seq are those of this document and this epoch', () => {
    const range = format.entryRange('d', 'e1', 16);
    expect(isIn(range, format.entryKey('d', 'e1', 17))).toBe(true);
    expect(isIn(range, format.entryKey('d', 'e1', 2 ** 48 - 1))).toBe(true);
    expect(isIn(range, format.entryKey('d', 'e1', 16))).toBe(false);
    expect(isIn(range, format.entryKey('d', 'e1', 17, 2))).toBe(true);
    expect(isIn(range, format.entryKey('d', 'e1', 16, 2))).toBe(false);
    for (const document of ['c', 'd!', 'd/', 'd0', 'dd', 'e']) {
      expect(isIn(range, format.entryKey(document, 'e1', 17))).toBe(false);
    }
    for (const epoch of ['e', 'e0', 'e10', 'e2']) expect(isIn(range, format.entryKey('d', epoch, 17))).toBe(false);
    expect(isIn(range, format.snapshotKey('d', 'e1'))).toBe(false);
  });

  test('of the documents after a name are all documents after it and nothing else', () => {
    for (const document of ['a', '🖋️', '\u{10ffff}'])
      expect(isIn(format.documentRange(), format.documentKey(document))).toBe(true);
    expect(isIn(format.documentRange('b'), format.documentKey('b'))).toBe(false);
    expect(isIn(format.documentRange('b'), format.documentKey('a'))).toBe(false);
    expect(isIn(format.documentRange('b'), format.documentKey('b!'))).toBe(true);
    for (const key of ['format', format.entryKey('a', 'e', 1), format.goneKey('a', 'e')]) {
      expect(isIn(format.documentRange(), key)).toBe(false);
    }
  });

  test('of gone documents are told from all others', () => {
    expect(isIn(format.GONE_RANGE, format.goneKey('\u{10ffff}', 'e'))).toBe(true);
    for (const key of ['format', format.documentKey('g'), format.snapshotKey('a', 'e')]) {
      expect(isIn(format.GONE_RANGE, key)).toBe(false);
    }
  });
});

describe('an entry', () => {
  test('is: time, user, update, CRC-32', () => {
    const bytes = format.encodeEntries(KEY, [{ at: 300, user: 'ü', update: Uint8Array.of(0xde, 0xad) }]);
    expect(toHex(bytes.slice(0, -4))).toBe('ac 02 02 c3 bc de ad');
    expect(bytes).toHaveLength(11);
  });

  test.each([
    { at: 1_700_000_000_000, user: 'Zoë', update: Uint8Array.of(1, 2, 3) },
    { at: 0, update: Uint8Array.of(0) },
    { at: 1, update: new Uint8Array() },
    { at: 1, update: new Uint8Array(100_000).fill(7) },
  ])('is read as it was written: $at', (entry) => {
    const bytes = format.encodeEntries(KEY, [entry]);
    expect(format.decodeEntries(KEY, bytes)).toEqual([{ seq: 1, ...entry }]);
    expect(format.decodeEntries(KEY, inLargerBuffer(bytes))).toEqual([{ seq: 1, ...entry }]);
  });
});

describe('several entries at one key', () => {
  test('are: time, user, length of the update, update of each, CRC-32 of all', () => {
    const bytes = format.encodeEntries(SEVERAL_KEY, SEVERAL);
    expect(toHex(bytes.slice(0, -4))).toBe('ac 02 02 c3 bc 02 de ad 01 00 00 ac 02 00 01 07');
    expect(bytes).toHaveLength(20);
  });

  test('are read as they were written, with their seqs, each update in memory of its own', () => {
    const bytes = format.encodeEntries(SEVERAL_KEY, SEVERAL);
    for (const stored of [bytes, inLargerBuffer(bytes)]) {
      const entries = format.decodeEntries(SEVERAL_KEY, stored);
      expect(entries).toEqual(SEVERAL.map((entry, i) => ({ seq: 7 + i, ...entry })));
      for (const { update } of entries) expect(update.buffer.byteLength).toBe(update.length);
    }
  });
});

describe('a snapshot', () => {
  test('is: seq, state vector, update, CRC-32', () => {
    const snapshot = { seq: 300, stateVector: Uint8Array.of(1, 5, 3), update: Uint8Array.of(0xde, 0xad) };
    const bytes = format.encodeSnapshot(KEY, snapshot);
    expect(toHex(bytes.slice(0, -4))).toBe('ac 02 03 01 05 03 de ad');
    expect(format.decodeSnapshot(KEY, bytes)).toEqual(snapshot);
    expect(format.decodeSnapshot(KEY, inLargerBuffer(bytes))).toEqual(snapshot);
  });
});

describe('a record', () => {
  test('is: JSON, CRC-32', () => {
    const bytes = format.encodeRecord(KEY, RECORD);
    expect(JSON.parse(Buffer.from(bytes.slice(0, -4)).toString())).toEqual(RECORD);
    expect(format.decodeRecord(KEY, bytes)).toEqual(RECORD);
  });

  test('says nothing of a schema while nothing with one wrote', () => {
    const bytes = format.encodeRecord(KEY, { ...RECORD, schema: 0 });
    expect(Buffer.from(bytes).toString()).not.toContain('schema');
    expect(format.decodeRecord(KEY, bytes)).toEqual({ ...RECORD, schema: 0 });
  });

  const required = Object.keys(RECORD).filter((field) => field !== 'schema');
  test.each(required)('without %s is unreadable', (field) => {
    const bytes = format.encodeRecord(KEY, { ...RECORD, [field]: undefined });
    expect(errorCode(() => format.decodeRecord(KEY, bytes))).toBe('DOCUMENT_UNREADABLE');
  });
});

describe.each([
  {
    what: 'an entry',
    bytes: format.encodeEntries(KEY, [{ at: 300, user: 'u', update: Uint8Array.of(1, 2, 3) }]),
    decode: format.decodeEntries,
  },
  {
    what: 'a snapshot',
    bytes: format.encodeSnapshot(KEY, { seq: 1, stateVector: Uint8Array.of(0), update: Uint8Array.of(1, 2) }),
    decode: format.decodeSnapshot,
  },
  { what: 'a record', bytes: format.encodeRecord(KEY, RECORD), decode: format.decodeRecord },
])('$what is unreadable', ({ bytes, decode }) => {
  test('when any one of its bits is another', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Uint8Array.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect([bit, errorCode(() => decode(KEY, damaged))]).toEqual([bit, 'DOCUMENT_UNREADABLE']);
    }
  });

  test('when it is cut off anywhere, also to nothing', () => {
    for (let length = 0; length < bytes.length; length++) {
      const code = errorCode(() => decode(KEY, Uint8Array.from(bytes.subarray(0, length))));
      expect([length, code]).toEqual([length, 'DOCUMENT_UNREADABLE']);
    }
  });

  test('when something follows it', () => {
    expect(errorCode(() => decode(KEY, Uint8Array.of(...bytes, 0)))).toBe('DOCUMENT_UNREADABLE');
  });

  test('under any other key', () => {
    for (const key of [
      format.entryKey('d', 'epoch', 2),
      format.entryKey('d', 'epoch', 1, 2),
      format.entryKey('e', 'epoch', 1),
      format.entryKey('d', 'epocg', 1),
      format.snapshotKey('d', 'epoch'),
      '',
    ]) {
      expect(errorCode(() => decode(key, bytes))).toBe('DOCUMENT_UNREADABLE');
    }
  });

  test('and the error names the document, without NUL in its text', () => {
    const key = format.entryKey('my "document"', 'epoch', 1);
    expect(() => decode(key, bytes)).toThrow(/^[^\0]*The document "my \\"document\\"" can't be read[^\0]*$/);
  });
});
