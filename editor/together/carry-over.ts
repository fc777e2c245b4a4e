import type { Node } from '@tiptap/pm/model';

/**
 * Where a position of `before` is in `after`, by what stands around it. For places that Yjs has lost: who turns a block
 * into another, moves or splits it, deletes it there and writes it anew.
 */
export function carryOver(before: Node, after: Node, position: number): number {
  const start = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  const fallback = Math.min(position, after.content.size);
  if (start === null || end === null) return fallback;
  const $position = before.resolve(position);
  const { isTextblock } = $position.parent;
  // All of the block: what begins or ends as another one is not that one.
  const [from, to] = isTextblock ? [$position.start(), $position.end()] : [position, position];
  if (to < start) return fallback;
  if (from > Math.max(start, end.a)) return position + end.b - end.a;
  if (!isTextblock) return fallback;
  const { parent, parentOffset } = $position;
  const [left, right] = [textOf(parent, 0, parentOffset), textOf(parent, parentOffset, parent.content.size)];
  let best = { score: 0, distance: 0, place: fallback };
  after.nodesBetween(Math.max(0, start - 1), Math.min(after.content.size, Math.max(start, end.b) + 1), (node, at) => {
    if (!node.isTextblock) return !node.isAtom;
    const text = textOf(node, 0, node.content.size);
    const place = offsetIn(text, left, right);
    if (place !== undefined) {
      const distance = Math.abs(at + 1 + place.offset - position);
      if (place.score > best.score || (place.score === best.score && distance < best.distance)) {
        best = { score: place.score, distance, place: at + 1 + place.offset };
      }
    }
    return false;
  });
  return best.place;
}

/** The place in `text` between `left` and `right`, or at the end of `left`, or at the beginning of `right`; the more it has of them, the better. */
function offsetIn(text: string, left: string, right: string): { offset: number; score: number } | undefined {
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
