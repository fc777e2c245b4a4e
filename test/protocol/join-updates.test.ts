import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodeForeignUpdate, joinUpdates } from '../../protocol/index.ts';
import { contentOf, randomEdit } from '../fuzz/random-edit.ts';
import { fromHex } from '../support/hex.ts';
import { seededRandom } from '../support/random.ts';

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);
const REMOTE = 'remote';

function docWith(updates: readonly Uint8Array[], clientId = 1): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  for (const update of updates) Y.applyUpdate(doc, update, REMOTE);
  return doc;
}

/** The updates that a document makes by itself, from now on. */
function written(doc: Y.Doc): Uint8Array[] {
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== REMOTE) updates.push(update);
  });
  return updates;
}

function typed(text: string, doc = docWith([])): Uint8Array[] {
  const updates = written(doc);
  for (let i = 0; i < text.length; i++) doc.getText('text').insert(i, text.charAt(i));
  return updates;
}

const bytesOf = (updates: readonly Uint8Array[]): number => updates.reduce((sum, { length }) => sum + length, 0);
const stateOf = (doc: Y.Doc) => ({
  content: contentOf(doc),
  stateVector: [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b),
  waits: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
});

function joinedOf(updates: readonly Uint8Array[]): Uint8Array {
  const joined = joinUpdates(updates);
  if (joined === undefined) throw new Error('the updates were not joined');
  return joined;
}

function structsOf(update: Uint8Array) {
  return Y.decodeUpdate(update).structs;
}

/** Several people who type, format and delete, who hear of each other late, and everything that came of it in one order. */
function history(seed: number): Uint8Array[] {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const docs = [3, 70_000, 4_000_000_000].map((clientId) => docWith([], clientId));
  const log: Uint8Array[] = [];
  const heard = docs.map(() => 0);
  for (const doc of docs) {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== REMOTE) log.push(update);
    });
  }
  for (let round = 0; round < 60; round++) {
    const who = below(docs.length);
    const doc = docs[who] as Y.Doc;
    if (random() < 0.4) {
      for (const update of log.slice(heard[who])) Y.applyUpdate(doc, update, REMOTE);
      heard[who] = log.length;
    }
    if (random() < 0.5) randomEdit(doc, random);
    else typeAWord(doc, below);
  }
  return log;
}

/** Letter by letter, with characters of two units, and a letter that is taken back now and then. */
function typeAWord(doc: Y.Doc, below: (n: number) => number): void {
  const text = doc.getText('text');
  let at = below(text.length + 1);
  for (let n = 1 + below(8); n > 0; n--) {
    const character = ['a', 'é', '語', '😀', '👩‍🚀'][below(5)] as string;
    text.insert(at, character);
    at += character.length;
    if (below(6) === 0) text.delete(at - 1, 1); // which may leave half a pair
    if (below(6) === 0) at = below(text.length + 1);
  }
  if (below(3) === 0) doc.getArray('array').push([below(9), { a: below(9) }]);
}

/** Some of them twice, and neighbours in the wrong order. */
function shaken(updates: readonly Uint8Array[], random: () => number): Uint8Array[] {
  const result = updates.flatMap((update) => (random() < 0.1 ? [update, update] : [update]));
  for (let i = 1; i < result.length; i++) {
    if (random() < 0.2) [result[i - 1], result[i]] = [result[i] as Uint8Array, result[i - 1] as Uint8Array];
  }
  return result;
}

