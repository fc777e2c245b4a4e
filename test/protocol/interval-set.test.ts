import { describe, expect, test } from 'vitest';
import { IntervalSet } from '../../protocol/interval-set.ts';
import { seededRandom } from '../support/random.ts';

test('an empty set covers nothing but nothing', () => {
  const set = new IntervalSet();
  expect(set.covers(0, 1)).toBe(false);
  expect(set.covers(5, 5)).toBe(true);
  expect(set.prefix).toBe(0);
});

test('intervals that touch or overlap become one', () => {
  const set = new IntervalSet();
  set.add(0, 3);
  set.add(6, 9);
  expect(set.covers(0, 9)).toBe(false);
  expect(set.prefix).toBe(3);
  set.add(3, 6);
  expect(set.covers(0, 9)).toBe(true);
  expect(set.prefix).toBe(9);
});

test('an interval that spans several takes them in', () => {
  const set = new IntervalSet();
  for (const start of [2, 4, 6, 8]) set.add(start, start + 1);
  set.add(3, 8);
  expect(set.covers(2, 9)).toBe(true);
  expect(set.covers(1, 3)).toBe(false);
  expect(set.covers(8, 10)).toBe(false);
});

test('there is no prefix without a zero', () => {
  const set = new IntervalSet();
  set.add(1, 100);
  expect(set.prefix).toBe(0);
});

test('empty and backward intervals add nothing', () => {
  const set = new IntervalSet();
  set.add(3, 3);
  set.add(5, 2);
  expect(set.covers(2, 3)).toBe(false);
  expect(set.covers(3, 4)).toBe(false);
});

test('large numbers are no different', () => {
  const set = new IntervalSet();
  const end = Number.MAX_SAFE_INTEGER;
  set.add(end - 10, end);
  set.add(0, 2 ** 40);
  expect(set.covers(end - 10, end)).toBe(true);
  expect(set.covers(end - 11, end)).toBe(false);
  expect(set.prefix).toBe(2 ** 40);
});

describe('in any order of intervals it is the same as a set of numbers', () => {
  const SIZE = 60;

  test.each(Array.from({ length: 50 }, (_, seed) => seed))('seed %d', (seed) => {
    const random = seededRandom(seed);
    const below = (n: number) => Math.floor(random() * n);
    const longest = 1 + below(12);
    const set = new IntervalSet();
    const naive = new Set<number>();
    for (let round = 0; round < 60; round++) {
      const start = below(SIZE);
      const end = start + below(longest + 1);
      set.add(start, end);
      for (let n = start; n < end; n++) naive.add(n);

      let prefix = 0;
      while (naive.has(prefix)) prefix++;
      expect(set.prefix).toBe(prefix);
      for (let from = 0; from < SIZE + longest; from++) {
        // As far as the numbers from here on are in the set, and no further.
        let to = from;
        while (naive.has(to)) to++;
        if (set.covers(from, to) && !set.covers(from, to + 1)) continue;
        expect.fail(`after add(${start}, ${end}), covers(${from}, ${to}) or covers(${from}, ${to + 1}) is wrong`);
      }
    }
  });
});

describe('many at once are the same as one by one', () => {
  test.each(Array.from({ length: 50 }, (_, seed) => seed))('seed %d', (seed) => {
    const random = seededRandom(seed);
    const below = (n: number) => Math.floor(random() * n);
    const one = new IntervalSet();
    const many = new IntervalSet();
    for (let round = 0; round < 10; round++) {
      const intervals = Array.from({ length: below(12) }, () => {
        const start = below(200);
        return { start, end: start + below(9) };
      }).sort((a, b) => a.start - b.start);
      for (const { start, end } of intervals) one.add(start, end);
      many.addSorted(intervals);
      expect(many.size).toBe(one.size);
      for (let n = 0; n < 210; n++) expect([n, many.covers(n, n + 1)]).toEqual([n, one.covers(n, n + 1)]);
    }
  });
});
