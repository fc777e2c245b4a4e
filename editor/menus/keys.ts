import { isPossible, type MenuSession } from './session.ts';
import { isShortcut } from './shortcut.ts';

/**
 * Listens to the shortcuts that no extension of the editor has in its key map, anywhere in the editor and its menus.
 * Returns what ends it.
 */
export function listenToShortcuts(session: MenuSession, frame: HTMLElement): () => void {
  const { editor, catalogue } = session;
  const commands = [...catalogue.values()].filter(({ listens, shortcut }) => listens && shortcut);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented) return;
    const command = commands.find(({ shortcut = '' }) => isShortcut(event, shortcut));
    if (!command) return;
    // In a field of a menu it is not the text that is written in.
    const isInText = event.target instanceof Node && editor.view.dom.contains(event.target);
    if (!isInText && !command.readOnly) return;
    event.preventDefault();
    event.stopPropagation();
    if (isPossible(session, command)) command.run(editor);
  };
  frame.addEventListener('keydown', onKeyDown, true);
  return () => frame.removeEventListener('keydown', onKeyDown, true);
}
