import type { Editor } from '@tiptap/core';
import { Bold, Code, Italic, RemoveFormatting, Strikethrough, Underline } from 'lucide-static';
import type { Command } from './command.ts';

/** What is switched on and off for some text. */
export const textCommands: readonly Command[] = [
  toggle('bold', Bold, 'Mod+B', (editor) => editor.commands.toggleBold()),
  toggle('italic', Italic, 'Mod+I', (editor) => editor.commands.toggleItalic()),
  toggle('underline', Underline, 'Mod+U', (editor) => editor.commands.toggleUnderline()),
  toggle('strike', Strikethrough, 'Mod+Shift+S', (editor) => editor.commands.toggleStrike()),
  toggle('code', Code, 'Mod+E', (editor) => editor.commands.toggleCode()),
  {
    name: 'clearFormat',
    group: 'text',
    icon: RemoveFormatting,
    shortcut: 'Mod+\\',
    listens: true,
    run: (editor) => editor.commands.unsetAllMarks(),
    isPossible: (state) => state.selected && state.markable,
  },
];

/** A command for the mark of its name. */
export function toggle(name: string, icon: string, shortcut: string, run: (editor: Editor) => void): Command {
  return {
    name,
    group: 'text',
    icon,
    ...(shortcut && { shortcut }),
    needs: name,
    run,
    isActive: (state) => state.marks.has(name),
    isPossible: (state) => state.markable,
  };
}
