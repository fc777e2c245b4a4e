import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { Coverage, decodeUpdateContent, decodeUpdateContentV2 } from '../../protocol/index.ts';
import { errorCode } from '../support/error-code.ts';
import { fromHex } from '../support/hex.ts';
import { seededRandom } from '../support/random.ts';

type Random = () => number;

const below = (random: Random, n: number): number => Math.floor(random() * n);

function docOf(clientId: number, update?: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  if (update) Y.applyUpdate(doc, update);
  return doc;
}

/** The updates that the edits make, one for each transaction. */
function updatesOf(doc: Y.Doc, edit: () => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', note);
  edit();
  doc.off('update', note);
  return updates;
}

/** Edits of which Yjs deletes nothing by itself: no two of them can be at odds. */
const PEACEFUL_EDITS: readonly ((doc: Y.Doc, random: Random) => void)[] = [
  (doc, random) => {
    const text = doc.getText('text');
    text.insert(below(random, text.length + 1), 'abcdef'.slice(0, 1 + below(random, 6)));
  },
  (doc, random) => {
    const text = doc.getText('text');
    if (text.length > 0) text.delete(below(random, text.length), 1);
  },
  (doc, random) => {
    const list = doc.getArray('list');
    list.insert(below(random, list.length + 1), [below(random, 9), { a: 'ü' }, Uint8Array.of(1)]);
  },
  (doc, random) => {
    const list = doc.getArray('list');
    if (list.length > 0) list.delete(0, 1 + below(random, list.length));
  },
  (doc, random) => {
    const xml = doc.getXmlFragment('xml');
    const paragraph = new Y.XmlElement('p');
    paragraph.insert(0, [new Y.XmlText('text')]);
    xml.insert(below(random, xml.length + 1), [paragraph]);
    if (xml.length > 3) xml.delete(0, 2);
  },
];

/** Of values that are set at once, and of formats that have become superfluous, Yjs deletes some wherever they meet. */
const EDITS: typeof PEACEFUL_EDITS = [
  ...PEACEFUL_EDITS,
  (doc, random) => doc.getMap('map').set(`key ${below(random, 3)}`, random() < 0.5 ? new Y.Array() : null),
  (doc, random) => {
    const text = doc.getText('text');
    if (text.length > 1) text.format(0, 1 + below(random, text.length), { bold: random() < 0.5 || null });
  },
];

function editAtRandom(doc: Y.Doc, random: Random, edits = EDITS): void {
  edits[below(random, edits.length)]?.(doc, random);
}

/** Three peers that write for a while and hear of each other now and then, and every update that came of it. */
function history(seed: number, edits = EDITS): { doc: Y.Doc; updates: Uint8Array[] } {
  const random = seededRandom(seed);
  const docs = [docOf(3), docOf(70_000), docOf(4_000_000_000)];
  const updates: Uint8Array[] = [];
  for (let round = 0; round < 60; round++) {
    const doc = docs[below(random, 3)] ?? docOf(9);
    const other = docs[below(random, 3)] ?? docOf(9);
    if (random() < 0.2) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)));
    else updates.push(...updatesOf(doc, () => editAtRandom(doc, random, edits)));
  }
  const doc = docOf(1);
  for (const update of updates) Y.applyUpdate(doc, update);
  return { doc, updates };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const add = (coverage: Coverage, update: Uint8Array): void => coverage.add(decodeUpdateContent(update));
const covers = (coverage: Coverage, update: Uint8Array): boolean => coverage.covers(decodeUpdateContent(update));
const stateVectorOf = (coverage: Coverage): Map<number, number> => Y.decodeStateVector(coverage.encodeStateVector());

