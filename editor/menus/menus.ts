import type { Editor } from '@tiptap/core';
import { createCatalogue } from '../commands/catalogue.ts';
import type { Command } from '../commands/command.ts';
import { watchCommands } from '../commands/command-watch.ts';
import { type Opening, setOpener } from '../commands/openers.ts';
import type { MenuOptions } from '../editor-options.ts';
import type { MenuMessages } from '../messages/menus.ts';
import { listenForFind } from '../tools/find/shortcuts.ts';
import { followKeyboard } from '../tools/keyboard-inset.ts';
import { createBlockHandle } from './block-handle.ts';
import { followBlockLinks } from './block-links.ts';
import { createBubble } from './bubble.ts';
import { listenToShortcuts } from './keys.ts';
import { createLinkEditor } from './link-editor.ts';
import type { MenuSession } from './session.ts';
import { createSlashMenu } from './slash.ts';
import { createTableHandles } from './table-handles.ts';
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
  /** Which of them are wanted. */
  readonly menus: MenuOptions;
  /** The embedding product's own. */
  readonly commands: readonly Command[];
}

const ALL = { bubble: true, slash: true, blocks: true, tables: true, palette: true } as const;

/** Makes all menus of an editor. Returns what ends them. */
export function createMenus({ editor, root, toolbar, messages, menus, commands }: MenusContext): () => void {
  const watch = watchCommands(editor);
  const wanted = { ...ALL, ...menus };
  const { bubble: hasBubble, slash: hasSlash, blocks: hasBlocks, palette: hasPalette, blockUrl } = wanted;
  const catalogue = createCatalogue(editor, messages, commands, (name) =>
    name === 'blockMenu' ? hasBlocks : hasPalette || (name !== 'palette' && name !== 'shortcuts'),
  );
  const session: MenuSession = { editor, root, messages, catalogue, watch };
  const bubble = hasBubble ? createBubble(session) : undefined;
  const handle = hasBlocks ? createBlockHandle(session, blockUrl) : undefined;
  const link = createLinkEditor(session, (isEditing) => bubble?.setAside(isEditing));
  let closeDialog: (() => void) | undefined;

  const open = async (what: Opening): Promise<void> => {
    switch (what) {
      case 'link':
        return link.edit();
      case 'blockMenu':
        return handle?.openMenu();
      case 'bar':
        if (!bubble?.focus()) toolbar?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
        return;
      case 'palette': {
        const { openPalette } = await import('./palette.ts');
        closeDialog?.();
        closeDialog = openPalette(session);
        return;
      }
      case 'shortcuts': {
        const { openShortcutSheet } = await import('./shortcut-sheet.ts');
        closeDialog?.();
        closeDialog = openShortcutSheet(session);
      }
    }
  };
  setOpener(editor, (what) => {
    open(what).catch((error: unknown) => console.warn('A part of the editor could not be loaded.', error));
  });
  const ends = [
    () => closeDialog?.(),
    listenForFind(editor),
    followKeyboard(editor),
    link.destroy,
    followBlockLinks(session),
    ...(bubble ? [bubble.destroy] : []),
    ...(handle ? [handle.destroy] : []),
    ...(wanted.tables ? [createTableHandles(session)] : []),
    ...(hasSlash ? [createSlashMenu(session)] : []),
    ...(toolbar ? [fillToolbar(toolbar, session)] : []),
    listenToShortcuts(session, root.parentElement ?? root),
    watch.destroy,
  ];
  return () => {
    for (const end of ends) end();
  };
}
