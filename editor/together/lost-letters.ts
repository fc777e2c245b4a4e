import * as Y from 'yjs';

/** A letter of a block, or what stands in the text like one. */
export interface Unit {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
  /** It was in the block before the transaction; else it came with it, and went with it. */
  readonly wasThere: boolean;
}

/** A block that a transaction deleted, with all that was in its text. */
export interface GoneBlock {
  readonly element: Y.XmlElement;
  readonly units: readonly Unit[];
}

/** Where a letter of a deleted block is now: in the copy, missing there and mine, or not wanted, or missing and not mine. */
export type Fate = 'copied' | 'missing' | 'gone';

/** A deleted block and the one that was written in its place, with the fate of each of its letters. */
export interface RewrittenBlock extends GoneBlock {
  readonly copy: Y.XmlElement;
  readonly fates: readonly Fate[];
}

/** How many ways to tell who is missing how much are tried. */
const MAX_TRIES = 500;

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
  const rewritten: RewrittenBlock[] = [];
  const match = (
    block: GoneBlock,
    find: (copy: readonly string[], writer: number) => readonly Fate[] | undefined,
  ): boolean => {
    // Who turns a block into another one writes it anew, too.
    const isAlike = ([{ nodeName }]: [Y.XmlElement, unknown]): boolean => nodeName === block.element.nodeName;
    const candidates = [...written];
    for (const [copy, texts] of [...candidates.filter(isAlike), ...candidates.filter((each) => !isAlike(each))]) {
      const fates = find(texts, copy._item?.id.client ?? 0);
      if (!fates) continue;
      written.delete(copy);
      if (fates.includes('missing')) rewritten.push({ ...block, copy, fates });
      return true;
    }
    return false;
  };
  // What is there as it was first, and of that what I wrote nothing in: it is nobody else's copy.
  const [mine, foreign] = [gone.filter(hasMine), gone.filter((block) => !hasMine(block))];
  const left = [...foreign, ...mine].filter((block) => {
    const all = block.units.filter(({ wasThere }) => wasThere).map(({ text }) => text);
    return !match(block, (copy) => (isSame(all, copy) ? [] : undefined));
  });
  for (const block of left) {
    if (!hasMine(block)) continue;
    const wanted = block.units.map((unit) => unit.client !== me || isMine(unit));
    match(block, (copy, writer) => fatesIn(copy, writer, block.units, wanted, me));
  }
  return rewritten;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, i) => text === other[i]);
}

/**
 * What became of the letters of a block in what may be its copy. Of each person that lacks what they wrote last, as it
 * had not arrived at the `writer` of the copy. Undefined when it is no copy, or might be one of anything.
 */
function fatesIn(
  copy: readonly string[],
  writer: number,
  units: readonly Unit[],
  wanted: readonly boolean[],
  me: number,
): Fate[] | undefined {
  if (copy.length === 0) return undefined;
  const present = units.filter((_, i) => wanted[i]);
  const lacking = present.length - copy.length;
  if (lacking < 0) return undefined;
  const clocks = new Map<number, number[]>();
  for (const { client, clock } of present) clocks.set(client, [...(clocks.get(client) ?? []), clock]);
  for (const each of clocks.values()) each.sort((a, b) => b - a);
  const mine = clocks.get(me)?.length ?? 0;
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
}

function goneBlocks(transaction: Y.Transaction): GoneBlock[] {
  const gone: GoneBlock[] = [];
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    const element =
      struct instanceof Y.Item && struct.content instanceof Y.ContentType ? struct.content.type : undefined;
    if (!(element instanceof Y.XmlElement) || isNew(transaction, struct.id)) return;
    const units = unitsOf(element, (item) => {
      if (isNew(transaction, item.id)) return item.deleted ? 'came' : undefined;
      return Y.isDeleted(transaction.deleteSet, item.id) ? 'was' : undefined;
    });
    if (units) gone.push({ element, units });
  });
  return gone;
}

/** The blocks with text that are new and still there, with what is in them. */
function writtenBlocks(transaction: Y.Transaction): Map<Y.XmlElement, string[]> {
  const written = new Map<Y.XmlElement, string[]>();
  const visit = (parent: Y.XmlFragment): void => {
    for (const child of parent.toArray()) {
      if (!(child instanceof Y.XmlElement) || !child._item || !isNew(transaction, child._item.id)) continue;
      const units = unitsOf(child, (item) => (item.deleted ? undefined : 'was'));
      if (units)
        written.set(
          child,
          units.map(({ text }) => text),
        );
      else visit(child);
    }
  };
  for (const type of transaction.changed.keys()) {
    if (type instanceof Y.XmlFragment && !type._item?.deleted) visit(type);
  }
  return written;
}

function isNew({ beforeState }: Y.Transaction, { client, clock }: Y.ID): boolean {
  return clock >= (beforeState.get(client) ?? 0);
}

/** What an element has of text, by those items that `isIn` takes; undefined when it has none in it, as a list. */
function unitsOf(element: Y.XmlElement, isIn: (item: Y.Item) => 'was' | 'came' | undefined): Unit[] | undefined {
  const units: Unit[] = [];
  let hasText = false;
  const add = (item: Y.Item, texts: Iterable<string>): void => {
    const state = isIn(item);
    if (state === undefined) return;
    let { clock } = item.id;
    for (const text of texts) units.push({ client: item.id.client, clock: clock++, text, wasThere: state === 'was' });
  };
  for (let item = element._start; item; item = item.right) {
    const type = item.content instanceof Y.ContentType ? item.content.type : undefined;
    if (type instanceof Y.XmlText) {
      if (isIn(item) === undefined) continue;
      hasText = true;
      for (let part = type._start; part; part = part.right) {
        if (part.content instanceof Y.ContentString) add(part, part.content.str.split(''));
        else if (part.content instanceof Y.ContentEmbed) add(part, ['\ufffc']);
      }
    } else if (type instanceof Y.XmlElement) add(item, [`<${type.nodeName}>`]);
  }
  return hasText ? units : undefined;
}