describe.each(Array.from({ length: 20 }, (_, seed) => ({ seed })))('with the history of seed $seed', ({ seed }) => {
  const { doc, updates } = history(seed);
  const stateVector = Y.decodeStateVector(Y.encodeStateVector(doc));

  test("the state vector is Yjs' after every update", () => {
    const coverage = new Coverage();
    const follower = docOf(2);
    for (const update of updates) {
      add(coverage, update);
      Y.applyUpdate(follower, update);
      if (follower.store.pendingStructs !== null) continue; // Yjs counts no further than what it could apply
      expect(stateVectorOf(coverage)).toEqual(Y.decodeStateVector(Y.encodeStateVector(follower)));
    }
    expect(stateVectorOf(coverage)).toEqual(stateVector);
  });

  test('the order of the updates, and updates that come twice, make no difference', () => {
    const random = seededRandom(seed);
    const coverage = new Coverage();
    for (const update of shuffled([...updates, ...updates.slice(10, 30)], random)) add(coverage, update);
    expect(stateVectorOf(coverage)).toEqual(stateVector);
    for (const update of updates) expect(covers(coverage, update)).toBe(true);
  });

  test('a full state that is sent again holds nothing new', () => {
    const peaceful = history(seed, PEACEFUL_EDITS);
    const coverage = new Coverage();
    for (const update of peaceful.updates) add(coverage, update);
    expect(covers(coverage, Y.encodeStateAsUpdate(peaceful.doc))).toBe(true);
    expect(covers(coverage, Y.mergeUpdates(peaceful.updates))).toBe(true);
    const deletions = Y.encodeStateAsUpdate(peaceful.doc, Y.encodeStateVector(peaceful.doc));
    expect(covers(coverage, deletions)).toBe(true);
    expect(coverage.covers(decodeUpdateContentV2(Y.encodeStateAsUpdateV2(peaceful.doc)))).toBe(true);
  });

  test('a full state holds at most what Yjs deleted by itself, and that is new only once', () => {
    const coverage = new Coverage();
    for (const update of updates) add(coverage, update);
    const whole = decodeUpdateContent(Y.encodeStateAsUpdate(doc));
    expect(coverage.covers({ ...whole, deleted: [] })).toBe(true);
    coverage.add(whole);
    expect(covers(coverage, Y.encodeStateAsUpdate(docOf(2, Y.encodeStateAsUpdate(doc))))).toBe(true);
    expect(covers(coverage, Y.mergeUpdates(updates))).toBe(true);
  });

  test('the full state in place of its updates covers each of them', () => {
    const coverage = new Coverage();
    coverage.add(decodeUpdateContentV2(Y.encodeStateAsUpdateV2(doc)));
    for (const update of updates) expect(covers(coverage, update)).toBe(true);
    expect(stateVectorOf(coverage)).toEqual(stateVector);
  });

  test('the next edit, insertion or deletion, is new', () => {
    const coverage = new Coverage();
    add(coverage, Y.encodeStateAsUpdate(doc));
    const random = seededRandom(seed + 1000);
    const next = docOf(11, Y.encodeStateAsUpdate(doc));
    for (let round = 0; round < 20; round++) {
      for (const update of updatesOf(next, () => editAtRandom(next, random))) {
        expect(covers(coverage, update)).toBe(false);
        add(coverage, update);
        expect(covers(coverage, update)).toBe(true);
      }
    }
    expect(covers(coverage, Y.encodeStateAsUpdate(next))).toBe(true);
  });

  test('V1 and V2 updates have the same content', () => {
    const ordered = ({ inserted, deleted }: ReturnType<typeof decodeUpdateContent>) =>
      [inserted, deleted].map((runs) => runs.map((run) => JSON.stringify(run)).sort());
    expect(ordered(decodeUpdateContentV2(Y.encodeStateAsUpdateV2(doc)))).toEqual(
      ordered(decodeUpdateContent(Y.encodeStateAsUpdate(doc))),
    );
  });
});

test('what an update inserts and deletes is told as runs', () => {
  const doc = docOf(5);
  doc.getText('t').insert(0, 'abcdef');
  const [deletion = new Uint8Array()] = updatesOf(doc, () => doc.getText('t').delete(2, 3));
  expect(decodeUpdateContent(deletion)).toEqual({ inserted: [], deleted: [{ client: 5, clock: 2, length: 3 }] });
  expect(decodeUpdateContent(Y.encodeStateAsUpdate(docOf(1, Y.encodeStateAsUpdate(doc))))).toEqual({
    inserted: [
      { client: 5, clock: 0, length: 2 },
      { client: 5, clock: 2, length: 3 },
      { client: 5, clock: 5, length: 1 },
    ],
    deleted: [{ client: 5, clock: 2, length: 3 }],
  });
});

