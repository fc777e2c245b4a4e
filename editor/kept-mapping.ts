import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';

/**
 * The nodes that y-tiptap made of the shared types. With every change of somebody else it takes out those that changed,
 * and then clears the whole mapping all the same, so that each remote keystroke makes all nodes of the document anew and
 * compares them: most of what it costs in a long document. Here what did not change is the same node as before.
 */
class KeptMapping extends Map<unknown, unknown> {
  override clear(): void {}
}

interface Binding {
  mapping: Map<unknown, unknown>;
  doc: Y.Doc;
  beforeTransactionSelection: { absAnchor?: number; absHead?: number } | null;
}

/** Of an empty document: that of one empty paragraph. */
const EMPTY_SIZE = 2;

/** Has y-tiptap keep what it knows of the parts of the document that did not change. */
export const keptMapping = Extension.create({
  name: 'keptMapping',
  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: new PluginKey('keptMapping'),
        view(editor) {
          const { binding } = ySyncPluginKey.getState(editor.state) as { binding: Binding };
          binding.mapping = new KeptMapping(binding.mapping);
          // y-tiptap looks through all that arrives for the place where the caret was; in what is empty there was none.
          const forgetPlace = (): void => {
            const selection = binding.beforeTransactionSelection;
            if (selection === null || editor.state.doc.content.size > EMPTY_SIZE) return;
            delete selection.absAnchor;
            delete selection.absHead;
          };
          binding.doc.on('beforeAllTransactions', forgetPlace);
          return {
            // One change of somebody else may draw the document several times. The selection that is to be restored is
            // measured before the first; with places of a document that is gone, the next would throw.
            update(view) {
              const selection = binding.beforeTransactionSelection;
              if (selection?.absAnchor === undefined) return;
              selection.absAnchor = view.state.selection.anchor;
              selection.absHead = view.state.selection.head;
            },
            destroy: () => binding.doc.off('beforeAllTransactions', forgetPlace),
          };
        },
      }),
    ];
  },
});