describe.each(SEEDS)('what was written at random (seed %i)', (seed) => {
  const random = seededRandom(seed + 1_000);
  const log = history(seed);
  const from = Math.floor(random() * log.length);
  const [before, rest] = [log.slice(0, from), log.slice(from)];
  const orders = { 'in order': rest, 'out of order and twice': shaken(rest, random) };

  test.each(Object.entries(orders))('%s does joined what it does one by one', (_, updates) => {
    const joined = joinedOf(updates);
    expect(joined.length).toBeLessThanOrEqual(Math.max(2, bytesOf(updates)));
    // To who has what came before, to who has some of it as well, and to who has nothing and waits for that.
    const halfOfIt = updates.filter((_update, i) => i % 3 === 0);
    for (const known of [before, [...before, ...halfOfIt], before.slice(0, before.length / 2), []]) {
      const [once, oneByOne] = [docWith([...known, joined]), docWith([...known, ...updates])];
      expect(stateOf(once)).toEqual(stateOf(oneByOne));
      for (const doc of [once, oneByOne]) for (const update of before) Y.applyUpdate(doc, update, REMOTE);
      expect(stateOf(once)).toEqual(stateOf(docWith(log)));
      expect(stateOf(once)).toEqual(stateOf(oneByOne));
    }
  });

  test('holds joined the same operations, and the server takes it', () => {
    const content = decodeForeignUpdate(joinedOf(rest));
    const expected = decodeForeignUpdate(Y.mergeUpdates([Uint8Array.of(0, 0), ...rest]));
    expect(operationsOf(content.inserted)).toEqual(operationsOf(expected.inserted));
    expect(operationsOf(content.deleted)).toEqual(operationsOf(expected.deleted));
  });

  test('can be joined again', () => {
    const [first, second] = [rest.slice(0, rest.length / 2), rest.slice(rest.length / 2)];
    const twice = docWith([...before, joinedOf([joinedOf(first), joinedOf(second)])]);
    expect(stateOf(twice)).toEqual(stateOf(docWith(log)));
  });
});

function operationsOf(runs: ReturnType<typeof decodeForeignUpdate>['inserted']): string[] {
  return runs.flatMap(({ client, clock, length }) => Array.from({ length }, (_, i) => `${client} ${clock + i}`)).sort();
}

describe('neighbours', () => {
  test('that were typed letter by letter are the piece of text that Yjs keeps', () => {
    const doc = docWith([], 5);
    const updates = typed('The quick brown fox', doc);
    expect(joinedOf(updates)).toEqual(Y.encodeStateAsUpdate(doc));
  });

  test('before something that stands to the right of all of them are one piece, too', () => {
    const doc = docWith([], 5);
    doc.getText('text').insert(0, 'end');
    const begun = Y.encodeStateVector(doc);
    const updates = typed('begin', doc);
    expect(structsOf(joinedOf(updates))).toHaveLength(1);
    expect(joinedOf(updates)).toEqual(Y.encodeStateAsUpdate(doc, begun));
  });

  test('that were typed at other places stay apart', () => {
    const doc = docWith([], 5);
    const updates = written(doc);
    doc.getText('text').insert(0, 'a');
    doc.getText('text').insert(0, 'b');
    doc.getText('other').insert(0, 'c');
    doc.getText('text').format(0, 1, { bold: true });
    expect(structsOf(joinedOf(updates))).toHaveLength(structsOf(Y.mergeUpdates(updates)).length);
  });

  test('of which only the second was typed before what somebody else put there stay apart', () => {
    const [doc, other] = [docWith([], 9), docWith([], 5)];
    const updates = written(doc);
    doc.getText('text').insert(0, 'a');
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc), REMOTE);
    other.getText('text').insert(1, 'X');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), REMOTE);
    doc.getText('text').insert(1, 'b');
    expect(
      docWith([joinedOf([...updates, Y.encodeStateAsUpdate(other)])])
        .getText('text')
        .toString(),
    ).toBe('abX');
  });

  test('that are pairs of surrogates are the text that Yjs has, also where half of a pair was typed or deleted', () => {
    const doc = docWith([], 5);
    const updates = written(doc);
    const text = doc.getText('text');
    for (const part of ['😀', 'x', '👩‍🚀', '\ud83d', '\ude00', 'y']) text.insert(text.length, part);
    text.delete(1, 1);
    expect(structsOf(joinedOf(updates))).toHaveLength(1);
    expect(
      docWith([joinedOf(updates)])
        .getText('text')
        .toString(),
    ).toBe(docWith(updates).getText('text').toString());
  });

  test('in a list are one item; the values that a key had one after the other are not', () => {
    const doc = docWith([], 5);
    const updates = written(doc);
    for (let i = 0; i < 5; i++) doc.getArray('list').push([i, null]);
    expect(structsOf(joinedOf(updates))).toHaveLength(1);
    updates.length = 0;
    doc.getMap('map').set('key', 1);
    doc.getMap('map').set('key', 2);
    expect(structsOf(joinedOf(updates))).toHaveLength(2);
  });

  test('that are garbage or deleted are one', () => {
    // Clients 5 and 6, each with two structs of one operation: garbage, and deleted ones that follow on each other.
    const garbage = [fromHex('01 01 05 00 00 01 00'), fromHex('01 01 05 01 00 01 00')];
    const deleted = [fromHex('01 01 06 00 01 01 01 74 01 00'), fromHex('01 01 06 01 81 06 00 01 00')];
    expect(joinedOf(garbage)).toEqual(fromHex('01 01 05 00 00 02 00'));
    expect(joinedOf(deleted)).toEqual(fromHex('01 01 06 00 01 01 01 74 02 00'));
  });
});

