import type { Attrs, Mark, ResolvedPos } from '@tiptap/pm/model';
import { AllSelection, type EditorState, NodeSelection, Selection } from '@tiptap/pm/state';
import { type ViewMode, viewModesIn } from '../tools/view-modes.ts';
import { readUndoManager } from '../undo-manager.ts';
import { canMove, selectedBlocks } from './block-range.ts';

/** Where the selection is, in plain values: what commands need to know whether they are on and whether they are possible. */
export interface CommandState {
  /** The marks that all of the selection has, or that the next typed character will have, by name, with their attributes. */
  readonly marks: ReadonlyMap<string, Attrs>;
  /**
   * The blocks around the start of the selection, and the selected node, by name, with their attributes: of two with one
   * name the inner. Of nested lists there is only the innermost, whatever its kind.
   */
  readonly blocks: ReadonlyMap<string, Attrs>;
  /** Whether text here can be marked: not in a code block. */
  readonly markable: boolean;
  /** Whether there is a selection, and not only a caret. */
  readonly selected: boolean;
  /** How the person looks at the document. */
  readonly modes: ReadonlySet<ViewMode>;
  /** Whether there is a place for the selected blocks before or behind their neighbours. */
  readonly movable: { readonly up: boolean; readonly down: boolean };
  readonly undoable: boolean;
  readonly redoable: boolean;
}

const LISTS: ReadonlySet<string> = new Set(['bulletList', 'orderedList', 'taskList']);

/** All of it in one pass over the selection: `editor.isActive` would walk the selection once for every button. */
export function readCommandState(state: EditorState): CommandState {
  const { selection, doc } = state;
  // "Select all" starts outside of all blocks.
  const { $from } = selection instanceof AllSelection ? Selection.atStart(doc) : selection;
  const undoManager = readUndoManager(state);
  const blocks = selectedBlocks(state);
  return {
    marks: selection.empty ? attributesOf(state.storedMarks ?? $from.marks()) : sharedMarks(state),
    blocks: blocksAround($from, selection instanceof NodeSelection ? selection : undefined),
    markable: $from.parent.inlineContent && !$from.parent.type.spec.code,
    selected: !selection.empty,
    modes: viewModesIn(state),
    movable: { up: canMove(blocks, 'up'), down: canMove(blocks, 'down') },
    undoable: (undoManager?.undoStack.length ?? 0) > 0,
    redoable: (undoManager?.redoStack.length ?? 0) > 0,
  };
}

/** Whether two say the same. What is the same text in two states has the same attributes, not only equal ones. */
export function isSameState(one: CommandState, other: CommandState): boolean {
  const isSame = (a: ReadonlyMap<string, Attrs>, b: ReadonlyMap<string, Attrs>): boolean =>
    a.size === b.size && [...a].every(([name, attributes]) => b.get(name) === attributes);
  return (
    isSame(one.marks, other.marks) &&
    isSame(one.blocks, other.blocks) &&
    one.markable === other.markable &&
    one.selected === other.selected &&
    one.modes === other.modes &&
    one.movable.up === other.movable.up &&
    one.movable.down === other.movable.down &&
    one.undoable === other.undoable &&
    one.redoable === other.redoable
  );
}

function attributesOf(marks: readonly Mark[]): Map<string, Attrs> {
  return new Map(marks.map((mark) => [mark.type.name, mark.attrs]));
}

function sharedMarks({ selection, doc }: EditorState): Map<string, Attrs> {
  let shared: Map<string, Attrs> | undefined;
  doc.nodesBetween(selection.from, selection.to, (node) => {
    if (shared?.size === 0) return false;
    if (!node.isText) return true;
    const marks = attributesOf(node.marks);
    if (shared === undefined) shared = marks;
    else for (const name of shared.keys()) if (!marks.has(name)) shared.delete(name);
    return false;
  });
  return shared ?? new Map();
}

function blocksAround($from: ResolvedPos, selected: NodeSelection | undefined): Map<string, Attrs> {
  const blocks = new Map<string, Attrs>();
  let hasList = false;
  if (selected) blocks.set(selected.node.type.name, selected.node.attrs);
  for (let depth = $from.depth; depth > 0; depth--) {
    const { type, attrs } = $from.node(depth);
    // Of nested lists only the innermost counts: it is the one that a command would change.
    if (LISTS.has(type.name) && hasList) continue;
    hasList ||= LISTS.has(type.name);
    if (!blocks.has(type.name)) blocks.set(type.name, attrs);
  }
  return blocks;
}
