import { expect, test } from 'vitest';
import { TokenBucket } from '../../server/token-bucket.ts';

test("ten seconds' worth may be taken at once; of what is taken beyond it, it tells how long that has to be waited for", () => {
  const bucket = new TokenBucket(100, 0);
  expect(bucket.take(1_000, 0)).toBe(0);
  expect(bucket.take(1, 0)).toBe(10);
  expect(bucket.take(49, 0)).toBe(500);
  expect(bucket.take(0, 300)).toBeCloseTo(200);
  expect(bucket.take(0, 500)).toBe(0);
  expect(bucket.take(100, 1_500)).toBe(0);
  expect(bucket.take(1, 1_500)).toBe(10);
});

test('it fills up to its bound and no further', () => {
  const bucket = new TokenBucket(10, 0);
  bucket.take(50, 0);
  expect([bucket.isFull(4_999), bucket.isFull(5_000)]).toEqual([false, true]);
  expect(bucket.take(100, 1_000_000)).toBe(0);
  expect(bucket.take(1, 1_000_000)).toBe(100);
});

test('one that is switched off is never empty', () => {
  const bucket = new TokenBucket(Number.MAX_SAFE_INTEGER, 0);
  for (let i = 0; i < 1_000; i++) expect(bucket.take(1_000_000, i)).toBe(0);
});
