import type { Node } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import type { Decoration, DecorationSet } from '@tiptap/pm/view';

/** A part of a document. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** All of a document. */
export function wholeRange({ content }: Node): Range {
  return { from: 0, to: content.size };
}

/** What a transaction changed, in its last document, from the first place to the last. */
export function changedRange({ mapping, doc }: Transaction): Range {
  let [from, to] = [doc.content.size, 0];
  for (const [index, map] of mapping.maps.entries()) {
    const rest = mapping.slice(index + 1);
    map.forEach((_, __, start, end) => {
      from = Math.min(from, rest.map(start, -1));
      to = Math.max(to, rest.map(end, 1));
    });
  }
  return { from, to };
}

/**
 * Draws those blocks at the top of a document anew that reach into a range, and leaves the others as they are drawn.
 * @param decorate what a block has, which is at a place
 */
export function drawBlocks(
  drawn: DecorationSet,
  doc: Node,
  { from, to }: Range,
  decorate: (block: Node, at: number) => readonly Decoration[],
): DecorationSet {
  const found: Decoration[] = [];
  let [first, last] = [from, to];
  let at = 0;
  for (const block of doc.children) {
    if (at > to) break;
    const end = at + block.nodeSize;
    if (end >= from) {
      [first, last] = [Math.min(first, at), Math.max(last, end)];
      found.push(...decorate(block, at));
    }
    at = end;
  }
  // Not what only touches: that is of the block beside.
  const gone = drawn.find(first, last).filter((one) => one.from >= first && one.to <= last);
  return gone.length + found.length === 0 ? drawn : drawn.remove(gone).add(doc, found);
}
