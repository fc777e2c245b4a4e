import type { Extensions } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';
import { isSafeLink } from './safe-link.ts';

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
      link: { openOnClick: false, defaultProtocol: 'https', isAllowedUri: (url) => isSafeLink(url) },
    }),
  ];
}
