import type { Editor } from '@tiptap/core';
import type { Catalogue, NamedCommand } from '../commands/catalogue.ts';
import type { CommandWatch } from '../commands/command-watch.ts';
import type { MenuMessages } from '../messages/menus.ts';

/** What all menus of one editor share. */
export interface MenuSession {
  readonly editor: Editor;
  /** Where popups go, so that they look as the editor does. */
  readonly root: HTMLElement;
  readonly messages: MenuMessages;
  readonly catalogue: Catalogue;
  readonly watch: CommandWatch;
}

/** Whether a command would do something now. */
export function isPossible({ editor, watch }: MenuSession, command: NamedCommand): boolean {
  return (editor.isEditable || command.readOnly === true) && command.isPossible(watch.state);
}

/** Runs a command on the way back to the text. */
export function runFromMenu(session: MenuSession, command: NamedCommand): void {
  if (!isPossible(session, command)) return;
  if (!command.opens) session.editor.view.focus();
  command.run(session.editor);
}
