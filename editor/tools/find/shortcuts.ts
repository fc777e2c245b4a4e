import type { Editor } from '@tiptap/core';
import { isShortcut } from '../../menus/shortcut.ts';
import { toolboxOf } from '../toolbox.ts';

/** Opens find by its shortcuts, wherever in the editor the focus is: in the toolbar, and in what may only be read, too. Returns what ends it. */
export function listenForFind(editor: Editor): () => void {
  const { root } = toolboxOf(editor).frame;
  const onKeyDown = (event: KeyboardEvent): void => {
    const replacing = isShortcut(event, 'Mod+Alt+F');
    if (!replacing && !isShortcut(event, 'Mod+F')) return;
    event.preventDefault();
    import('./open-find.ts')
      .then(({ openFind }) => openFind(editor, replacing))
      .catch((error: unknown) => console.warn('Find could not be loaded.', error));
  };
  root.addEventListener('keydown', onKeyDown);
  return () => root.removeEventListener('keydown', onKeyDown);
}
