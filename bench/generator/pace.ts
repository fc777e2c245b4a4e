import { setTimeout as sleep } from 'node:timers/promises';
import type { Samples } from './samples.ts';

/** So much is done before what came is read again. */
const AT_ONCE = 64;

/** Does something so many times a second on average, each at a random time by itself, as people do. */
export async function atRandomTimes(
  perSecond: number,
  forMs: number,
  random: () => number,
  act: () => void,
  /** How late each one was, in milliseconds: what the load generator could not keep up with. */
  late: Samples,
): Promise<void> {
  const gapMs = (): number => (-Math.log(1 - random()) * 1000) / perSecond;
  const endsAt = performance.now() + forMs;
  let next = performance.now() + gapMs();
  await new Promise<void>((resolve, reject) => {
    const turn = (): void => {
      try {
        for (let i = 0; i < AT_ONCE && next < endsAt; i++, next += gapMs()) {
          const now = performance.now();
          if (next > now) break;
          act();
          late.add(now - next);
        }
        const waitMs = next - performance.now();
        if (next >= endsAt || performance.now() >= endsAt) resolve();
        else if (waitMs > 0) setTimeout(turn, waitMs);
        else setImmediate(turn);
      } catch (error) {
        reject(error);
      }
    };
    turn();
  });
  await sleep(Math.max(0, endsAt - performance.now()));
}
