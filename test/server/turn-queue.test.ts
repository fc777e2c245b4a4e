import { describe, expect, it } from 'vitest';
import { TurnQueue } from '../../server/turn-queue.ts';

const nextTurn = () => new Promise((resolve) => void setImmediate(resolve));

describe('a queue of what comes in bursts', () => {
  it('does a few milliseconds of it in each turn, in order', async () => {
    let time = 0;
    const queue = new TurnQueue(() => time);
    const done: number[] = [];
    for (let i = 0; i < 5; i++) {
      queue.push(() => {
        time += 3;
        done.push(i);
      });
    }
    expect(done).toEqual([]);
    await nextTurn();
    expect(done).toEqual([0, 1]);
    expect(queue.size).toBe(3);
    await nextTurn();
    expect(done).toEqual([0, 1, 2, 3]);
    await nextTurn();
    expect(done).toEqual([0, 1, 2, 3, 4]);
    expect(queue.size).toBe(0);
  });

  it('goes on when something that has a result fails, and tells who asked for it', async () => {
    const queue = new TurnQueue(() => 0);
    const failed = queue.result(() => {
      throw new RangeError('broken');
    });
    const worked = queue.result(() => 7);
    await expect(failed).rejects.toThrow('broken');
    await expect(worked).resolves.toBe(7);
  });
});
