import type { Editor } from '@tiptap/core';
import { keydownHandler } from '@tiptap/pm/keymap';
import type { Node as DocumentNode, ResolvedPos } from '@tiptap/pm/model';
import {
  type Command,
  type EditorState,
  NodeSelection,
  Plugin,
  PluginKey,
  Selection,
  TextSelection,
  type Transaction,
} from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';
import { detailsAt } from './details-view.ts';

/**
 * A way on where a document ends in something that one cannot type behind: a table, code, an image. Whoever goes there
 * makes the paragraph below it, and nobody else does: every editor that made one by itself would add its own.
 */
export function below(editor: Editor): Plugin {
  const whileEditable =
    (command: Command): Command =>
    (state, dispatch, view) =>
      editor.isEditable && command(state, dispatch, view);
  const atEnd = whileEditable(goBelow);
  return new Plugin({
    key: new PluginKey('below'),
    props: {
      handleKeyDown: keydownHandler({
        ArrowDown: whileEditable(leaveDownwards),
        'Mod-Enter': whileEditable(leaveTable),
        'Ctrl-End': atEnd,
        'Meta-End': atEnd,
        // On a Mac.
        'Meta-ArrowDown': atEnd,
      }),
      handleClick: (view, _, event) => editor.isEditable && isBelow(view, event) && goBelow(view.state, view.dispatch),
    },
    appendTransaction(transactions, before, state) {
      // What a program puts in has nobody who goes on writing.
      const isMine = editor.isFocused && transactions.some((tr) => tr.docChanged && tr.getMeta('paste') === true);
      return isMine ? behindPasted(transactions, before, state) : null;
    },
  });
}

/** To a new paragraph at the end of the document, where one is needed. */
const goBelow: Command = ({ doc, schema, tr }, dispatch) => {
  const paragraph = schema.nodes['paragraph']?.create();
  if (!paragraph || !doc.lastChild || canTypeBehind(doc.lastChild)) return false;
  tr.insert(doc.content.size, paragraph);
  dispatch?.(tr.setSelection(TextSelection.atEnd(tr.doc)).scrollIntoView());
  return true;
};

/** Where the caret is in the last line that there is, the arrow leads out of it. */
const leaveDownwards: Command = (state, dispatch, view) => {
  const { selection } = state;
  if (!view || view.composing || selection instanceof CellSelection) return false;
  if (selection instanceof TextSelection && !(selection.empty && view.endOfTextblock('down', state))) return false;
  return isLastLine(view, selection) && goBelow(state, dispatch);
};

/** To a new paragraph below the table that the caret is in, wherever in it that is. */
const leaveTable: Command = ({ selection, schema, tr }, dispatch) => {
  const { $head } = selection;
  const paragraph = schema.nodes['paragraph']?.create();
  for (let depth = $head.depth; depth > 0 && paragraph; depth--) {
    if (roleOf($head.node(depth)) !== 'table') continue;
    const behind = $head.after(depth);
    tr.insert(behind, paragraph);
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, behind + 1)).scrollIntoView());
    return true;
  }
  return false;
};

function canTypeBehind(block: DocumentNode): boolean {
  if (block.isTextblock) return block.type.spec.code !== true;
  // In a list one goes on behind its last item.
  return /(List|Item)$/.test(block.type.name) && block.lastChild !== null && canTypeBehind(block.lastChild);
}

function isLastLine(view: EditorView, selection: Selection): boolean {
  const $at = selection instanceof TextSelection ? selection.$head : selection.$to;
  if (!$at.parent.isTextblock && $at.indexAfter() < $at.parent.childCount) return false;
  for (let depth = $at.depth; depth > 0; depth--) if (!isLowest(view, $at, depth)) return false;
  return true;
}

/** Whether nothing that is shown around it stands lower than the node at a depth. */
function isLowest(view: EditorView, $at: ResolvedPos, depth: number): boolean {
  const parent = $at.node(depth - 1);
  const index = $at.index(depth - 1);
  // Cells stand side by side, and may reach down into more rows.
  if (roleOf(parent) === 'row') return true;
  if (roleOf(parent) === 'table') {
    const rows = depth < $at.depth ? Number($at.node(depth + 1).attrs['rowspan'] ?? 1) : 1;
    return index + rows >= parent.childCount;
  }
  if (parent.type.name === 'details' && index === 0) return detailsAt(view, $at.before(depth - 1))?.isOpen === false;
  return index === parent.childCount - 1;
}

function isBelow(view: EditorView, event: MouseEvent): boolean {
  if (event.button !== 0 || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
  const last = view.dom.lastElementChild;
  return last !== null && event.clientY > last.getBoundingClientRect().bottom;
}

/** Behind a table, a rule or the like that was pasted, where the caret would be in it: one writes on, not in its last cell. */
function behindPasted(
  transactions: readonly Transaction[],
  before: EditorState,
  state: EditorState,
): Transaction | null {
  const { selection, schema, tr } = state;
  const start = transactions.reduce((position, { mapping }) => mapping.map(position, -1), before.selection.from);
  const behind = selection.from < start ? undefined : endOfPasted(selection, start);
  const paragraph = schema.nodes['paragraph']?.create();
  if (behind === undefined || !paragraph) return null;
  const $behind = tr.doc.resolve(behind);
  if (!$behind.nodeAfter?.isTextblock || $behind.nodeAfter.type.spec.code) {
    if (!$behind.parent.canReplaceWith($behind.index(), $behind.index(), paragraph.type)) return null;
    tr.insert(behind, paragraph);
  }
  return tr.setSelection(Selection.near(tr.doc.resolve(behind + 1))).scrollIntoView();
}

function endOfPasted(selection: Selection, start: number): number | undefined {
  const { $head } = selection;
  for (let depth = 1; depth <= $head.depth; depth++) {
    const isWhole = $head.before(depth) >= start;
    if (isWhole && $head.node(depth).type.spec.isolating) return $head.after(depth);
  }
  return selection instanceof NodeSelection && selection.node.isBlock ? selection.to : undefined;
}

function roleOf({ type }: DocumentNode): unknown {
  return type.spec['tableRole'];
}
