import type { Node as DocumentNode, ResolvedPos } from '@tiptap/pm/model';
import { type EditorState, NodeSelection, TextSelection, type Transaction } from '@tiptap/pm/state';

/**
 * Puts a block where the caret is: in the place of an empty paragraph, or behind the block that the caret is in, as far
 * inside as it may stand. Where it would be the last, there is an empty paragraph behind it, so that one can go on.
 */
export function insertBlock(state: EditorState, block: DocumentNode): Transaction | undefined {
  const { tr } = state;
  const { $from } = state.selection;
  const at = emptyParagraph($from, block) ?? placeBehind($from, block);
  if (at === undefined) return undefined;
  tr.replaceWith(at.from, at.to, block);
  const $end = tr.doc.resolve(at.from + block.nodeSize);
  const paragraph = state.schema.nodes['paragraph']?.create();
  const index = $end.index();
  if (paragraph && !$end.nodeAfter && $end.parent.canReplaceWith(index, index, paragraph.type)) {
    tr.insert($end.pos, paragraph);
  }
  const selection = block.isAtom
    ? NodeSelection.create(tr.doc, at.from)
    : TextSelection.near(tr.doc.resolve(at.from + 1));
  return tr.setSelection(selection).scrollIntoView();
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function emptyParagraph($from: ResolvedPos, block: DocumentNode): Range | undefined {
  const { parent, depth } = $from;
  if (depth === 0 || parent.type.name !== 'paragraph' || parent.content.size > 0) return undefined;
  const index = $from.index(depth - 1);
  if (!$from.node(depth - 1).canReplaceWith(index, index + 1, block.type)) return undefined;
  return { from: $from.before(), to: $from.after() };
}

function placeBehind($from: ResolvedPos, block: DocumentNode): Range | undefined {
  for (let depth = $from.depth; depth > 0; depth--) {
    const index = $from.indexAfter(depth - 1);
    if (!$from.node(depth - 1).canReplaceWith(index, index, block.type)) continue;
    return { from: $from.after(depth), to: $from.after(depth) };
  }
  return $from.depth === 0 ? { from: $from.pos, to: $from.pos } : undefined;
}
