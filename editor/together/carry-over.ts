import type { Node } from '@tiptap/pm/model';

/**
 * Where a position of `before` is in `after`, by what stands around it. For places that Yjs has lost: who turns a block
 * into another, moves or splits it, deletes it there and writes it anew.
 */
export function carryOver(before: Node, after: Node, position: number): number {
  const start = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  const same = Math.min(position, after.content.size);
  if (start === null || end === null) return same;
  const $position = before.resolve(position);
  const { parent, parentOffset } = $position;
  const { isTextblock } = parent;
  // All of the block: what begins or ends as another one is not that one.
  const [from, to] = isTextblock ? [$position.start(), $position.end()] : [position, position];
  if (to < start) return same;
  if (from > Math.max(start, end.a)) return position + end.b - end.a;
  if (!isTextblock) return same;
  const [left, right] = [textOf(parent, 0, parentOffset), textOf(parent, parentOffset, parent.content.size)];
  const changed: Range = [Math.max(0, start - 1), Math.min(after.content.size, Math.max(start, end.b) + 1)];
  return (
    bestPlace(after, changed, position, (text) => offsetIn(text, left, right)) ??
    // It may have been written anew before: then what changed is only that the old one went.
    bestPlace(after, [0, after.content.size], position, (text) => offsetInCopy(text, left, right)) ??
    besideWords(after, same)
  );
}

type Range = readonly [from: number, to: number];

/** A place in a text; the more it has of what stood around, the higher the score. */
interface Offset {
  readonly offset: number;
  readonly score: number;
}

/** The best place in the blocks of a part, the nearest of those that are as good. */
function bestPlace(
  doc: Node,
  [from, to]: Range,
  position: number,
  find: (text: string) => Offset | undefined,
): number | undefined {
  let best: { score: number; distance: number; place: number } | undefined;
  doc.nodesBetween(from, to, (node, at) => {
    if (!node.isTextblock) return !node.isAtom;
    const found = find(textOf(node, 0, node.content.size));
    if (!found) return false;
    const place = at + 1 + found.offset;
    const distance = Math.abs(place - position);
    if (!best || found.score > best.score || (found.score === best.score && distance < best.distance)) {
      best = { score: found.score, distance, place };
    }
    return false;
  });
  return best?.place;
}

/** A place that means nothing is at least not in the middle of somebody's word. */
function besideWords(doc: Node, position: number): number {
  const $position = doc.resolve(position);
  return $position.parent.isTextblock && $position.parentOffset > 0 ? $position.end() : position;
}

/** The place in a `text` that is all that stood there, but perhaps for what was typed last. */
function offsetInCopy(text: string, left: string, right: string): Offset | undefined {
  const offset = text.length - right.length;
  const isCopy = text !== '' && offset >= 0 && text.endsWith(right) && left.startsWith(text.slice(0, offset));
  return isCopy ? { offset, score: text.length } : undefined;
}

/** The place in `text` between `left` and `right`, or at the end of `left`, or at the beginning of `right`; the more it has of them, the better. */
function offsetIn(text: string, left: string, right: string): Offset | undefined {
  const score = left.length + right.length + 1;
  if (text === left + right) return { offset: left.length, score: 2 * score };
  if (left !== '' && text.startsWith(left)) return { offset: left.length, score: left.length };
  if (left !== '' && text.endsWith(left)) return { offset: text.length, score: left.length };
  // What was typed last was not in it yet.
  if (text !== '' && left.startsWith(text)) return { offset: text.length, score: text.length };
  if (right !== '' && text.endsWith(right)) return { offset: text.length - right.length, score: right.length };
  return undefined;
}

/** The text of a part of a block, as long as the part. */
function textOf(block: Node, from: number, to: number): string {
  return block.textBetween(from, to, undefined, (leaf) => '\ufffc'.repeat(leaf.nodeSize));
}
