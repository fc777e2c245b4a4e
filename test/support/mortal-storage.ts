import type { NewEntry, Storage } from '../../persistence/index.ts';
import { ScriptoriumError } from '../../protocol/index.ts';

/** A store as one process sees it; see {@link mortalStorage}. */
export interface MortalStorage {
  readonly storage: Storage;
  /** Lets the oldest call that waits be done. False when none waits. */
  step(): boolean;
  /** From now on nothing fails any more. */
  heal(): void;
  /** The process dies: some of what it asked for may still be done, nothing is answered any more. */
  die(): void;
}

/** How much goes wrong with a store. */
export interface StoreFaults {
  /** How many of the calls fail, from 0 to 1. Half of these did, wholly or in part, what they say they did not. */
  readonly failRate: number;
  /** How often, at a step, the store begins to hang for up to 50 steps. */
  readonly hangRate: number;
}

const LONGEST_HANG = 50;

/** A process's slow view of a store that outlives it, as a disk does: every call waits for its `step`, in order. */
export function mortalStorage(disk: Storage, random: () => number, faults: StoreFaults): MortalStorage {
  let alive = true;
  let healthy = false;
  let hangsFor = 0;
  const waiting: (() => void)[] = [];

  async function call(name: string | symbol, act: (args: unknown[]) => Promise<unknown>, args: unknown[]) {
    if (healthy || random() >= faults.failRate) return act(args);
    if (random() < 0.5) await act(name === 'append' ? torn(args, random) : args);
    throw new ScriptoriumError('STORE_UNAVAILABLE', 'A fault was injected.');
  }

  const storage = new Proxy(disk, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          waiting.push(() => {
            call(name, (given) => member.apply(target, given), args).then(
              (result) => alive && resolve(result),
              (error: unknown) => alive && reject(error),
            );
          });
        });
    },
  });
  return {
    storage,
    step() {
      if (!healthy && hangsFor === 0 && random() < faults.hangRate) hangsFor = Math.floor(random() * LONGEST_HANG);
      if (hangsFor > 0 && !healthy) {
        hangsFor--;
        return waiting.length > 0;
      }
      const next = alive ? waiting.shift() : undefined;
      next?.();
      return next !== undefined;
    },
    heal() {
      healthy = true;
    },
    die() {
      const done = waiting.splice(0, Math.floor(random() * (waiting.length + 1)));
      alive = false;
      for (const run of done) run();
    },
  };
}

/** An append of which only the first entries are stored. */
function torn(args: unknown[], random: () => number): unknown[] {
  const [document, epoch, entries] = args as [string, string, NewEntry[]];
  return [document, epoch, entries.slice(0, Math.floor(random() * (entries.length + 1)))];
}
