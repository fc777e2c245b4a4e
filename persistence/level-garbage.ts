import type { Database } from './level-database.ts';
import type { KeyRange } from './level-format.ts';

/** So much may be dropped before LevelDB is made to give its space back, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Where all that lies between what was dropped is no larger than this, it is rewritten in one go, in bytes. */
const MAX_HULL_BYTES = 64 * 1024 * 1024;
/** So many ranges at once where it is not, so that closing does not take for ever. */
const MAX_RANGES_AT_ONCE = 64;
/** After LevelDB was made to rewrite its files comes a rest of so many times what that took. */
const REST_FACTOR = 30;

/**
 * What was dropped and still takes space: LevelDB gives that back only when it rewrites the files concerned. While much
 * is written it does so by itself, and to make it do so costs as much as all that is in these files.
 */
export class LevelGarbage {
  #ranges = new Map<string, KeyRange>();
  #bytes = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;

  /** Something was dropped in the range; of the same key, the last range counts. The bytes are a guess. */
  dropped(key: string, range: KeyRange, bytes: number): void {
    this.#ranges.set(key, range);
    this.#bytes += bytes;
  }

  /** Whether it pays to collect now. */
  get isDue(): boolean {
    return this.#bytes >= MAX_BYTES && performance.now() >= this.#restsUntil;
  }

  async collect(db: Database): Promise<void> {
    const ranges = [...this.#ranges.values()];
    this.#ranges = new Map();
    this.#bytes = 0;
    const begunAt = performance.now();
    for (const { gt, lt } of await rewritten(db, ranges)) await db.compactRange(gt, lt);
    const now = performance.now();
    this.#restsUntil = now + (now - begunAt) * REST_FACTOR;
  }
}

/** What to rewrite: each call rewrites whole files, and what lies close together is in the same ones. */
async function rewritten(db: Database, ranges: readonly KeyRange[]): Promise<readonly KeyRange[]> {
  if (ranges.length <= 1) return ranges;
  const gt = ranges.reduce((lowest, range) => (range.gt < lowest ? range.gt : lowest), ranges[0]?.gt ?? '');
  const lt = ranges.reduce((highest, range) => (range.lt > highest ? range.lt : highest), '');
  const isSmall = (await db.approximateSize(gt, lt)) <= MAX_HULL_BYTES;
  return isSmall ? [{ gt, lt }] : ranges.slice(0, MAX_RANGES_AT_ONCE);
}