test('deletions that overlap or touch are one', () => {
  // Of client 5: clocks 3 and 4, 0 to 3, 5, and 8.
  const updates = ['03 02', '00 04', '05 01', '08 01'].map((run) => fromHex(`00 01 05 01 ${run}`));
  expect(joinedOf(updates)).toEqual(fromHex('00 01 05 02 00 06 08 01'));
});

test('what is missing in between is left out, as Yjs does it, and waited for', () => {
  const [a, b, c, d] = typed('abcd', docWith([], 5)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const joined = joinedOf([d, a]);
  expect(joined).toEqual(Y.mergeUpdates([d, a]));
  const doc = docWith([joined]);
  expect(doc.getText('text').toString()).toBe('a');
  for (const update of [c, b]) Y.applyUpdate(doc, update);
  expect(doc.getText('text').toString()).toBe('abcd');
});

describe('is left alone', () => {
  const doc = docWith([], 5);
  const updates = typed('abc', doc);
  const [, second, third] = updates as [Uint8Array, Uint8Array, Uint8Array];
  const nested = docWith([], 5);
  nested.getMap('map').set('inner', new Y.Doc());

  test.each([
    ['what overlaps in part', [joinedOf(updates.slice(0, 2)), joinedOf([second, third])]],
    ['a document in a document', [Y.encodeStateAsUpdate(nested)]],
    // Yjs takes only the last of a client's parts.
    ['an update with a client twice', [fromHex('03 01 05 00 00 01 01 06 00 00 01 01 05 01 00 01 00')]],
    ['what is no update', [fromHex('01 01 05')]],
  ])('%s', (_, given) => {
    expect(joinUpdates(given)).toBeUndefined();
  });
});

test('what is contained in what came before is there once', () => {
  const updates = typed('abc');
  expect(joinedOf([joinedOf(updates), ...updates])).toEqual(joinedOf(updates));
  expect(joinedOf([...updates, joinedOf(updates.slice(0, 1))])).toEqual(joinedOf(updates));
});

test('nothing joined is nothing', () => {
  expect(joinUpdates([])).toEqual(Uint8Array.of(0, 0));
});

test('ten times as much takes about ten times as long', () => {
  const join = (count: number, times: number): number => {
    const doc = docWith([], 5);
    const updates = written(doc);
    for (let i = 0; i < count; i++) doc.getArray('list').push([i]);
    const runs = Array.from({ length: 7 }, () => {
      const before = process.cpuUsage();
      for (let i = 0; i < times; i++) joinedOf(updates);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...runs);
  };
  join(2_000, 10); // for the code to be warm
  // The square of the number would be ten times as long.
  expect(join(20_000, 1)).toBeLessThan(4 * join(2_000, 10));
});
