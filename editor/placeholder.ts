import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';

/** Puts what `text` gives on the editor's root as `data-placeholder` while the document is empty; the style sheet shows it. */
export function placeholder(text: () => string): Extension {
  return Extension.create({
    name: 'placeholder',
    addProseMirrorPlugins() {
      return [
        new Plugin({
          key: new PluginKey('placeholder'),
          props: {
            attributes: (state): Record<string, string> =>
              isEmpty(state.doc) ? { 'data-placeholder': text(), 'aria-placeholder': text() } : {},
          },
        }),
      ];
    },
  });
}

function isEmpty(doc: Node): boolean {
  const only = doc.childCount === 1 ? doc.firstChild : null;
  return only !== null && only.type.name === 'paragraph' && only.content.size === 0;
}
