import type { Editor } from '@tiptap/core';
import type { EditorOptions, MenuOptions } from '../editor-options.ts';
import type { Frame } from '../frame.ts';
import type { Messages } from '../messages/index.ts';

/**
 * Gives an editor its menus, which are loaded when there is time for them (`idle`); the toolbar's place is kept. Returns
 * what ends them.
 */
export function attachMenus(
  editor: Editor,
  frame: Frame,
  messages: Messages,
  options: EditorOptions,
  idle: Promise<void>,
): () => void {
  let end: (() => void) | undefined;
  let isWanted = true;
  const toolbar = options.toolbar === false ? undefined : createToolbarPlace(messages);
  if (toolbar) frame.addToolbar(toolbar);
  const menus = options.menus === false ? NO_MENUS : (options.menus ?? {});
  const root = document.createElement('div');
  root.className = 'scriptorium-menus';
  frame.addMenus(root);
  const load = (): Promise<void> =>
    idle
      .then(() => import('./menus.ts'))
      .then(async ({ createMenus, menuLanguages }) => {
        const { messages } = await menuLanguages.find(options.locale, options.messages);
        if (isWanted) end = createMenus({ editor, root, toolbar, messages, menus, commands: options.commands ?? [] });
      });
  // One can write without them, as after an update of the server that this page was loaded before.
  load().catch((error: unknown) => console.warn('The menus of the editor could not be loaded.', error));
  return () => {
    isWanted = false;
    end?.();
    toolbar?.remove();
    root.remove();
  };
}

/** The toolbar has an option of its own. */
const NO_MENUS: MenuOptions = { bubble: false, slash: false, blocks: false, tables: false, palette: false };

/** Empty, and as high as the toolbar will be. */
function createToolbarPlace(messages: Messages): HTMLElement {
  const toolbar = document.createElement('div');
  toolbar.className = 'scriptorium-toolbar';
  toolbar.role = 'toolbar';
  toolbar.ariaLabel = messages.toolbar.label;
  return toolbar;
}
