import type { Editor } from '@tiptap/core';
import type { MenuMessages } from '../messages/menus.ts';
import { alignCommands } from './align.ts';
import { wholeBlockCommands } from './block.ts';
import { blockCommands } from './blocks.ts';
import { colorCommands } from './colors.ts';
import type { Command } from './command.ts';
import { historyCommands } from './history.ts';
import { insertionCommands } from './insertions.ts';
import { mediaCommands } from './media.ts';
import { paletteCommands } from './palette.ts';
import { tableCommands } from './tables.ts';
import { textCommands } from './text.ts';
import { viewCommands } from './view.ts';

/** A command with what it is called, in the language of the editor. */
export interface NamedCommand extends Command {
  readonly label: string;
  /** Empty where there is nothing to add. */
  readonly description: string;
  readonly keywords: readonly string[];
}

/** All that an editor can be told to do, by name, in the order in which menus show it. */
export type Catalogue = ReadonlyMap<string, NamedCommand>;

/** Texts by the names of commands. */
type Texts = Readonly<Record<string, string>>;

const BUILT_IN: readonly (readonly Command[])[] = [
  historyCommands,
  textCommands,
  colorCommands,
  blockCommands,
  alignCommands,
  insertionCommands,
  tableCommands,
  mediaCommands,
  wholeBlockCommands,
  paletteCommands,
  viewCommands,
];

/** The commands whose nodes and marks the editor's schema has, and those of the embedding product; one of its own that has the name of a built-in one takes its place. */
export function createCatalogue(
  editor: Editor,
  messages: MenuMessages,
  own: readonly Command[],
  isWanted: (name: string) => boolean,
): Catalogue {
  const { nodes, marks } = editor.schema;
  const labels: Texts = messages.commands;
  const hints: Texts = messages.commandHints;
  const words: Texts = messages.commandKeywords;
  const isThere = ({ name, needs }: Command): boolean =>
    isWanted(name) && (needs === undefined || needs in nodes || needs in marks);
  const named = (command: Command): NamedCommand => {
    const { name, label, description, keywords = [] } = command;
    return {
      ...command,
      label: label ?? labels[name] ?? name,
      description: description ?? hints[name] ?? '',
      keywords: [...keywords, ...(words[name]?.split(', ') ?? [])],
    };
  };
  return new Map([...BUILT_IN.flat(), ...own].filter(isThere).map((command) => [command.name, named(command)]));
}
