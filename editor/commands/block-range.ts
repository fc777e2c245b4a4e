import { Fragment, type Node, NodeRange } from '@tiptap/pm/model';
import { type EditorState, NodeSelection, TextSelection, type Transaction } from '@tiptap/pm/state';

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

/** Has the blocks change places with the one before or behind them. What is selected stays selected. */
export function moveBlocks(tr: Transaction, range: NodeRange, by: 'up' | 'down'): Transaction {
  const other = neighbour(range, by);
  if (!other) return tr;
  const { start, end } = range;
  const { anchor, head } = tr.selection;
  const isNode = tr.selection instanceof NodeSelection;
  const shift = by === 'up' ? -other.nodeSize : other.nodeSize;
  // The other one goes around them: who writes in them at the same time is not disturbed.
  if (by === 'up') tr.insert(end, other).delete(start - other.nodeSize, start);
  else tr.delete(end, end + other.nodeSize).insert(start, other);
  return tr
    .setSelection(
      isNode
        ? NodeSelection.create(tr.doc, anchor + shift)
        : TextSelection.between(tr.doc.resolve(anchor + shift), tr.doc.resolve(head + shift)),
    )
    .scrollIntoView();
}

/** Puts blocks somewhere else among those of any holder that takes them; the position is one of the document before. */
export function moveBlocksTo(tr: Transaction, range: NodeRange, to: number): Transaction {
  const { start, end, parent, startIndex, endIndex } = range;
  if (to >= start && to <= end) return tr;
  const blocks = childrenOf(parent, startIndex, endIndex);
  const $to = tr.doc.resolve(to);
  if (!$to.parent.canReplace($to.index(), $to.index(), blocks)) return tr;
  // A holder that would be empty goes as a whole: a list has no room for nothing.
  const $start = tr.doc.resolve(start);
  const isWhole =
    parent.childCount === endIndex - startIndex && $start.depth > 0 && parent.type.spec.group === 'block list';
  const [from, until] = isWhole ? [$start.before(), $start.after()] : [start, end];
  tr.insert(to, blocks);
  tr.delete(tr.mapping.map(from), tr.mapping.map(until));
  return tr;
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