test('an update of nothing is covered by nothing', () => {
  const empty = decodeUpdateContent(fromHex('00 00'));
  expect(empty).toEqual({ inserted: [], deleted: [] });
  expect(new Coverage().covers(empty)).toBe(true);
  expect(new Coverage().encodeStateVector()).toEqual(Uint8Array.of(0));
});

describe('after a gap', () => {
  const doc = docOf(5);
  const updates = updatesOf(doc, () => {
    for (const letter of 'abcdef') doc.getText('t').insert(0, letter);
  });
  const [a, b, c, d, e, f] = updates as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

  test('the state vector ends before it, so that what is missing is asked for', () => {
    const coverage = new Coverage();
    for (const update of [a, b, d, e]) add(coverage, update);
    expect([...stateVectorOf(coverage)]).toEqual([[5, 2]]);
  });

  test('what came behind it counts as seen all the same', () => {
    const coverage = new Coverage();
    for (const update of [a, b, d, e]) add(coverage, update);
    expect([a, b, c, d, e, f].map((update) => covers(coverage, update))).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  test('what fills it makes the state vector whole', () => {
    const coverage = new Coverage();
    for (const update of [d, e, a, b, c]) add(coverage, update);
    expect([...stateVectorOf(coverage)]).toEqual([[5, 5]]);
  });

  test('a client of whom only later updates came is not in the state vector at all', () => {
    const coverage = new Coverage();
    add(coverage, d);
    expect(coverage.encodeStateVector()).toEqual(Uint8Array.of(0));
  });

  test('the Skip that Yjs writes for it in a merged update is not taken for content', () => {
    const merged = Y.mergeUpdates([a, d, f]);
    expect(Y.decodeUpdate(merged).structs.some((struct) => struct instanceof Y.Skip)).toBe(true);
    const coverage = new Coverage();
    add(coverage, merged);
    expect([a, b, c, d, e, f].map((update) => covers(coverage, update))).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
    expect([...stateVectorOf(coverage)]).toEqual([[5, 1]]);
  });

  test('a document that holds back what came behind it is written with all of it', () => {
    const waiting = docOf(1);
    for (const update of [a, d, f]) Y.applyUpdate(waiting, update);
    const coverage = new Coverage();
    coverage.add(decodeUpdateContentV2(Y.encodeStateAsUpdateV2(waiting)));
    expect([a, d, f].map((update) => covers(coverage, update))).toEqual([true, true, true]);
    expect(covers(coverage, b)).toBe(false);
  });
});

describe('a deletion', () => {
  const doc = docOf(5);
  const [insertion = new Uint8Array()] = updatesOf(doc, () => doc.getText('t').insert(0, 'abc'));
  const [deletion = new Uint8Array()] = updatesOf(doc, () => doc.getText('t').delete(1, 1));

  test('is new though it inserts nothing', () => {
    const coverage = new Coverage();
    add(coverage, insertion);
    expect(covers(coverage, deletion)).toBe(false);
    expect(covers(coverage, Y.encodeStateAsUpdate(doc))).toBe(false);
  });

  test('that came before what it deletes counts as seen', () => {
    const coverage = new Coverage();
    add(coverage, deletion);
    expect(covers(coverage, deletion)).toBe(true);
    expect(covers(coverage, insertion)).toBe(false);
  });

  test('is not covered by the insertion of the same clocks, nor the insertion by it', () => {
    const deleted = new Coverage();
    deleted.add({ inserted: [], deleted: [{ client: 5, clock: 0, length: 3 }] });
    expect(covers(deleted, insertion)).toBe(false);
    expect(deleted.encodeStateVector()).toEqual(Uint8Array.of(0));
  });
});

describe('an update is malformed', () => {
  const { doc } = history(1);
  const whole = Y.encodeStateAsUpdate(doc);

  test('when it is cut off anywhere', () => {
    for (let length = 0; length < whole.length; length++) {
      expect([length, errorCode(() => decodeUpdateContent(whole.slice(0, length)))]).toEqual([
        length,
        'MALFORMED_UPDATE',
      ]);
    }
  });

  test('when it is a V2 update that is cut off', () => {
    const v2 = Y.encodeStateAsUpdateV2(doc);
    expect(errorCode(() => decodeUpdateContentV2(v2.slice(0, v2.length / 2)))).toBe('MALFORMED_UPDATE');
    expect(errorCode(() => decodeUpdateContentV2(new Uint8Array()))).toBe('MALFORMED_UPDATE');
  });

  test.each([
    ['with a number that never ends', 'ff ff ff ff ff ff ff ff ff ff ff'],
    ['with 2^53 clients that are not there', 'ff ff ff ff ff ff ff 0f 00'],
    ['with a kind of content that Yjs does not know', '01 01 05 00 0f 01 01 74 00'],
    ['with a kind of type that Yjs does not know', '01 01 05 00 07 01 01 74 1f 00'],
    ['with text that is not UTF-8', '01 01 05 00 04 01 01 74 01 ff 00'],
    ['with JSON that is none', '01 01 05 00 05 01 01 74 01 7b 00'],
  ])('%s', (_, hex) => {
    expect(errorCode(() => decodeUpdateContent(fromHex(hex)))).toBe('MALFORMED_UPDATE');
  });

  // These Yjs decodes; but it throws, some at once and some when it writes them, in everybody who opens the document.
  test.each([
    ['with an item whose left neighbour is itself', '01 01 05 00 84 05 00 01 61 00'],
    ['with an item whose left neighbour comes later', '01 01 05 00 84 05 07 01 61 00'],
    ['with an item whose right neighbour comes later', '01 01 05 00 44 05 07 01 61 00'],
    ['with an item inside of a later one', '01 01 05 00 04 00 05 07 01 61 00'],
    ['with an item of no length', '01 02 05 00 04 01 01 74 00 84 05 00 01 61 00'],
    ['with a deleted item of no length', '01 01 05 00 01 01 01 74 00 00'],
    ['with garbage of no length', '01 01 05 00 00 00 00'],
    ['with a deletion of no length', '00 01 05 01 02 00'],
  ])('%s', (_, hex) => {
    const update = fromHex(hex);
    expect(() => Y.decodeUpdate(update)).not.toThrow();
    expect(errorCode(() => decodeUpdateContent(update))).toBe('MALFORMED_UPDATE');
  });
});

test('what is taken of randomly damaged updates can be applied, written and read again by Yjs', () => {
  const random = seededRandom(3);
  const before = docOf(5);
  before.getText('t').insert(0, 'abc');
  before.getText('t').delete(1, 1);
  before.getMap('m').set('k', { a: [1, 'x'] });
  const xml = new Y.XmlElement('p');
  before.getXmlFragment('x').push([xml]);
  xml.setAttribute('q', '1');
  const after = docOf(6, Y.encodeStateAsUpdate(before));
  after.getText('t').format(0, 1, { b: true });
  after.getText('t').delete(0, 1);
  after.getArray('a').push([new Y.Map(), Uint8Array.of(1, 2)]);
  const base = Y.encodeStateAsUpdate(before);
  const originals = [base, Y.encodeStateAsUpdate(after), Y.encodeStateAsUpdate(after, Y.encodeStateVector(before))];
  const ELSEWHERE = 2 ** 40; // a client id that no damage makes up
  let taken = 0;
  for (let round = 0; round < 12_000; round++) {
    const update = originals[round % 3]?.slice() ?? base;
    for (let change = 0; change <= random() * 2; change++) update[below(random, update.length)] = below(random, 256);
    const code = errorCode(() => decodeUpdateContent(update));
    if (code !== undefined) {
      expect(code).toBe('MALFORMED_UPDATE');
      continue;
    }
    taken++;
    const doc = docOf(ELSEWHERE, round % 3 === 2 ? base : undefined);
    Y.applyUpdate(doc, update);
    Y.applyUpdateV2(docOf(ELSEWHERE), Y.encodeStateAsUpdateV2(doc));
    Y.applyUpdate(docOf(ELSEWHERE), Y.encodeStateAsUpdate(doc));
  }
  expect(taken).toBeGreaterThan(1_000);
  expect(taken).toBeLessThan(11_000);
});
