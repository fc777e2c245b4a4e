import type * as Y from 'yjs';
import { type GoneBlock, goneBlocks, type Unit, writtenBlocks } from './block-units.ts';

/** Where a letter of a deleted block is now: in the copy, missing there and mine, or not wanted, or missing and not mine. */
export type Fate = 'copied' | 'missing' | 'gone';

/** A deleted block and the one that was written in its place, with the fate of each of its letters. */
export interface RewrittenBlock extends GoneBlock {
  readonly copy: Y.XmlElement;
  readonly fates: readonly Fate[];
}

/** How many ways to tell who is missing how much are tried. */
const MAX_TRIES = 500;
/** How many blocks are compared, each with each: when all of a long document was replaced, nothing was moved. */
const MAX_PAIRS = 100_000;

/**
 * The blocks with letters of `me` that a transaction deleted and wrote anew without all of these: who moves a block has
 * written it from what had arrived. Call it before Yjs forgets what was deleted. `isUnwanted` says of a clock of mine that
 * somebody deleted the letter by itself.
 */
export function findRewritten(
  transaction: Y.Transaction,
  me: number,
  isUnwanted: (clock: number) => boolean = () => false,
): RewrittenBlock[] {
  const isMine = ({ client, clock, wasThere }: Unit): boolean => client === me && wasThere && !isUnwanted(clock);
  if (!transaction.deleteSet.clients.has(me)) return [];
  const gone = goneBlocks(transaction);
  const hasMine = ({ units }: GoneBlock): boolean => units.some(isMine);
  if (!gone.some(hasMine)) return [];
  const written = writtenBlocks(transaction);
  // What is there as it was first, and of that what I wrote nothing in: it is nobody else's copy.
  const left = [...gone.filter((block) => !hasMine(block)), ...gone.filter(hasMine)].filter(
    (block) => !takeEqual(written, block),
  );
  const lost = left.filter(hasMine);
  if (lost.length * written.size > MAX_PAIRS) return [];
  return lost.flatMap((block) => {
    const wanted = block.units.map((unit) => unit.client !== me || isMine(unit));
    const find = fatesIn(block.units, wanted, me);
    // Who turns a block into another one writes it anew, too.
    const isAlike = ([{ nodeName }]: [Y.XmlElement, unknown]): boolean => nodeName === block.element.nodeName;
    const candidates = [...written];
    for (const [copy, texts] of [...candidates.filter(isAlike), ...candidates.filter((each) => !isAlike(each))]) {
      const fates = find(texts, copy._item?.id.client ?? 0);
      if (!fates) continue;
      written.delete(copy);
      return fates.includes('missing') ? [{ ...block, copy, fates }] : [];
    }
    return [];
  });
}

/** Takes a block from those that were written that has all that was in another one. */
function takeEqual(written: Map<Y.XmlElement, string[]>, { units }: GoneBlock): boolean {
  const all = units.filter(({ wasThere }) => wasThere).map(({ text }) => text);
  for (const [copy, texts] of written) {
    if (texts.length !== all.length || texts.some((text, i) => text !== all[i])) continue;
    return written.delete(copy);
  }
  return false;
}

/**
 * Tells what became of the letters of a block in what may be its copy. Of each person that lacks what they wrote last, as it
 * had not arrived at the `writer` of the copy. Undefined when it is no copy, or might be one of anything.
 */
function fatesIn(
  units: readonly Unit[],
  wanted: readonly boolean[],
  me: number,
): (copy: readonly string[], writer: number) => Fate[] | undefined {
  const present = units.filter((_, i) => wanted[i]);
  const clocks = new Map<number, number[]>();
  for (const { client, clock } of present) {
    const own = clocks.get(client);
    if (own) own.push(clock);
    else clocks.set(client, [clock]);
  }
  for (const each of clocks.values()) each.sort((a, b) => b - a);
  const mine = clocks.get(me)?.length ?? 0;
  return (copy, writer) => {
    const lacking = present.length - copy.length;
    if (lacking < 0 || !isWithin(copy, present)) return undefined;
    const others = [...clocks.keys()].filter((client) => client !== me && client !== writer);
    let tries = 0;
    /** From which clock on it lacks what each wrote. */
    const from = new Map<number, number>();
    const omit = (client: number, count: number): void => {
      from.set(client, clocks.get(client)?.[count - 1] ?? Number.POSITIVE_INFINITY);
    };
    const isLacked = ({ client, clock }: Unit): boolean => clock >= (from.get(client) ?? Number.POSITIVE_INFINITY);
    const isCopy = (): boolean => {
      tries++;
      let at = 0;
      for (const unit of present) if (!isLacked(unit) && unit.text !== copy[at++]) return false;
      return at === copy.length;
    };
    /** Whether it is a copy when the others from `index` on lack `count` together. */
    const share = (index: number, count: number): boolean => {
      const client = others[index];
      if (client === undefined) return count === 0 && isCopy();
      const all = Math.min(count, clocks.get(client)?.length ?? 0);
      for (let own = 0; own <= all && tries < MAX_TRIES; own++) {
        omit(client, own);
        if (share(index + 1, count - own)) return true;
      }
      return false;
    };
    const most = Math.min(lacking, copy.length);
    for (let ofOthers = Math.max(0, lacking - mine); ofOthers <= most && tries < MAX_TRIES; ofOthers++) {
      omit(me, lacking - ofOthers);
      if (share(0, ofOthers)) {
        return units.map((unit, i) => {
          if (!wanted[i]) return 'gone';
          return !isLacked(unit) ? 'copied' : unit.client === me ? 'missing' : 'gone';
        });
      }
    }
    return undefined;
  };
}

/** Whether letters are all in a block, in their order. Nothing is in everything. */
function isWithin(copy: readonly string[], units: readonly Unit[]): boolean {
  let at = 0;
  for (const { text } of units) if (text === copy[at]) at++;
  return at === copy.length && at > 0;
}
