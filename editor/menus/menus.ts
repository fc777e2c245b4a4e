import type { Editor } from '@tiptap/core';
import { createCatalogue } from '../commands/catalogue.ts';
import type { Command } from '../commands/command.ts';
import { watchCommands } from '../commands/command-watch.ts';
import type { MenuMessages } from '../messages/menus.ts';
import { listenForFind } from '../tools/find/shortcuts.ts';
import { followKeyboard } from '../tools/keyboard-inset.ts';
import type { MenuSession } from './session.ts';
import { fillToolbar } from './toolbar.ts';

export { menuLanguages } from '../messages/menus.ts';

/** What the menus of an editor are made from. */
export interface MenusContext {
  readonly editor: Editor;
  /** Where popups go. */
  readonly root: HTMLElement;
  /** Where the toolbar goes; undefined: none is wanted. */
  readonly toolbar: HTMLElement | undefined;
  readonly messages: MenuMessages;
  /** The embedding product's own. */
  readonly commands: readonly Command[];
}

/** Makes all menus of an editor. Returns what ends them. */
export function createMenus({ editor, root, toolbar, messages, commands }: MenusContext): () => void {
  const watch = watchCommands(editor);
  const catalogue = createCatalogue(editor, messages, commands);
  const session: MenuSession = { editor, root, messages, catalogue, watch };
  const ends = [listenForFind(editor), followKeyboard(editor), ...(toolbar ? [fillToolbar(toolbar, session)] : [])];
  return () => {
    for (const end of ends) end();
    watch.destroy();
  };
}
