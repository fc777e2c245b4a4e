import { Command as CommandIcon, Keyboard, PanelTop } from 'lucide-static';
import type { Command } from './command.ts';
import { type Opening, openFromCommand } from './openers.ts';

/** What leads to all other commands. */
export const paletteCommands: readonly Command[] = [
  open('palette', CommandIcon, 'Mod+Shift+P'),
  open('shortcuts', Keyboard, 'Mod+/'),
  open('bar', PanelTop, 'Alt+F10'),
];

function open(name: Opening, icon: string, shortcut: string): Command {
  return {
    name,
    group: 'tools',
    icon,
    shortcut,
    listens: true,
    opens: true,
    readOnly: true,
    run: (editor) => openFromCommand(editor, name),
    isPossible: () => true,
  };
}
