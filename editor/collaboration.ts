import { Collaboration } from '@tiptap/extension-collaboration';
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';

/**
 * The binding to Yjs, which writes only what was changed here. y-tiptap compares the editor with the shared document at
 * every transaction, also one that only moves a caret. When somebody undoes the last thing in a document, every editor
 * shows an empty paragraph in its place, and each would write its own.
 */
export const collaboration = Collaboration.extend({
  addProseMirrorPlugins() {
    const plugins: Plugin[] = this.parent?.() ?? [];
    for (const { spec } of plugins) if (spec.key === ySyncPluginKey) writeOnlyChanges(spec);
    return [...plugins, takenAsItIs];
  },
});

function writeOnlyChanges(spec: Plugin['spec']): void {
  const createView = spec.view;
  if (!createView) return;
  spec.view = (view) => {
    const binding = createView(view);
    return {
      ...binding,
      update(view, before) {
        if (view.state.doc !== before.doc) binding.update?.(view, before);
      },
    };
  };
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

function isRemote(transaction: Transaction): boolean {
  const meta = transaction.getMeta(ySyncPluginKey) as { readonly isChangeOrigin?: boolean } | undefined;
  return meta?.isChangeOrigin === true;
}
