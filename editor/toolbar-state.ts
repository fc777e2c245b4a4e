import type { ResolvedPos } from '@tiptap/pm/model';
import { AllSelection, type EditorState, Selection } from '@tiptap/pm/state';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import type { UndoManager } from 'yjs';

/** What the toolbar shows, in plain values. */
export interface ToolbarState {
  /** Names of the marks that all of the selection has, or that the next typed character will have. */
  readonly marks: ReadonlySet<string>;
  /** Names of the blocks around the start of the selection, e.g. `bulletList`; a heading also as `heading1` to `heading6`. */
  readonly blocks: ReadonlySet<string>;
  /** Whether text here can be marked: not in a code block. */
  readonly markable: boolean;
  readonly undoable: boolean;
  readonly redoable: boolean;
}

/** All of it in one pass over the selection: `editor.isActive` would walk the selection once for every button. */
export function readToolbarState(state: EditorState): ToolbarState {
  const { empty } = state.selection;
  // "Select all" starts outside of all blocks.
  const { $from } = state.selection instanceof AllSelection ? Selection.atStart(state.doc) : state.selection;
  const undoManager = readUndoManager(state);
  return {
    marks: empty ? new Set((state.storedMarks ?? $from.marks()).map((mark) => mark.type.name)) : sharedMarks(state),
    blocks: blocksAround($from),
    markable: !$from.parent.type.spec.code,
    undoable: (undoManager?.undoStack.length ?? 0) > 0,
    redoable: (undoManager?.redoStack.length ?? 0) > 0,
  };
}

/** The undo manager of the collaboration extension. Tracks only what was written in this editor. */
export function readUndoManager(state: EditorState): UndoManager | undefined {
  const plugin = yUndoPluginKey.getState(state) as { undoManager?: UndoManager } | undefined;
  return plugin?.undoManager;
}

function sharedMarks(state: EditorState): Set<string> {
  const { from, to } = state.selection;
  let shared: Set<string> | undefined;
  state.doc.nodesBetween(from, to, (node) => {
    if (shared?.size === 0) return false;
    if (!node.isText) return true;
    const names = node.marks.map((mark) => mark.type.name);
    shared = new Set(shared === undefined ? names : names.filter((name) => shared?.has(name)));
    return false;
  });
  return shared ?? new Set();
}

function blocksAround($from: ResolvedPos): Set<string> {
  const blocks = new Set<string>();
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    // Of nested lists only the innermost counts: it is the one that a button would change.
    const isList = node.type.name === 'bulletList' || node.type.name === 'orderedList';
    if (isList && (blocks.has('bulletList') || blocks.has('orderedList'))) continue;
    blocks.add(node.type.name);
    if (node.type.name === 'heading') blocks.add(`heading${node.attrs['level']}`);
  }
  return blocks;
}
