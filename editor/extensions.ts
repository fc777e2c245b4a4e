import type { Extensions } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';

/**
 * The version of the schema below. It grows by one when nodes, marks or attributes are added or mean something else:
 * whoever has an older page open is then told to reload instead of writing without them.
 */
export const SCHEMA_VERSION = 1;

/**
 * The schema: which nodes and marks a document can have, and the keys and input rules that make them.
 * Without collaboration, so that servers and tests can use it too.
 */
export function editorExtensions(): Extensions {
  return [
    StarterKit.configure({
      // Undo is Yjs' business: ProseMirror's own history would also undo what others wrote.
      undoRedo: false,
      // Every client would append its own empty paragraph to the shared document.
      trailingNode: false,
      link: { openOnClick: false, defaultProtocol: 'https' },
    }),
  ];
}
