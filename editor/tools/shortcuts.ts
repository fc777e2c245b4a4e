import type { Editor } from '@tiptap/core';
import type { Frame } from '../frame.ts';
import { isShortcut } from '../menus/shortcut.ts';

/** Opens find by its shortcuts, wherever in the editor the focus is: in the toolbar, and in what may only be read, too. */
export function listenForFind(editor: Editor, frame: Frame): void {
  frame.root.addEventListener('keydown', (event) => {
    const replacing = isShortcut(event, 'Mod+Alt+F');
    if (!replacing && !isShortcut(event, 'Mod+F')) return;
    event.preventDefault();
    import('./find/open-find.ts')
      .then(({ openFind }) => openFind(editor, replacing))
      .catch((error: unknown) => console.warn('Find could not be loaded.', error));
  });
}
