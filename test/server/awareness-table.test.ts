import { expect, test } from 'vitest';
import { AwarenessTable } from '../../server/awareness-table.ts';

const LIMITS = { maxAwarenessBytes: 40, maxAwarenessClients: 3 };

const entry = (clientId: number, clock: number, state: string | null = '{}') => ({
  clientId,
  clock,
  state: state ?? 'null',
});

test('newer states replace older ones, and only news is passed on', () => {
  const table = new AwarenessTable<string>(LIMITS);
  expect(table.apply('ada', [entry(1, 1)], false).changed).toEqual([entry(1, 1)]);
  expect(table.apply('ada', [entry(1, 1)], false).changed).toEqual([]);
  expect(table.apply('ada', [entry(1, 3, '{"x":1}')], false).changed).toEqual([entry(1, 3, '{"x":1}')]);
  expect(table.apply('ada', [entry(1, 2)], false).changed).toEqual([]);
  expect(table.entries()).toEqual([entry(1, 3, '{"x":1}')]);
});

test('a client id belongs to who used it first: others can neither change nor remove it', () => {
  const table = new AwarenessTable<string>(LIMITS);
  table.apply('ada', [entry(1, 1)], false);
  expect(table.apply('eve', [entry(1, 9, '{"name":"Ada"}')], false)).toEqual({ changed: [], corrections: [] });
  expect(table.apply('eve', [entry(1, 9, null)], false).changed).toEqual([]);
  expect(table.entries()).toEqual([entry(1, 1)]);
});

test('what belongs to an owner goes with it, and who claimed it meanwhile is named', () => {
  const table = new AwarenessTable<string>(LIMITS);
  table.apply('tab one', [entry(1, 1), entry(2, 5)], false);
  table.apply('tab two', [entry(2, 6)], false);
  const { removed, claimants } = table.removeOwner('tab one');
  expect(removed).toEqual([entry(1, 1, null), entry(2, 5, null)]);
  expect([...claimants]).toEqual(['tab two']);
  expect(table.apply('tab two', [entry(2, 6)], false).changed).toEqual([entry(2, 6)]);
});

test('a client that comes back with a clock that is used up is told so, since nobody would listen', () => {
  const table = new AwarenessTable<string>(LIMITS);
  table.apply('ada', [entry(1, 7)], false);
  table.removeOwner('ada');
  expect(table.apply('ada again', [entry(1, 7)], false)).toEqual({ changed: [], corrections: [entry(1, 7, null)] });
  expect(table.apply('ada again', [entry(1, 8)], false)).toEqual({ changed: [entry(1, 8)], corrections: [] });
});

test('a new client is made to count on where others may remember it', () => {
  const table = new AwarenessTable<string>(LIMITS);
  expect(table.apply('ada', [entry(1, 4)], true)).toEqual({ changed: [entry(1, 4)], corrections: [entry(1, 4, null)] });
});

test('the removal of a client that is not there says nothing', () => {
  const table = new AwarenessTable<string>(LIMITS);
  expect(table.apply('ada', [entry(1, 4, null)], true)).toEqual({ changed: [], corrections: [] });
  expect(table.entries()).toEqual([]);
});

test('a state that is too large is not taken, and the sender is told; the one before stays', () => {
  const table = new AwarenessTable<string>(LIMITS);
  const before = entry(1, 1, '{"x":"é"}');
  table.apply('ada', [before], false);
  const fits = entry(2, 1, `{"x":"${'é'.repeat(16)}"}`);
  expect(table.apply('ada', [fits], true)).toMatchObject({ changed: [fits], refused: undefined });
  const large = `{"x":"${'é'.repeat(17)}"}`;
  for (const client of [1, 3]) {
    const { changed, corrections, refused } = table.apply('ada', [entry(client, 2, large)], true);
    expect([changed, corrections, refused?.code]).toEqual([[], [], 'AWARENESS_TOO_LARGE']);
  }
  expect(table.entries()).toEqual([before, fits]);
});

test('an owner has a bounded number of clients at once; one that left makes room, and other owners have their own', () => {
  const table = new AwarenessTable<string>(LIMITS);
  const [a, b, c, d] = [1, 2, 3, 4].map((client) => entry(client, 1));
  if (!(a && b && c && d)) throw new TypeError('four entries');
  const first = table.apply('ada', [a, b, c, d], true);
  expect([first.changed, first.refused?.code]).toEqual([[a, b, c], 'AWARENESS_TOO_LARGE']);
  expect(table.apply('ada', [entry(1, 2, '{"y":1}')], false).refused).toBeUndefined();
  expect(table.apply('ben', [d], false).changed).toEqual([d]);
  table.apply('ada', [entry(2, 2, null)], false);
  expect(table.apply('ada', [entry(5, 1), entry(6, 1)], false).changed).toEqual([entry(5, 1)]);
  table.removeOwner('ada');
  expect(table.apply('ada', [entry(7, 1), entry(8, 1), entry(9, 1)], false).changed).toHaveLength(3);
});
