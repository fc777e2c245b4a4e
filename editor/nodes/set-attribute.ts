import type { Editor } from '@tiptap/core';

/** Changes one attribute of the node at `position`, and leaves the selection where it is. False: there is none. */
export function setAttribute(editor: Editor, position: number | undefined, name: string, value: unknown): boolean {
  if (position === undefined || !editor.state.doc.nodeAt(position)) return false;
  editor.view.dispatch(editor.state.tr.setNodeAttribute(position, name, value));
  return true;
}
