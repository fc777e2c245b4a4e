import { Collaboration } from '@tiptap/extension-collaboration';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { type ProsemirrorBinding, updateYFragment, ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap';
import { narrowChanges } from './narrow-changes.ts';

/** Writes what changed into the shared document, or a part of it. */
type Writing = (binding: ProsemirrorBinding) => void;

const writtenBefore = new PluginKey<Writing | undefined>('writtenBefore');

/**
 * The binding to Yjs, which writes only what was changed here. y-tiptap compares the editor with the shared document at
 * every transaction, also one that only moves a caret. When somebody undoes the last thing in a document, every editor
 * shows an empty paragraph in its place, and each would write its own.
 */
export const collaboration = Collaboration.extend({
  addProseMirrorPlugins() {
    const plugins: Plugin[] = this.parent?.() ?? [];
    for (const { spec } of plugins) {
      if (spec.key === ySyncPluginKey) writeOnlyChanges(spec);
      if (spec.key === yUndoPluginKey) keepBeforeOwn(spec);
    }
    return [...plugins, takenAsItIs, writings];
  },
});

function writeOnlyChanges(spec: Plugin['spec']): void {
  const createView = spec.view;
  if (!createView) return;
  let isDrawn = false;
  spec.view = (view) => {
    const shared = ySyncPluginKey.getState(view.state) as { binding: ProsemirrorBinding };
    if (!isDrawn) narrowChanges(shared.binding);
    const binding = isDrawn ? withoutDrawing(view.state, () => createView(view)) : createView(view);
    isDrawn = true;
    return {
      ...binding,
      update(view, before) {
        if (view.state.doc === before.doc) return;
        writeBefore(view.state);
        binding.update?.(view, before);
      },
    };
  };
}

/** Where the selection was before the last change is for the undo stack, which has nothing of others. */
function keepBeforeOwn({ state }: Plugin['spec']): void {
  if (!state) return;
  const { apply } = state;
  state.apply = (transaction, value, ...states) =>
    isOfOthers(transaction) ? value : apply(transaction, value, ...states);
}

/**
 * The views of all plugins are made anew whenever a plugin is registered. y-tiptap then draws the document again, of nodes
 * that are equal and others than those that ProseMirror's view has: with each change of somebody else they would all be
 * compared.
 */
function withoutDrawing<T>(state: EditorState, createView: () => T): T {
  const { binding } = ySyncPluginKey.getState(state) as { binding: ProsemirrorBinding };
  Object.defineProperty(binding, '_forceRerender', { value: () => {}, configurable: true });
  try {
    return createView();
  } finally {
    Reflect.deleteProperty(binding, '_forceRerender');
  }
}

/**
 * Has the binding write each step of a transaction by itself. It compares documents: of a block that is put in behind and
 * taken out in front it may make changes of the text of those in between, and what others type in them in that moment
 * lands in a neighbour. After each step alone there is nothing to mistake.
 */
export function writeInSteps(transaction: Transaction): Transaction {
  return writeYourself(transaction, stepByStep(transaction));
}

function stepByStep({ docs }: Transaction): Writing {
  return (binding) => {
    for (const doc of docs.slice(1)) updateYFragment(binding.doc, binding.type, doc, binding);
  };
}

/** Has `writing` write what a transaction changes. What it leaves out, the binding writes by comparing. */
export function writeYourself(transaction: Transaction, writing: Writing): Transaction {
  return transaction.setMeta(writtenBefore, writing);
}

/** What is to write next. */
const writings = new Plugin<Writing | undefined>({
  key: writtenBefore,
  state: {
    init: () => undefined,
    apply(transaction, writing) {
      // What is dropped is a move, too.
      const isDropped = transaction.getMeta('uiEvent') === 'drop';
      const own = isDropped ? stepByStep(transaction) : (transaction.getMeta(writtenBefore) as Writing | undefined);
      return own ?? (transaction.getMeta('appendedTransaction') ? writing : undefined);
    },
  },
});

/** In one transaction: whoever gets only a part of a move sees a block twice, or writes in the one that is about to go. */
function writeBefore(state: EditorState): void {
  const writing = writtenBefore.getState(state);
  if (!writing) return;
  const { binding } = ySyncPluginKey.getState(state) as { binding: ProsemirrorBinding };
  binding.mux(() => {
    binding.doc.transact(() => {
      writing(binding);
      updateYFragment(binding.doc, binding.type, state.doc, binding);
    }, ySyncPluginKey);
  });
}

/**
 * When all was selected and there is no text any more, Tiptap makes paragraphs of everything: for somebody who deletes
 * all. After a change of somebody else, the editor would show what nobody wrote.
 */
const takenAsItIs = new Plugin({
  key: new PluginKey('takenAsItIs'),
  filterTransaction(transaction) {
    if (isRemote(transaction)) transaction.setMeta('preventClearDocument', true);
    return true;
  },
});

interface SyncMeta {
  readonly isChangeOrigin?: boolean;
  readonly isUndoRedoOperation?: boolean;
}

function isRemote(transaction: Transaction): boolean {
  return (transaction.getMeta(ySyncPluginKey) as SyncMeta | undefined)?.isChangeOrigin === true;
}

/** What I undo comes in the same way. */
function isOfOthers(transaction: Transaction): boolean {
  const meta = transaction.getMeta(ySyncPluginKey) as SyncMeta | undefined;
  return meta?.isChangeOrigin === true && meta.isUndoRedoOperation !== true;
}
