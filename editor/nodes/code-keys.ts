import type { Editor } from '@tiptap/core';
import { keymap } from '@tiptap/pm/keymap';
import { type Command, type EditorState, type Plugin, TextSelection } from '@tiptap/pm/state';

const INDENT = '  ';

/** In a code block, the tab key indents its lines. */
export function codeKeys(editor: Editor): Plugin {
  const whileEditable =
    (command: Command): Command =>
    (state, dispatch) =>
      editor.isEditable && command(state, dispatch);
  return keymap({ Tab: whileEditable(indent), 'Shift-Tab': whileEditable(outdent), 'Mod-a': selectCode });
}

const indent: Command = (state, dispatch) => {
  const lines = linesOf(state);
  if (!lines) return false;
  const { tr, selection } = state;
  if (selection.empty) tr.insertText(INDENT);
  else for (const { from } of lines.toReversed()) tr.insertText(INDENT, from);
  dispatch?.(tr.scrollIntoView());
  return true;
};

const outdent: Command = (state, dispatch) => {
  const lines = linesOf(state);
  if (!lines) return false;
  const { tr } = state;
  for (const { from, text } of lines.toReversed()) {
    const spaces = /^( {1,2}|\t)/.exec(text)?.[0].length ?? 0;
    if (spaces > 0) tr.delete(from, from + spaces);
  }
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** First the block, and with the next press the document. */
const selectCode: Command = ({ selection, tr }, dispatch) => {
  const { $from, $to } = selection;
  if (!$from.parent.type.spec.code || !$from.sameParent($to)) return false;
  if (selection.from === $from.start() && selection.to === $from.end()) return false;
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, $from.start(), $from.end())));
  return true;
};

/** The lines that the selection touches, when it is in one code block. */
function linesOf({ selection }: EditorState): { from: number; text: string }[] | undefined {
  const { $from, $to } = selection;
  if (!$from.parent.type.spec.code || !$from.sameParent($to)) return undefined;
  let from = $from.start();
  const lines = $from.parent.textContent.split('\n').map((text) => {
    const line = { from, text };
    from += text.length + 1;
    return line;
  });
  return lines.filter((line) => line.from <= selection.to && line.from + line.text.length >= selection.from);
}
