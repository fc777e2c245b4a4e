import { Redo2, Undo2 } from 'lucide-static';
import type { Command } from './command.ts';

/** What was done, undone and done again: by this person, never by others. */
export const historyCommands: readonly Command[] = [
  {
    name: 'undo',
    group: 'history',
    icon: Undo2,
    shortcut: 'Mod+Z',
    run: (editor) => editor.commands.undo(),
    isPossible: (state) => state.undoable,
  },
  {
    name: 'redo',
    group: 'history',
    icon: Redo2,
    shortcut: 'Mod+Shift+Z',
    run: (editor) => editor.commands.redo(),
    isPossible: (state) => state.redoable,
  },
];
