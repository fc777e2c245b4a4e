import { Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { type ProsemirrorBinding, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import type { RelativePosition, UndoManager } from 'yjs';
import { relativeSelection } from './relative-selection.ts';
import { readUndoManager } from './undo-manager.ts';

interface RelativeSelection {
  readonly anchor: RelativePosition;
  readonly head: RelativePosition;
}

/** The selections around a step, kept with it on the undo stack. */
interface StepSelections {
  readonly before: RelativeSelection | undefined;
  readonly after: RelativeSelection | undefined;
}

type StackItem = UndoManager['undoStack'][number];
interface StackEvent {
  readonly stackItem: StackItem;
  readonly type: 'undo' | 'redo';
}

const KEPT = 'scriptorium: selections';

/**
 * After an undo the caret is where it was before the step, after a redo where it was behind it, wherever others wrote in
 * the meantime. y-tiptap means to do so, but hands the selection on when the change is already in the editor, and the
 * next change of somebody else then makes the caret jump there.
 */
export const undoCaret = Extension.create({
  name: 'undoCaret',
  addProseMirrorPlugins() {
    return [new Plugin({ key: new PluginKey('undoCaret'), view: keepSelections })];
  },
});

function keepSelections(view: EditorView) {
  const undoManager = readUndoManager(view.state);
  const { binding } = ySyncPluginKey.getState(view.state) as { binding: Binding };

  const onAdded = ({ stackItem }: StackEvent): void => {
    if (undoManager?.undoing || undoManager?.redoing) return;
    stackItem.meta.set(KEPT, { before: stackItem.meta.get(binding), after: selectionIn(binding, view.state) });
  };
  const onUpdated = ({ stackItem }: StackEvent): void => {
    const kept = stackItem.meta.get(KEPT) as StepSelections | undefined;
    stackItem.meta.set(KEPT, { before: kept?.before, after: selectionIn(binding, view.state) });
  };
  const onPopped = ({ stackItem, type }: StackEvent): void => {
    binding.beforeTransactionSelection = null;
    const kept = stackItem.meta.get(KEPT) as StepSelections | undefined;
    if (kept === undefined) return;
    const opposite = (type === 'undo' ? undoManager?.redoStack : undoManager?.undoStack)?.at(-1);
    opposite?.meta.set(KEPT, kept);
    const selection = type === 'undo' ? kept.before : kept.after;
    if (selection) select(view, binding, selection);
  };
  undoManager?.on('stack-item-added', onAdded);
  undoManager?.on('stack-item-updated', onUpdated);
  undoManager?.on('stack-item-popped', onPopped);
  return {
    destroy() {
      undoManager?.off('stack-item-added', onAdded);
      undoManager?.off('stack-item-updated', onUpdated);
      undoManager?.off('stack-item-popped', onPopped);
    },
  };
}

/** y-tiptap's binding; a selection to restore with the next change of somebody else may be null. */
type Binding = Omit<ProsemirrorBinding, 'beforeTransactionSelection'> & {
  beforeTransactionSelection: unknown;
};

function selectionIn(binding: Binding, state: EditorState): RelativeSelection {
  return relativeSelection(binding as ProsemirrorBinding).read(state);
}

function select(view: EditorView, binding: Binding, { anchor, head }: RelativeSelection): void {
  const [from, to] = [anchor, head].map((position) =>
    relativePositionToAbsolutePosition(binding.doc, binding.type, position, binding.mapping),
  );
  if (typeof from !== 'number' || typeof to !== 'number') return;
  const { tr } = view.state;
  // Of a part that could not be shown as it is, the binding has places that the document on the screen has not.
  if (Math.max(from, to) > tr.doc.content.size) return;
  view.dispatch(tr.setSelection(TextSelection.between(tr.doc.resolve(from), tr.doc.resolve(to))).scrollIntoView());
}
