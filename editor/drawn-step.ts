import { type Fragment, type Node, Slice } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import { ReplaceStep, StepResult } from '@tiptap/pm/transform';
import type { Range } from './block-decorations.ts';

interface Difference extends Range {
  readonly slice: Slice;
  /** Where nodes are others than before: all of a text of which a letter changed. */
  readonly touched: Range;
  /** Whether as many blocks of the same kinds are in their places. */
  readonly isSameKind: boolean;
}

/** A replacement in a document of which the outcome is known: of the nodes that the binding made, as they are. */
class DrawnStep extends ReplaceStep {
  readonly #before: Node;
  readonly #after: Node;

  constructor({ from, to, slice }: Difference, before: Node, after: Node) {
    super(from, to, slice);
    this.#before = before;
    this.#after = after;
  }

  override apply(doc: Node): StepResult {
    return doc === this.#before ? StepResult.ok(this.#after) : super.apply(doc);
  }
}

/** Gives the document this content. Returns where it was another, in the old document; undefined: nowhere. */
export function replaceWhatDiffers(transaction: Transaction, content: Fragment): Range | undefined {
  const { doc } = transaction;
  const difference = findDifference(doc.content, content, 0);
  if (!difference) return undefined;
  // Then it is as valid as before. Else ProseMirror has to fit in what can be.
  if (difference.isSameKind) transaction.step(new DrawnStep(difference, doc, doc.copy(content)));
  else transaction.replace(difference.from, difference.to, difference.slice);
  return difference.touched;
}

/** What did not change is the same node in both, as the binding keeps it. */
function findDifference(before: Fragment, after: Fragment, start: number): Difference | undefined {
  const [old, next] = [before.content, after.content];
  const shorter = Math.min(old.length, next.length);
  let first = 0;
  let from = start;
  while (first < shorter && old[first] === next[first]) from += old[first++]?.nodeSize ?? 0;
  let same = 0;
  while (same < shorter - first && old[old.length - 1 - same] === next[next.length - 1 - same]) same++;
  const [gone, come] = [old.slice(first, old.length - same), next.slice(first, next.length - same)];
  const [one, other] = [gone[0], come[0]];
  if (!one && !other) return undefined;
  if (one && other && gone.length === 1 && come.length === 1 && one.sameMarkup(other) && !one.isLeaf) {
    if (one.inlineContent) return findInText(one, other, from + 1);
    const inside = findDifference(one.content, other.content, from + 1);
    if (inside) return { ...inside, isSameKind: true };
  }
  const to = from + sizeOf(gone);
  const begin = from - start;
  return {
    from,
    to,
    slice: new Slice(after.cut(begin, begin + sizeOf(come)), 0, 0),
    touched: { from, to },
    isSameKind: gone.length === come.length && gone.every(({ type }, i) => type === come[i]?.type),
  };
}

function findInText(before: Node, after: Node, start: number): Difference {
  const touched = { from: start, to: start + before.content.size };
  const all = { ...touched, slice: new Slice(after.content, 0, 0), touched, isSameKind: true };
  const from = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  if (from === null || end === null) return all;
  // Of equal letters in a row, both ends may mean the same one.
  const overlap = Math.max(0, from - Math.min(end.a, end.b));
  const [to, behind] = [end.a + overlap, end.b + overlap];
  if (before.resolve(from).depth > 0 || before.resolve(to).depth > 0) return all;
  return { ...all, from: start + from, to: start + to, slice: new Slice(after.content.cut(from, behind), 0, 0) };
}

function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((size, { nodeSize }) => size + nodeSize, 0);
}
