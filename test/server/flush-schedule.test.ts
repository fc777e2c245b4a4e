import { expect, test } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { FlushSchedule } from '../../server/flush-schedule.ts';

/** A schedule with a clock that can be set, and timers that go by time that passes. */
function schedule() {
  let set = 1_000_000;
  let passed = 0;
  let due: { readonly at: number; run(): void }[] = [];
  const after = (delayMs: number, run: () => void) => {
    const timer = { at: passed + delayMs, run };
    due.push(timer);
    return () => {
      due = due.filter((other) => other !== timer);
    };
  };
  const clock: Clock = { now: () => set + passed, defer: (run) => void after(0, run), after };
  const flushedAt: number[] = [];
  const flushes = new FlushSchedule({ clock, coreLoad: () => 1 }, () => flushedAt.push(passed));
  return {
    flushes,
    flushedAt,
    setBack(ms: number) {
      set -= ms;
    },
    pass(ms: number) {
      for (const end = passed + ms; passed < end; passed++) {
        const ready = due.filter(({ at }) => at <= passed);
        due = due.filter(({ at }) => at > passed);
        for (const { run } of ready) run();
      }
    },
  };
}

test('what may wait goes out with what comes, or after its time', () => {
  const { flushes, flushedAt, pass } = schedule();
  flushes.within(50);
  pass(10);
  flushes.soon(1, 5);
  pass(10);
  expect(flushedAt).toEqual([10]);
  flushes.within(50);
  pass(100);
  expect(flushedAt).toEqual([10, 70]);
  flushes.within(1_000);
  flushes.within(50);
  pass(100);
  expect(flushedAt).toEqual([10, 70, 170]);
});

test('nothing waits when the room is left', () => {
  const { flushes, flushedAt, pass } = schedule();
  flushes.within(50);
  flushes.stopWaiting();
  pass(100);
  expect(flushedAt).toEqual([]);
});

test('a clock that is set back holds nothing up', () => {
  const { flushes, flushedAt, setBack, pass } = schedule();
  for (let i = 0; i < 100; i++) {
    flushes.soon(10, 50);
    pass(10);
  }
  const before = flushedAt.length;
  setBack(3_600_000);
  flushes.soon(1, 50);
  pass(50);
  expect(flushedAt.length).toBeGreaterThan(before);
  flushes.within(50);
  pass(1);
  setBack(3_600_000);
  const waiting = flushedAt.length;
  pass(150);
  expect(flushedAt.length).toBeGreaterThan(waiting);
});
