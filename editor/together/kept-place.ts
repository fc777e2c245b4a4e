import { Extension } from '@tiptap/core';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type { RelativePosition } from 'yjs';
import { carryOver } from './carry-over.ts';
import { type Binding, resolvePosition } from './cursor.ts';

/** y-tiptap's binding, with the selection that it restores after a change of somebody else. */
interface RestoringBinding extends Binding {
  readonly beforeTransactionSelection: { anchor?: RelativePosition; head?: RelativePosition } | null;
}

/**
 * My selection stays at its words, whatever others do. While they write in its block, y-tiptap takes the right place for a
 * mistake, and looks for the block by its attributes instead. When they turn the block into another, move it or split it,
 * y-tiptap knows places only within the one that is deleted then, and puts the caret anywhere.
 */
export const keptPlace = Extension.create({
  name: 'keptPlace',
  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: new PluginKey('keptPlace'),
        view({ state }) {
          // y-tiptap scrolls to the caret with each change of somebody else, if it was in sight before.
          const { binding } = ySyncPluginKey.getState(state) as { binding: { _isLocalCursorInView(): boolean } };
          binding._isLocalCursorInView = () => false;
          return {};
        },
        appendTransaction(transactions, before, { doc, tr, selection: now }) {
          const isRemote = transactions.some((transaction) => {
            const sync = transaction.getMeta(ySyncPluginKey) as Record<string, unknown> | undefined;
            return sync?.['isChangeOrigin'] === true && sync['isUndoRedoOperation'] !== true;
          });
          const { binding } = ySyncPluginKey.getState(before) as { binding?: RestoringBinding };
          const kept = binding?.beforeTransactionSelection;
          if (!isRemote || !binding || !kept || !(before.selection instanceof TextSelection)) return null;
          const place = (old: number, position: RelativePosition | undefined): number | undefined =>
            position && (resolvePosition(binding, position) ?? carryOver(before.doc, doc, old));
          const end = doc.content.size;
          const anchor = Math.min(place(before.selection.anchor, kept.anchor) ?? now.anchor, end);
          const head = Math.min(place(before.selection.head, kept.head) ?? now.head, end);
          const selection = TextSelection.between(doc.resolve(anchor), doc.resolve(head));
          return selection.eq(now) ? null : tr.setSelection(selection);
        },
      }),
    ];
  },
});
