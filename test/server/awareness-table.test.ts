import { expect, test } from 'vitest';
import { AwarenessTable } from '../../server/awareness-table.ts';

const entry = (clientId: number, clock: number, state: string | null = '{}') => ({
  clientId,
  clock,
  state: state ?? 'null',
});

test('newer states replace older ones, and only news is passed on', () => {
  const table = new AwarenessTable<string>();
  expect(table.apply('ada', [entry(1, 1)], false).changed).toEqual([entry(1, 1)]);
  expect(table.apply('ada', [entry(1, 1)], false).changed).toEqual([]);
  expect(table.apply('ada', [entry(1, 3, '{"x":1}')], false).changed).toEqual([entry(1, 3, '{"x":1}')]);
  expect(table.apply('ada', [entry(1, 2)], false).changed).toEqual([]);
  expect(table.entries()).toEqual([entry(1, 3, '{"x":1}')]);
});

test('a client id belongs to who used it first: others can neither change nor remove it', () => {
  const table = new AwarenessTable<string>();
  table.apply('ada', [entry(1, 1)], false);
  expect(table.apply('eve', [entry(1, 9, '{"name":"Ada"}')], false)).toEqual({ changed: [], corrections: [] });
  expect(table.apply('eve', [entry(1, 9, null)], false).changed).toEqual([]);
  expect(table.entries()).toEqual([entry(1, 1)]);
});

test('what belongs to an owner goes with it, and who claimed it meanwhile is named', () => {
  const table = new AwarenessTable<string>();
  table.apply('tab one', [entry(1, 1), entry(2, 5)], false);
  table.apply('tab two', [entry(2, 6)], false);
  const { removed, claimants } = table.removeOwner('tab one');
  expect(removed).toEqual([entry(1, 1, null), entry(2, 5, null)]);
  expect([...claimants]).toEqual(['tab two']);
  expect(table.apply('tab two', [entry(2, 6)], false).changed).toEqual([entry(2, 6)]);
});

test('a client that comes back with a clock that is used up is told so, since nobody would listen', () => {
  const table = new AwarenessTable<string>();
  table.apply('ada', [entry(1, 7)], false);
  table.removeOwner('ada');
  expect(table.apply('ada again', [entry(1, 7)], false)).toEqual({ changed: [], corrections: [entry(1, 7, null)] });
  expect(table.apply('ada again', [entry(1, 8)], false)).toEqual({ changed: [entry(1, 8)], corrections: [] });
});

test('a new client is made to count on where others may remember it', () => {
  const table = new AwarenessTable<string>();
  expect(table.apply('ada', [entry(1, 4)], true)).toEqual({ changed: [entry(1, 4)], corrections: [entry(1, 4, null)] });
});

test('the removal of a client that is not there says nothing', () => {
  const table = new AwarenessTable<string>();
  expect(table.apply('ada', [entry(1, 4, null)], true)).toEqual({ changed: [], corrections: [] });
  expect(table.entries()).toEqual([]);
});
