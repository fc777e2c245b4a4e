import { expect, test } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { CompactionSchedule } from '../../server/compaction-schedule.ts';

/** A clock that stands still until it is told otherwise. */
function standingClock() {
  let now = 0;
  const timers = new Set<{ readonly at: number; run(): void }>();
  const clock: Clock = {
    now: () => now,
    defer: queueMicrotask,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  return {
    clock,
    async pass(ms: number) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.run();
      }
      await Promise.resolve();
    },
  };
}

/** A schedule whose compactions end when they are told to. */
function scheduled() {
  const { clock, pass } = standingClock();
  const running: { resolve(): void; reject(error: unknown): void }[] = [];
  const errors: unknown[] = [];
  let begun = 0;
  const schedule = new CompactionSchedule(
    clock,
    () => {
      begun++;
      return new Promise((resolve, reject) => running.push({ resolve, reject }));
    },
    (error) => errors.push(error),
  );
  const settled = async () => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return {
    schedule,
    pass,
    errors,
    begun: () => begun,
    async end() {
      running.shift()?.resolve();
      await settled();
    },
    async fail() {
      running.shift()?.reject(new Error('the worker broke'));
      await settled();
    },
  };
}

test('after a compaction of 100 ms the next one begins 3 s later, if it came due meanwhile', async () => {
  const { schedule, pass, begun, end } = scheduled();
  schedule.request();
  await pass(100);
  await end();
  schedule.request();
  await pass(2_999);
  expect(begun()).toBe(1);
  await pass(1);
  expect(begun()).toBe(2);
});

test('after a long one it begins 15 s later', async () => {
  const { schedule, pass, begun, end } = scheduled();
  schedule.request();
  await pass(4_000);
  await end();
  schedule.request();
  await pass(14_999);
  expect(begun()).toBe(1);
  await pass(1);
  expect(begun()).toBe(2);
});

test('a rest in which nothing came due ends without a compaction', async () => {
  const { schedule, pass, begun, end } = scheduled();
  schedule.request();
  schedule.request(); // while it runs: what it takes with it is not known yet
  await pass(100);
  await end();
  await pass(10_000);
  expect(begun()).toBe(1);
  schedule.request();
  expect(begun()).toBe(2);
});

test('a last compaction does not wait for the rest', async () => {
  const { schedule, pass, begun, end } = scheduled();
  schedule.request();
  await pass(1_000);
  await end();
  const finished = schedule.finish();
  await pass(0);
  expect(begun()).toBe(2);
  await end();
  await finished;
});

test('after a failure it is tried again by itself, each time later, also when it was to be the last', async () => {
  const { schedule, pass, begun, errors, fail } = scheduled();
  schedule.request();
  await fail();
  expect(errors).toHaveLength(1);
  await schedule.finish();
  expect(begun()).toBe(1);
  await pass(1_000);
  expect(begun()).toBe(2);
  await fail();
  await pass(1_999);
  expect(begun()).toBe(2);
  await pass(1);
  expect(begun()).toBe(3);
});

test('once stopped it begins nothing', async () => {
  const { schedule, pass, begun, end } = scheduled();
  schedule.request();
  await pass(100);
  await end();
  schedule.request();
  schedule.stop();
  await pass(10_000);
  schedule.request();
  await schedule.finish();
  expect(begun()).toBe(1);
});
