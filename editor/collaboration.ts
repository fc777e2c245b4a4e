import { Collaboration } from '@tiptap/extension-collaboration';
import type { Plugin } from '@tiptap/pm/state';
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
    return plugins;
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
