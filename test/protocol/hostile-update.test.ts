import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { Coverage, decodeForeignUpdate, decodeUpdateContent } from '../../protocol/index.ts';
import { errorCode } from '../support/error-code.ts';

type Write = (encoder: encoding.Encoder) => void;

const bytes = (write: Write): Uint8Array => {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
};
const numbers = (...values: number[]): Write => {
  return (encoder) => {
    for (const value of values) encoding.writeVarUint(encoder, value);
  };
};

/** One client's garbage: `count` structs of one clock, from `clock` on. Two bytes each. */
function garbage(count: number, clock = 0, length = 1): Uint8Array {
  return bytes((encoder) => {
    numbers(1, count, 5, clock)(encoder);
    for (let i = 0; i < count; i++) numbers(0, length)(encoder);
    numbers(0)(encoder);
  });
}

/** One struct of each of so many clients. */
function clients(count: number): Uint8Array {
  return bytes((encoder) => {
    numbers(count)(encoder);
    for (let i = 0; i < count; i++) numbers(1, i + 1, 0, 0, 1)(encoder);
    numbers(0)(encoder);
  });
}

/** Deletions of every second clock of one client, the last first. */
function deletions(count: number, client = 5): Uint8Array {
  return bytes((encoder) => {
    numbers(0, 1, client, count)(encoder);
    for (let i = count; i > 0; i--) numbers(2 * i, 1)(encoder);
  });
}

/** A value in a list that lies so deep in other lists. */
function deep(depth: number): Uint8Array {
  const doc = new Y.Doc();
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value };
  doc.getArray('t').push([value]);
  return Y.encodeStateAsUpdate(doc);
}

const code = (update: Uint8Array) => errorCode(() => decodeForeignUpdate(update));

describe('an update that somebody sent is refused', () => {
  test.each([
    ['with more structs than anybody writes', () => garbage(1_000_001)],
    ['with more clients than anybody has', () => clients(250_001)],
    ['with more deletions than anybody makes', () => deletions(1_000_001)],
    ['with a clock beyond all counting', () => garbage(1, Number.MAX_SAFE_INTEGER - 1)],
    ['with a length beyond all counting', () => garbage(1, 0, Number.MAX_SAFE_INTEGER)],
    ['with lengths that only together are beyond all counting', () => garbage(3, 0, 2 ** 39)],
    ['with a deletion beyond all counting', () => bytes(numbers(0, 1, 5, 1, 7, Number.MAX_SAFE_INTEGER))],
    ['with a value as deep as nobody nests', () => deep(110)],
    [
      'with a value so deep that Yjs itself would give up',
      () =>
        bytes((encoder) => {
          numbers(1, 1, 5, 0, 8, 1)(encoder);
          encoding.writeVarString(encoder, 't');
          numbers(1)(encoder);
          for (let i = 0; i < 1_000_000; i++) numbers(117, 1)(encoder);
        }),
    ],
  ])('%s', (_, make) => {
    expect(code(make())).toBe('MALFORMED_UPDATE');
  });
});

test('what is stored already is read all the same', () => {
  expect(errorCode(() => decodeUpdateContent(clients(250_001)))).toBeUndefined();
  expect(errorCode(() => decodeUpdateContent(deep(110)))).toBeUndefined();
});

test('an update as large as people write is taken, and is no different', () => {
  for (const update of [garbage(900_000), clients(200_000), deletions(900_000), deep(90), garbage(1, 2 ** 39)]) {
    expect(decodeForeignUpdate(update)).toEqual(decodeUpdateContent(update));
  }
});

test('deletions that come the last first, in one update or in two that mesh, take no longer than others', () => {
  const coverage = new Coverage();
  const begun = performance.now();
  coverage.add(decodeForeignUpdate(deletions(400_000)));
  coverage.add({
    inserted: [],
    deleted: decodeForeignUpdate(deletions(400_000)).deleted.map((run) => ({ ...run, clock: run.clock * 2 + 1 })),
  });
  // One by one it takes minutes.
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(coverage.covers(decodeForeignUpdate(deletions(400_000)))).toBe(true);
  expect(coverage.covers(decodeForeignUpdate(deletions(400_001)))).toBe(false);
});

test('a document of which so much is known that nobody wrote it is full', () => {
  const coverage = new Coverage();
  for (const client of [1, 2]) coverage.add(decodeForeignUpdate(deletions(499_999, client)));
  expect(coverage.full).toBe(false);
  coverage.add(decodeForeignUpdate(deletions(2, 3)));
  expect(coverage.full).toBe(true);
});
