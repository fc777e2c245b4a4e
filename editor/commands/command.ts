import type { Editor } from '@tiptap/core';
import type { CommandState } from './command-state.ts';

/** What belongs together in a menu, in the order in which menus show it. */
export const COMMAND_GROUPS = [
  'history',
  'text',
  'blocks',
  'lists',
  'align',
  'insert',
  'table',
  'color',
  'block',
  'tools',
] as const;

export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/**
 * Something that a person can have the editor do. The toolbar, the slash menu, the menus of a selection and of a block,
 * the palette and the list of shortcuts are all made of these.
 */
export interface Command {
  /** Unique. What it is called is the message of this name, under `commands`, unless it has a `label`. */
  readonly name: string;
  readonly group: CommandGroup;
  /** SVG text. */
  readonly icon: string;
  /** As ARIA writes it, with `Mod` for Control, or for Command on a Mac: `Mod+Shift+8`. */
  readonly shortcut?: string;
  /** Whether the menus have to listen to the shortcut. Default: some extension of the editor has it in its key map. */
  readonly listens?: boolean;
  /** A node or mark that the schema needs to have; without it the command is not there. */
  readonly needs?: string;
  /** What makes a block of its own: the slash menu has it. Default: false. */
  readonly slash?: boolean;
  /** What it is called, for a command that the messages do not know. */
  readonly label?: string;
  /** What it does, in one line, for a command with a `label`. */
  readonly description?: string;
  /** More words by which it is found, beside the message's own. They are not shown, and are in any language. */
  readonly keywords?: readonly string[];
  /** Whether it opens something that takes the focus: the menu that it was chosen from leaves the focus alone. Default: false. */
  readonly opens?: boolean;
  /** Does it to the selection. Focus is the business of the menu that it was chosen from. */
  run(editor: Editor): void;
  /** Whether it is on. Absent for what is done rather than switched on and off. */
  isActive?(state: CommandState): boolean;
  /** Whether it would do something, in a document that may be written in. */
  isPossible(state: CommandState): boolean;
  /** Whether it changes nothing in the document, and so is there for readers too. Default: false. */
  readonly readOnly?: boolean;
}
