import type { Storage } from '../../persistence/index.ts';

/** A store as one process sees it; see {@link mortalStorage}. */
export interface MortalStorage {
  readonly storage: Storage;
  /** Lets the oldest call that waits be done. False when none waits. */
  step(): boolean;
  /** The process dies: some of what it asked for may still be done, nothing is answered any more. */
  die(): void;
}

/** A process's slow view of a store that outlives it, as a disk does: every call waits for its `step`, in order. */
export function mortalStorage(disk: Storage, random: () => number): MortalStorage {
  let alive = true;
  const waiting: (() => void)[] = [];
  const storage = new Proxy(disk, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          waiting.push(() => {
            Promise.resolve(member.apply(target, args)).then(
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
      const next = alive ? waiting.shift() : undefined;
      next?.();
      return next !== undefined;
    },
    die() {
      const done = waiting.splice(0, Math.floor(random() * (waiting.length + 1)));
      alive = false;
      for (const run of done) run();
    },
  };
}
