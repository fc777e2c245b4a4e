import { afterEach, describe, expect, test } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { decodeAwareness, encodeAwareness, GONE } from '../../protocol/index.ts';
import { errorCode } from '../support/error-code.ts';
import { fromHex, inLargerBuffer, toHex } from '../support/hex.ts';
import { seededRandom } from '../support/random.ts';

const open: Awareness[] = [];
afterEach(() => {
  for (const awareness of open.splice(0)) awareness.destroy();
});

function awarenessOf(clientId: number): Awareness {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const awareness = new Awareness(doc);
  open.push(awareness);
  return awareness;
}

/** Two clients, 5 and 300, as y-protocols writes them. */
function byOthers(): Uint8Array {
  const one = awarenessOf(5);
  one.setLocalState({ user: { name: 'Zoë', color: '#f00' }, cursor: null });
  const two = awarenessOf(300);
  two.setLocalState({});
  two.setLocalState({ n: [1, 2] });
  applyAwarenessUpdate(one, encodeAwarenessUpdate(two, [300]), 'test');
  return encodeAwarenessUpdate(one, [5, 300]);
}

test('the bytes are: count, then for each client its id, its clock and its state as JSON', () => {
  // 1 client, id 300, clock 2, 7 bytes {"a":1}
  const hex = '01 ac 02 02 07 7b 22 61 22 3a 31 7d';
  const entries = [{ clientId: 300, clock: 2, state: '{"a":1}' }];
  expect(decodeAwareness(fromHex(hex))).toEqual(entries);
  expect(toHex(encodeAwareness(entries))).toBe(hex);
});

test('an update of nobody is one zero', () => {
  expect(toHex(encodeAwareness([]))).toBe('00');
  expect(decodeAwareness(fromHex('00'))).toEqual([]);
});

test('what y-protocols writes is read, and written again as the same bytes', () => {
  const update = byOthers();
  const entries = decodeAwareness(update);
  expect(entries).toEqual([
    { clientId: 5, clock: 1, state: '{"user":{"name":"Zoë","color":"#f00"},"cursor":null}' },
    { clientId: 300, clock: 2, state: '{"n":[1,2]}' },
  ]);
  expect(toHex(encodeAwareness(entries))).toBe(toHex(update));
});

test('y-protocols understands what is written here', () => {
  const awareness = awarenessOf(1);
  applyAwarenessUpdate(awareness, encodeAwareness([{ clientId: 9, clock: 3, state: '{"name":"Ö"}' }]), 'test');
  expect(awareness.getStates().get(9)).toEqual({ name: 'Ö' });
  applyAwarenessUpdate(awareness, encodeAwareness([{ clientId: 9, clock: 3, state: GONE }]), 'test');
  expect(awareness.getStates().has(9)).toBe(false);
});

test('a client that y-protocols removed has the state GONE', () => {
  const awareness = awarenessOf(5);
  awareness.setLocalState({});
  removeAwarenessStates(awareness, [5], 'test');
  expect(decodeAwareness(encodeAwarenessUpdate(awareness, [5]))).toEqual([{ clientId: 5, clock: 2, state: GONE }]);
});

test('an update can be a view into a larger buffer', () => {
  const update = byOthers();
  expect(decodeAwareness(inLargerBuffer(update))).toEqual(decodeAwareness(update));
});

describe('an update is malformed', () => {
  test('when it is cut off anywhere, also where the rest follows in the same buffer', () => {
    const update = byOthers();
    for (let length = 0; length < update.length; length++) {
      const cut = inLargerBuffer(update.slice(0, length), update.slice(length));
      expect([length, errorCode(() => decodeAwareness(cut))]).toEqual([length, 'MALFORMED_AWARENESS']);
    }
  });

  test.each([
    ['with bytes after its end', '00 00'],
    ['with a count past its end', '02 05 01 02 7b 7d'],
    ['with a count that is no whole number', 'ff ff ff ff ff ff ff ff 7f'],
    ['with a state that is not UTF-8', '01 05 01 03 22 ff 22'],
    ['with a state that is no JSON', '01 05 01 01 7b'],
    ['with an empty state', '01 05 01 00'],
    ['with a state that is a number', '01 05 01 01 31'],
    ['with a state that is a string', '01 05 01 03 22 61 22'],
    ['with a state that is an array', '01 05 01 02 5b 5d'],
    ['with a state that is true', '01 05 01 04 74 72 75 65'],
    ['with a byte order mark before the state, at which a client would throw', '01 05 01 05 ef bb bf 7b 7d'],
    ['with one good entry and one that is bad', '02 05 01 02 7b 7d 06 01 01 31'],
  ])('%s', (_, hex) => {
    expect(errorCode(() => decodeAwareness(fromHex(hex)))).toBe('MALFORMED_AWARENESS');
  });
});

test('random changes to an update are read or refused, and what is read can be applied by y-protocols', () => {
  const random = seededRandom(2);
  const original = byOthers();
  let read = 0;
  for (let round = 0; round < 3_000; round++) {
    const bytes = original.slice();
    for (let change = 0; change <= random() * 3; change++) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    }
    const code = errorCode(() => decodeAwareness(bytes));
    if (code === undefined) {
      read++;
      applyAwarenessUpdate(awarenessOf(1), encodeAwareness(decodeAwareness(bytes)), 'test');
      open.pop()?.destroy();
    } else {
      expect(code).toBe('MALFORMED_AWARENESS');
    }
  }
  expect(read).toBeGreaterThan(100);
  expect(read).toBeLessThan(2_900);
});
