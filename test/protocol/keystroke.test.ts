import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodeForeignUpdate, decodeUpdateContent } from '../../protocol/index.ts';
import { keystrokeContent } from '../../protocol/keystroke.ts';
import { errorCode } from '../support/error-code.ts';
import { fromHex } from '../support/hex.ts';
import { seededRandom } from '../support/random.ts';
import { readTrace } from '../traces/trace.ts';

/** What somebody's edits make, an update for each. */
function updatesOf(write: (doc: Y.Doc) => void, clientId = 4_000_000_000): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  write(doc);
  return updates;
}

/** Somebody who writes, formats, deletes and nests things. */
function writeAtRandom(doc: Y.Doc, seed: number): void {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const text = doc.getText('text');
  const edits = [
    () => text.insert(below(text.length + 1), ['a', 'Grüße', '€ 5', '漢字', '😀', '￿', '\u0000'][below(7)] ?? ''),
    () => text.insert(text.length, 'x'),
    () => text.delete(0, Math.min(text.length, below(9))),
    () => text.format(0, below(text.length + 1), { bold: random() < 0.5 || null }),
    () => doc.getMap('map').set('key', random()),
    () => doc.getArray('list').insert(0, [below(9), 'ü', { a: [1] }]),
    () => doc.getXmlFragment('xml').insert(0, [new Y.XmlElement('p')]),
  ];
  for (let i = 0; i < 150; i++) edits[below(edits.length)]?.();
}

test.each(Array.from({ length: 20 }, (_, seed) => seed))('with seed %i it is what Yjs says it is', (seed) => {
  const updates = updatesOf((doc) => writeAtRandom(doc, seed));
  const told = updates.filter((update) => keystrokeContent(update) !== undefined);
  expect(told.length).toBeGreaterThan(updates.length / 4);
  for (const update of told) expect(keystrokeContent(update)).toEqual(decodeUpdateContent(update));
});

test('nearly all of what people type is a keystroke', () => {
  const { transactions } = readTrace('seph-blog1');
  const updates = updatesOf((doc) => {
    const text = doc.getText('text');
    for (const { patches } of transactions.slice(0, 5_000)) {
      doc.transact(() => {
        for (const [position, deleted, inserted] of patches) {
          if (deleted > 0) text.delete(position, deleted);
          if (inserted !== '') text.insert(position, inserted);
        }
      });
    }
  });
  const told = updates.filter((update) => keystrokeContent(update) !== undefined);
  expect(told.length).toBeGreaterThan(0.95 * updates.length);
  for (const update of told) expect(keystrokeContent(update)).toEqual(decodeUpdateContent(update));
});

test.each([300, 4_000_000_000])(
  'whatever a byte is changed to, or where it ends, it is what Yjs says it is, or left to Yjs: client %i',
  (client) => {
    const updates = updatesOf((doc) => {
      const text = doc.getText('t');
      for (const part of ['a', 'é', '漢', '😀', 'xyz']) text.insert(Math.min(1, text.length), part);
      text.delete(1, 3);
      doc.transact(() => {
        text.delete(0, 1);
        text.insert(0, 'ab');
      });
    }, client);
    let looked = 0;
    for (const update of updates) {
      expect(keystrokeContent(update)).toBeDefined();
      for (let at = 0; at < update.length; at++) {
        expect(keystrokeContent(update.slice(0, at))).toBeUndefined();
        for (let byte = 0; byte < 256; byte++) {
          const changed = update.slice();
          changed[at] = byte;
          const told = keystrokeContent(changed);
          if (told === undefined) continue;
          looked++;
          expect(told).toEqual(decodeUpdateContent(changed));
        }
      }
    }
    expect(looked).toBeGreaterThan(5_000);
  },
);

test('keystrokes that are damaged at random, longer and shorter, are what Yjs says they are, or left to Yjs', () => {
  const random = seededRandom(7);
  const below = (n: number) => Math.floor(random() * n);
  const originals = [3, 20_000, 4_000_000_000].flatMap((client) =>
    updatesOf((doc) => writeAtRandom(doc, client), client).filter((update) => keystrokeContent(update) !== undefined),
  );
  let told = 0;
  for (let round = 0; round < 200_000; round++) {
    const update = [...(originals[below(originals.length)] ?? [])];
    for (let damage = 0; damage <= random() * 3; damage++) {
      update.splice(below(update.length + 1), below(2), ...[below(256), 0x80 + below(128)].slice(below(3)));
    }
    const bytes = Uint8Array.from(update);
    const content = keystrokeContent(bytes);
    if (content === undefined) continue;
    told++;
    expect(content).toEqual(decodeUpdateContent(bytes));
  }
  expect(told).toBeGreaterThan(10_000);
});

describe('left to Yjs is', () => {
  test.each([
    ['text that is not UTF-8: a surrogate', '01 01 05 00 04 01 01 74 03 ed a0 80 00'],
    ['more bytes than a character takes', '01 01 05 00 04 01 01 74 02 c1 81 00'],
    ['a character beyond the last', '01 01 05 00 04 01 01 74 04 f4 90 80 80 00'],
    ['a character that is cut off', '01 01 05 00 04 01 01 74 01 e2 82 ac 00'],
    ['an item that refers to a later one of its own client', '01 01 05 00 84 05 01 01 61 00'],
    ['text of no length', '01 01 05 00 04 01 01 74 00 00'],
    ['a deletion of no length', '00 01 05 01 00 00'],
    ['a client beyond 2^35', '00 01 e2 e8 d2 a1 86 01 87 01 04'],
    ['a clock beyond 2^35', '01 01 05 ff ff ff ff ff 01 84 06 00 01 61 00'],
    ['an update with something behind it', '00 00 00'],
    ['an update of nothing at all', ''],
  ])('%s', (_, hex) => {
    expect(keystrokeContent(fromHex(hex))).toBeUndefined();
  });
});

test('what is wrong with an update is found where other bytes lie behind it', () => {
  const doc = new Y.Doc();
  doc.getArray('list').insert(0, [Uint8Array.of(1, 2, 3, 4)]);
  for (const update of [Y.encodeStateAsUpdate(doc), ...updatesOf((typed) => typed.getText('t').insert(0, 'text'))]) {
    const memory = new Uint8Array(update.length + 100);
    memory.set(update);
    expect(decodeForeignUpdate(memory.subarray(0, update.length))).toEqual(decodeUpdateContent(update));
    for (let length = 0; length < update.length; length++) {
      const cut = memory.subarray(0, length);
      expect(errorCode(() => decodeForeignUpdate(cut))).toBe('MALFORMED_UPDATE');
    }
  }
});
