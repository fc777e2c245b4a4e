import type { Editor } from '@tiptap/core';
import { createCatalogue } from '../commands/catalogue.ts';
import type { Command } from '../commands/command.ts';
import type { Messages } from '../messages/index.ts';
import { fillToolbar } from './toolbar.ts';

/** What the menus of an editor are made from. */
export interface MenusContext {
  readonly editor: Editor;
  /** Where the toolbar goes; undefined: none is wanted. */
  readonly toolbar: HTMLElement | undefined;
  readonly messages: Messages;
  /** The embedding product's own. */
  readonly commands: readonly Command[];
}

/** Makes all menus of an editor. Returns what ends them. */
export function createMenus({ editor, toolbar, messages, commands }: MenusContext): () => void {
  const catalogue = createCatalogue(editor, messages, commands);
  const ends = [...(toolbar ? [fillToolbar(toolbar, editor, catalogue)] : [])];
  return () => {
    for (const end of ends) end();
  };
}
