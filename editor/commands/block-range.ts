import { Fragment, type Node, NodeRange } from '@tiptap/pm/model';
import { type EditorState, NodeSelection, TextSelection, type Transaction } from '@tiptap/pm/state';
import { writeInSteps } from '../collaboration.ts';

/** What holds blocks that can be moved among each other. An item of a list is such a block, what is in it is not. */
const HOLDERS: ReadonlySet<string> = new Set([
  ...['doc', 'bulletList', 'orderedList', 'taskList', 'blockquote', 'callout'],
  ...['detailsContent', 'tableCell', 'tableHeader'],
]);

export function isHolder({ type }: Node): boolean {
  return HOLDERS.has(type.name);
}

/** The blocks that the selection is in, all in the same holder; undefined where it is in none. */
export function selectedBlocks({ selection }: Pick<EditorState, 'selection'>): NodeRange | undefined {
  const { $from, $to } = selection;
  if (selection instanceof NodeSelection && selection.node.isBlock && isHolder($from.parent)) {
    return new NodeRange($from, $to, $from.depth);
  }
  return $from.blockRange($to, isHolder) ?? undefined;
}

/** The block that these would change places with. */
function neighbour({ parent, startIndex, endIndex }: NodeRange, by: 'up' | 'down'): Node | null {
  return parent.maybeChild(by === 'up' ? startIndex - 1 : endIndex);
}

export function canMove(range: NodeRange | undefined, by: 'up' | 'down'): boolean {
  return range !== undefined && neighbour(range, by) !== null;
}

/**
 * Has the blocks change places with the one before or behind them. What is selected stays selected. `people` are the
 * places where others are.
 */
export function moveBlocks(
  tr: Transaction,
  range: NodeRange,
  by: 'up' | 'down',
  people: readonly number[],
): Transaction {
  const other = neighbour(range, by);
  if (!other) return tr;
  const { start, end } = range;
  const { anchor, head } = tr.selection;
  const isNode = tr.selection instanceof NodeSelection;
  const shift = by === 'up' ? -other.nodeSize : other.nodeSize;
  if (by === 'up') exchange(tr, start - other.nodeSize, start, end, people);
  else exchange(tr, start, end, end + other.nodeSize, people);
  return tr
    .setSelection(
      isNode
        ? NodeSelection.create(tr.doc, anchor + shift)
        : TextSelection.between(tr.doc.resolve(anchor + shift), tr.doc.resolve(head + shift)),
    )
    .scrollIntoView();
}

/**
 * Puts blocks somewhere else among those of any holder that takes them; the position is one of the document before.
 * `people` are the places where others are.
 */
export function moveBlocksTo(tr: Transaction, range: NodeRange, to: number, people: readonly number[]): Transaction {
  const { start, end, parent, startIndex, endIndex, depth } = range;
  if (to >= start && to <= end) return tr;
  const blocks = childrenOf(parent, startIndex, endIndex);
  const $to = tr.doc.resolve(to);
  if (!$to.parent.canReplace($to.index(), $to.index(), blocks)) return tr;
  if ($to.depth === depth && $to.start() === range.$from.start(depth)) {
    return to < start ? exchange(tr, to, start, end, people) : exchange(tr, start, end, to, people);
  }
  // A holder that would be empty goes as a whole: a list has no room for nothing.
  const $start = tr.doc.resolve(start);
  const isWhole =
    parent.childCount === endIndex - startIndex && $start.depth > 0 && parent.type.spec.group === 'block list';
  const [from, until] = isWhole ? [$start.before(), $start.after()] : [start, end];
  tr.insert(to, anew(blocks));
  tr.delete(tr.mapping.map(from), tr.mapping.map(until));
  return writeInSteps(tr);
}

/**
 * Has what is from `start` to `middle` change places with what is from there to `end`. One of the two is written anew, and
 * what others type in it in that moment is lost: the one with fewer people, or else the smaller one.
 */
function exchange(tr: Transaction, start: number, middle: number, end: number, people: readonly number[]): Transaction {
  const peopleIn = (from: number, to: number): number => people.filter((at) => at > from && at < to).length;
  const first = { people: peopleIn(start, middle), size: middle - start };
  const second = { people: peopleIn(middle, end), size: end - middle };
  const isFirst = first.people === second.people ? first.size <= second.size : first.people < second.people;
  if (isFirst) tr.insert(end, anew(tr.doc.slice(start, middle).content)).delete(start, middle);
  else tr.insert(start, anew(tr.doc.slice(middle, end).content)).delete(end, end + second.size);
  return writeInSteps(tr);
}

/** Equal blocks, but others: y-tiptap knows a block by its identity. */
function anew(blocks: Fragment): Fragment {
  const copies: Node[] = [];
  blocks.forEach((block) => void copies.push(block.type.create(block.attrs, block.content, block.marks)));
  return Fragment.fromArray(copies);
}

/** Puts a copy behind the blocks, and the caret into it. A link to a block leads to the first one. */
export function duplicateBlocks(tr: Transaction, range: NodeRange): Transaction {
  const { parent, startIndex, endIndex, start, end } = range;
  const { anchor, head } = tr.selection;
  const by = end - start;
  tr.insert(end, withoutIds(childrenOf(parent, startIndex, endIndex)));
  return tr
    .setSelection(TextSelection.between(tr.doc.resolve(anchor + by), tr.doc.resolve(head + by)))
    .scrollIntoView();
}

/** Takes the blocks away, with the list around them when nothing else is in it. */
export function deleteBlocks(
  tr: Transaction,
  { $from, start, end, parent, startIndex, endIndex, depth }: NodeRange,
): Transaction {
  const isWhole = parent.childCount === endIndex - startIndex;
  if (isWhole && depth > 0) return tr.delete($from.before(depth), $from.after(depth)).scrollIntoView();
  // A document always has a block.
  if (isWhole) {
    const empty = parent.type.contentMatch.defaultType?.createAndFill();
    return empty ? tr.replaceWith(start, end, empty).setSelection(TextSelection.near(tr.doc.resolve(1))) : tr;
  }
  tr.delete(start, end);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(start, tr.doc.content.size)))).scrollIntoView();
}

function childrenOf(parent: Node, from: number, to: number): Fragment {
  return Fragment.fromArray(Array.from({ length: to - from }, (_, index) => parent.child(from + index)));
}

function withoutIds(content: Fragment): Fragment {
  const copies: Node[] = [];
  content.forEach((node) => {
    const attrs = 'id' in node.attrs && node.isBlock ? { ...node.attrs, id: null } : node.attrs;
    copies.push(node.isText ? node : node.type.create(attrs, withoutIds(node.content), node.marks));
  });
  return Fragment.fromArray(copies);
}
