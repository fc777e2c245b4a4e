import { expect, test } from 'vitest';
import { Samples } from '../../bench/generator/samples.ts';

test('tells percentiles of many values, also when more come afterwards', () => {
  const samples = new Samples();
  expect(samples.percentile(0.5)).toBeNaN();
  for (let i = 200_000; i > 0; i--) samples.add(i);
  expect(samples.percentile(0)).toBe(1);
  expect(samples.percentile(0.5)).toBe(100_001);
  expect(samples.percentile(0.99)).toBe(198_001);
  expect(samples.percentile(1)).toBe(200_000);
  samples.add(0);
  expect(samples.percentile(0)).toBe(0);
  expect(samples.count).toBe(200_001);
});
