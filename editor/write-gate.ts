import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';

/**
 * Lets no local change through unless `isOpen` says so. Whatever is written before the first sync goes into a document
 * that is empty only because its content has not arrived, and leaves an extra paragraph in the shared one. The
 * `editable` flag alone stops keys, but not commands.
 */
export function writeGate(isOpen: () => boolean): Extension {
  return Extension.create({
    name: 'writeGate',
    addProseMirrorPlugins() {
      return [
        new Plugin({
          key: new PluginKey('writeGate'),
          filterTransaction: (transaction) =>
            isOpen() || !transaction.docChanged || transaction.getMeta(ySyncPluginKey) !== undefined,
        }),
      ];
    },
  });
}
