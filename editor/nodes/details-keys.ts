import type { Editor } from '@tiptap/core';
import { keydownHandler } from '@tiptap/pm/keymap';
import { type Command, Plugin, PluginKey, Selection, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { detailsAt, openAround } from './details-view.ts';
import { insertBlock } from './insert-block.ts';

/** Keys in what can be folded up, and that the caret is never in what is folded. */
export function detailsKeys(editor: Editor): Plugin {
  const onKey = keydownHandler({
    Enter: (state, dispatch, view) => enterContent(state, dispatch, view) || leaveContent(state, dispatch),
    'Mod-Enter': toggle,
    Backspace: (state, dispatch) => editor.isEditable && unwrap(state, dispatch),
  });
  return new Plugin({
    key: new PluginKey('detailsKeys'),
    props: { handleKeyDown: onKey },
    view: () => ({ update: openAroundCaret }),
  });
}

/** Folds what is selected, or the paragraph of the caret, under a summary. */
export const insertDetails: Command = (state, dispatch) => {
  const { details, detailsSummary, detailsContent, paragraph } = state.schema.nodes;
  if (!details || !detailsSummary || !detailsContent || !paragraph) return false;
  const node = details.create(null, [detailsSummary.create(), detailsContent.create(null, paragraph.create())]);
  const tr = insertBlock(state, node);
  if (tr) dispatch?.(tr);
  return tr !== undefined;
};

const enterContent: Command = ({ selection, tr }, dispatch, view) => {
  const { $from, empty } = selection;
  if ($from.parent.type.name !== 'detailsSummary') return false;
  if (!empty || !view || !dispatch) return true;
  const details = detailsAt(view, $from.before(-1));
  details?.toggle(true);
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve($from.after() + 1))).scrollIntoView());
  return true;
};

/** Enter in an empty last paragraph goes on below. */
const leaveContent: Command = ({ selection, tr, schema }, dispatch) => {
  const { $from, empty } = selection;
  const paragraph = schema.nodes['paragraph'];
  if (!empty || !paragraph || $from.parent.type !== paragraph || $from.parent.content.size > 0) return false;
  const content = $from.node(-1);
  if (content?.type.name !== 'detailsContent' || content.childCount < 2) return false;
  if ($from.index(-1) !== content.childCount - 1) return false;
  const behind = $from.after(-2);
  tr.insert(behind, paragraph.create()).delete($from.before(), $from.after());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, tr.mapping.map(behind, -1) + 1)).scrollIntoView());
  return true;
};

/** Opens or closes the details around the caret. */
export const toggle: Command = ({ selection: { $from } }, dispatch, view) => {
  if ($from.parent.type.name !== 'detailsSummary' || !view) return false;
  const details = detailsAt(view, $from.before(-1));
  if (dispatch) details?.toggle(!details.isOpen);
  return true;
};

/** Backspace at the start of a summary leaves a paragraph and what was folded up. */
const unwrap: Command = ({ selection, tr, schema }, dispatch) => {
  const { $from, empty } = selection;
  const { paragraph } = schema.nodes;
  if (!empty || !paragraph || $from.parent.type.name !== 'detailsSummary' || $from.parentOffset > 0) return false;
  const details = $from.node(-1);
  const start = $from.before(-1);
  const summary = paragraph.create(null, $from.parent.content);
  tr.replaceWith(start, start + details.nodeSize, [summary, ...(details.lastChild?.children ?? [])]);
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, start + 1)).scrollIntoView());
  return true;
};

function openAroundCaret(view: EditorView): void {
  openAround(view, view.state.selection.$head);
}
