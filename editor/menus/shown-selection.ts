import type { Editor } from '@tiptap/core';

/** The name under which the style sheet knows the highlight. */
const NAME = 'scriptorium-selection';

/**
 * Has the selection of the text stay in sight while the focus is in a field. With the browser's highlights, which are not
 * in the document; where there are none, it is out of sight. Returns what ends it.
 */
export function showSelection(editor: Editor): () => void {
  if (!('highlights' in CSS)) return () => {};
  const show = (): void => {
    const { from, to, empty } = editor.state.selection;
    if (empty) return void CSS.highlights.delete(NAME);
    const start = editor.view.domAtPos(from);
    const end = editor.view.domAtPos(to);
    const range = new Range();
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, end.offset);
    CSS.highlights.set(NAME, new Highlight(range));
  };
  show();
  editor.on('transaction', show);
  return () => {
    editor.off('transaction', show);
    CSS.highlights.delete(NAME);
  };
}
