import type { EditorState } from '@tiptap/pm/state';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import type { UndoManager } from 'yjs';

/** The undo manager of the collaboration extension. Tracks only what was written in this editor. */
export function readUndoManager(state: EditorState): UndoManager | undefined {
  const plugin = yUndoPluginKey.getState(state) as { undoManager?: UndoManager } | undefined;
  return plugin?.undoManager;
}
