import { decodeUpdate, joinTyping } from '../protocol/index.ts';

/** Fewer are sent as they are: to join them saves less than it costs. */
const FEW = 4;
/** So many entries at most become one update: the first of a block is one whose seq is a multiple of this, plus one. */
const BLOCK_ENTRIES = 256;
/** So much is joined for one answer, in bytes, which takes about a millisecond. The rest is sent as it is. */
const MAX_BYTES = 64 * 1024;
/** So many blocks are kept. */
const MAX_BLOCKS = 256;

/** Entries that follow one another, and the updates that do the same. */
interface Block {
  readonly entries: readonly Uint8Array[];
  readonly updates: readonly Uint8Array[];
}

/**
 * Entries of a log put together for those who come back: what was typed letter by letter costs a byte a letter then, not
 * thirty. Everything else stands alone: an entry that Yjs chokes on takes no other with it. Blocks begin at the same
 * places for all, so that those who come back to different places share them.
 *
 *     after 100 ─▶ [101 ... 256] [257 ... 512] [513 ... 530]
 *     after 400 ─▶                 [401 ... 512] [513 ... 530]
 */
export class JoinedEntries {
  /** By the seq before their first entry. */
  readonly #blocks = new Map<number, Block>();

  /** The entries that follow a seq, in as few updates as pays. */
  join(after: number, entries: readonly Uint8Array[]): readonly Uint8Array[] {
    const updates: Uint8Array[] = [];
    const budget = { bytes: MAX_BYTES };
    for (let start = 0; start < entries.length; ) {
      const end = start + BLOCK_ENTRIES - ((after + start) % BLOCK_ENTRIES);
      updates.push(...this.#joinBlock(after + start, entries.slice(start, end), budget));
      start = end;
    }
    return updates;
  }

  forget(): void {
    this.#blocks.clear();
  }

  #joinBlock(after: number, entries: readonly Uint8Array[], budget: { bytes: number }): readonly Uint8Array[] {
    const known = this.#blocks.get(after);
    // The same entries, not only the same place: no more is taken for granted of the log.
    if (known?.entries.every((entry, i) => entry === entries[i])) {
      const rest = entries.slice(known.entries.length);
      if (rest.length < FEW) return [...known.updates, ...rest];
    }
    if (entries.length < FEW) return entries;
    budget.bytes -= entries.reduce((sum, { length }) => sum + length, 0);
    if (budget.bytes < 0) return entries;
    const updates = joinTyping(entries.map(decodeUpdate));
    if (this.#blocks.size >= MAX_BLOCKS) this.#blocks.clear();
    this.#blocks.set(after, { entries, updates });
    return updates;
  }
}
