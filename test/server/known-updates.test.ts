import { expect, test } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { KnownUpdates } from '../../server/known-updates.ts';

/** A clock whose timers run when the test says so. */
function stoppedClock() {
  const due: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    defer: (run) => void due.push(run),
    after: (_, run) => {
      due.push(run);
      return () => void due.splice(due.indexOf(run), 1);
    },
  };
  return {
    clock,
    runAll() {
      for (const run of due.splice(0)) run();
    },
  };
}

test('the same bytes are known, wherever they lie, until a moment is over', () => {
  const { clock, runAll } = stoppedClock();
  const known = new KnownUpdates(clock);
  const received = Uint8Array.of(9, 1, 2, 3, 9);
  known.keep(received.subarray(1, 4));
  received.fill(0);
  expect(known.has(Uint8Array.of(1, 2, 3))).toBe(true);
  expect(known.has(Uint8Array.of(1, 2, 4))).toBe(false);
  expect(known.has(Uint8Array.of(1, 2, 3, 4))).toBe(false);
  runAll();
  expect(known.has(Uint8Array.of(1, 2, 3))).toBe(false);
});

test('a few are remembered, the newest ones, and none that is large', () => {
  const known = new KnownUpdates(stoppedClock().clock);
  for (let i = 0; i < 100; i++) known.keep(Uint8Array.of(i));
  const remembered = Array.from({ length: 100 }, (_, i) => i).filter((i) => known.has(Uint8Array.of(i)));
  expect(remembered).toEqual([92, 93, 94, 95, 96, 97, 98, 99]);
  known.keep(new Uint8Array(1_000_000));
  expect(known.has(new Uint8Array(1_000_000))).toBe(false);
});

test('the same is looked up after the first, also where that fails; anything else is at once', async () => {
  const known = new KnownUpdates(stoppedClock().clock);
  const log: string[] = [];
  let fail = (_: Error): void => {};
  const failing = new Promise<void>((_, reject) => {
    fail = reject;
  });
  const first = known.afterSame(Uint8Array.of(1), () => {
    log.push('first');
    return failing;
  });
  const second = known.afterSame(Uint8Array.of(1), () => void log.push('second'));
  expect(known.afterSame(Uint8Array.of(2), () => void log.push('other'))).toBeUndefined();
  expect(log).toEqual(['first', 'other']);
  fail(new Error('the store is away'));
  await expect(first).rejects.toThrow('the store is away');
  await second;
  expect(log).toEqual(['first', 'other', 'second']);
  expect(known.afterSame(Uint8Array.of(1), () => void log.push('third'))).toBeUndefined();
});
