import { expect, test } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { CommitPacer } from '../../server/commit-pacer.ts';

/** A clock that a test moves, with all that is due run at each millisecond. */
function movedClock() {
  let now = 1_000;
  let due: { readonly at: number; run(): void }[] = [];
  const add = (at: number, run: () => void) => {
    const timer = { at, run };
    due.push(timer);
    return () => {
      due = due.filter((other) => other !== timer);
    };
  };
  const clock: Clock = {
    now: () => now,
    defer: (run) => void add(now, run),
    after: (delayMs, run) => add(now + delayMs, run),
  };
  return {
    clock,
    async tick() {
      const ready = due.filter(({ at }) => at <= now);
      due = due.filter(({ at }) => at > now);
      for (const { run } of ready) run();
      await Promise.resolve();
      now++;
    },
  };
}

/** Lets so many edits come in each millisecond for a second, and tells how many commits that made, and the longest wait. */
async function commitsAt(perMs: number, coreLoad = 0): Promise<{ commits: number; longestWaitMs: number }> {
  const { clock, tick } = movedClock();
  const pacer = new CommitPacer(clock, () => coreLoad);
  const commits = new Set<Promise<void>>();
  let longestWaitMs = 0;
  let waitingSince: number | undefined;
  for (let ms = 0, edits = 0; ms < 1_000; ms++) {
    for (; edits < (ms + 1) * perMs; edits++) {
      pacer.arrived();
      waitingSince ??= clock.now();
    }
    if (waitingSince !== undefined) {
      const since = waitingSince;
      waitingSince = undefined;
      const turn = pacer.turn();
      commits.add(turn);
      void turn.then(() => {
        longestWaitMs = Math.max(longestWaitMs, clock.now() - since);
      });
    }
    await tick();
  }
  return { commits: commits.size, longestWaitMs };
}

test('an edit now and then is committed at once', async () => {
  expect(await commitsAt(1 / 50)).toEqual({ commits: 20, longestWaitMs: 0 });
});

test('where many edits come, commits are 20 ms apart, and no edit waits longer', async () => {
  const { commits, longestWaitMs } = await commitsAt(1);
  expect(commits).toBeGreaterThan(40);
  expect(commits).toBeLessThan(110);
  expect(longestWaitMs).toBeLessThanOrEqual(20);
});

test('on a busy core they are 100 ms apart, and no edit waits longer', async () => {
  const { commits, longestWaitMs } = await commitsAt(1, 0.4);
  expect(commits).toBeGreaterThan(9);
  expect(commits).toBeLessThan(40);
  expect(longestWaitMs).toBeLessThanOrEqual(100);
});

test('on a busy core a pause of a few milliseconds ends no wait', async () => {
  const [idle, busy] = [await commitsAt(1 / 5), await commitsAt(1 / 5, 0.4)];
  expect(idle.commits).toBeGreaterThan(100);
  expect(busy.commits).toBeLessThan(60);
  expect(busy.longestWaitMs).toBeLessThanOrEqual(100);
});

test('where those who type wait for their answers, a commit begins when a pause shows it', async () => {
  const { clock, tick } = movedClock();
  const pacer = new CommitPacer(clock, () => 0);
  const startedAt = clock.now();
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < 32; i++) pacer.arrived();
    let begun = false;
    void pacer.turn().then(() => {
      begun = true;
    });
    while (!begun) await tick();
  }
  expect((clock.now() - startedAt) / 50).toBeLessThanOrEqual(5);
});

test('1,024 edits do not wait for more', async () => {
  const { clock, tick } = movedClock();
  const pacer = new CommitPacer(clock, () => 0);
  for (let round = 0; round < 50; round++) {
    let begun = false;
    pacer.arrived();
    void pacer.turn().then(() => {
      begun = true;
    });
    for (let i = 1; i < 1_024; i++) pacer.arrived();
    await tick();
    expect(begun).toBe(true);
  }
});

test('all who wait for the same commit begin together', async () => {
  const { clock, tick } = movedClock();
  const pacer = new CommitPacer(clock, () => 0);
  pacer.arrived();
  const [a, b] = [pacer.turn(), pacer.turn()];
  expect(a).toBe(b);
  await tick();
  await a;
  expect(pacer.turn()).not.toBe(a);
});
