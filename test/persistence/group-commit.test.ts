import { describe, expect, test } from 'vitest';
import { GroupCommit, type Outcome } from '../../persistence/group-commit.ts';

/** A commit under way: the writes of its group, and how it is to end. */
interface Commit {
  readonly writes: readonly string[];
  /** Answers each write with itself in upper case. */
  succeed(): void;
  answer(outcomes: readonly Outcome<string>[]): void;
  fail(error: unknown): void;
}

function setUp(maxGroupBytes = Number.POSITIVE_INFINITY) {
  const begun: Commit[] = [];
  const waiting: ((commit: Commit) => void)[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const group = new GroupCommit<string, string>((writes) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    return new Promise<readonly Outcome<string>[]>((resolve, reject) => {
      const commit: Commit = {
        writes,
        succeed: () => resolve(writes.map((write) => ({ result: write.toUpperCase() }))),
        answer: resolve,
        fail: reject,
      };
      const taker = waiting.shift();
      if (taker) taker(commit);
      else begun.push(commit);
    }).finally(() => inFlight--);
  }, maxGroupBytes);
  return {
    group,
    /** The next commit, as soon as it begins. */
    next: (): Promise<Commit> =>
      new Promise((resolve) => {
        const commit = begun.shift();
        if (commit) resolve(commit);
        else waiting.push(resolve);
      }),
    begun,
    mostInFlight: () => mostInFlight,
  };
}

test('writes of one turn go into one commit, in their order', async () => {
  const { group, next } = setUp();
  const results = Promise.all(['a', 'b', 'c'].map((write) => group.submit(write, 1)));
  const commit = await next();
  expect(commit.writes).toEqual(['a', 'b', 'c']);
  commit.succeed();
  expect(await results).toEqual(['A', 'B', 'C']);
});

test('what comes while a commit is in flight waits, and goes into the next one together', async () => {
  const { group, next, begun, mostInFlight } = setUp();
  const a = group.submit('a', 1);
  const first = await next();
  const b = group.submit('b', 1);
  await Promise.resolve();
  const c = group.submit('c', 1);
  expect(begun).toEqual([]);
  first.succeed();
  expect(await a).toBe('A');
  const second = await next();
  expect(second.writes).toEqual(['b', 'c']);
  second.succeed();
  expect(await Promise.all([b, c])).toEqual(['B', 'C']);
  expect(mostInFlight()).toBe(1);
});

test('nothing is answered before its commit has ended', async () => {
  const { group, next } = setUp();
  const answered: string[] = [];
  const a = group.submit('a', 1).then((result) => answered.push(result));
  const first = await next();
  const b = group.submit('b', 1).then((result) => answered.push(result));
  expect(answered).toEqual([]);
  first.succeed();
  const second = await next();
  await a;
  expect(answered).toEqual(['A']);
  second.succeed();
  await b;
  expect(answered).toEqual(['A', 'B']);
});

test('writes resolve in the order in which they were submitted', async () => {
  const { group, next } = setUp(2);
  const order: string[] = [];
  const all = [...'abcdefg'].map((write) => group.submit(write, 1).then((result) => order.push(result)));
  for (let commits = 0; commits < 4; commits++) (await next()).succeed();
  await Promise.all(all);
  expect(order.join('')).toBe('ABCDEFG');
});

test('a write that is submitted when the one before it resolves is committed too', async () => {
  const { group, next } = setUp();
  const chain = group.submit('a', 1).then(() => group.submit('b', 1));
  (await next()).succeed();
  const second = await next();
  expect(second.writes).toEqual(['b']);
  second.succeed();
  expect(await chain).toBe('B');
});

test('each write of a group has its own outcome', async () => {
  const { group, next } = setUp();
  const refused = new Error('refused');
  const settled = Promise.allSettled(['a', 'b', 'c'].map((write) => group.submit(write, 1)));
  (await next()).answer([{ result: 'A' }, { error: refused }, { result: 'C' }]);
  expect(await settled).toEqual([
    { status: 'fulfilled', value: 'A' },
    { status: 'rejected', reason: refused },
    { status: 'fulfilled', value: 'C' },
  ]);
});

test('a commit that leaves a write unanswered rejects that one: nothing waits for ever', async () => {
  const { group, next } = setUp();
  const settled = Promise.allSettled(['a', 'b'].map((write) => group.submit(write, 1)));
  (await next()).answer([{ result: 'A' }]);
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('a commit that fails rejects all of its group and nothing of the next one', async () => {
  const { group, next } = setUp();
  const failure = new Error('no disk');
  const first = Promise.allSettled(['a', 'b'].map((write) => group.submit(write, 1)));
  const failing = await next();
  const c = group.submit('c', 1);
  failing.fail(failure);
  expect(await first).toEqual([
    { status: 'rejected', reason: failure },
    { status: 'rejected', reason: failure },
  ]);
  (await next()).succeed();
  expect(await c).toBe('C');
});

test('a commit that throws before it has a promise is a commit that fails', async () => {
  let commits = 0;
  const group = new GroupCommit<string, string>((writes) => {
    if (++commits === 1) throw new Error('at once');
    return Promise.resolve(writes.map((result) => ({ result })));
  }, 10);
  await expect(group.submit('a', 1)).rejects.toThrow('at once');
  expect(await group.submit('b', 1)).toBe('b');
});

describe('a group has at most so many bytes', () => {
  async function groupsOf(sizes: readonly number[], maxGroupBytes: number): Promise<number[]> {
    const { group, next } = setUp(maxGroupBytes);
    const all = Promise.all(sizes.map((size) => group.submit('w', size)));
    const groups: number[] = [];
    for (let committed = 0; committed < sizes.length; ) {
      const commit = await next();
      groups.push(commit.writes.length);
      committed += commit.writes.length;
      commit.succeed();
    }
    await all;
    return groups;
  }

  test.each([
    { sizes: [4, 6], groups: [2] },
    { sizes: [4, 6, 1], groups: [2, 1] },
    { sizes: [5, 6, 4, 1], groups: [1, 2, 1] },
    { sizes: [0, 0, 10, 0, 0], groups: [5] },
    { sizes: [11], groups: [1] },
    { sizes: [1, 11, 1], groups: [1, 1, 1] },
    { sizes: [100, 100], groups: [1, 1] },
  ])('10: writes of $sizes make groups of $groups', async ({ sizes, groups }) => {
    expect(await groupsOf(sizes, 10)).toEqual(groups);
  });
});

describe('idle', () => {
  test('resolves at once when nothing was ever submitted', async () => {
    const { group } = setUp();
    await group.idle();
  });

  test('resolves when all that was submitted has been committed, also what came meanwhile', async () => {
    const { group, next } = setUp();
    let idle = false;
    const a = group.submit('a', 1);
    const resting = group.idle().then(() => {
      idle = true;
    });
    const first = await next();
    const b = group.submit('b', 1);
    first.succeed();
    await a;
    const second = await next();
    expect(idle).toBe(false);
    second.succeed();
    await b;
    await resting;
    expect(idle).toBe(true);
  });

  test('resolves also after a commit that failed', async () => {
    const { group, next } = setUp();
    const a = group.submit('a', 1);
    (await next()).fail(new Error('no disk'));
    await expect(a).rejects.toThrow('no disk');
    await group.idle();
  });
});
