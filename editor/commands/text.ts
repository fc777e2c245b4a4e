import type { Editor } from '@tiptap/core';
import {
  Bold,
  Code,
  Italic,
  Link,
  RemoveFormatting,
  Strikethrough,
  Subscript,
  Superscript,
  Underline,
} from 'lucide-static';
import type { Command } from './command.ts';
import { openFromCommand } from './openers.ts';

/** What is switched on and off for some text. */
export const textCommands: readonly Command[] = [
  toggle('bold', Bold, 'Mod+B', (editor) => editor.commands.toggleBold()),
  toggle('italic', Italic, 'Mod+I', (editor) => editor.commands.toggleItalic()),
  toggle('underline', Underline, 'Mod+U', (editor) => editor.commands.toggleUnderline()),
  toggle('strike', Strikethrough, 'Mod+Shift+S', (editor) => editor.commands.toggleStrike()),
  toggle('code', Code, 'Mod+E', (editor) => editor.commands.toggleCode()),
  {
    name: 'link',
    group: 'text',
    icon: Link,
    shortcut: 'Mod+K',
    listens: true,
    needs: 'link',
    opens: true,
    run: (editor) => openFromCommand(editor, 'link'),
    isActive: (state) => state.marks.has('link'),
    isPossible: (state) => state.markable,
  },
  toggle('subscript', Subscript, 'Mod+,', (editor) => toggleOneOf(editor, 'subscript', 'superscript'), true),
  toggle('superscript', Superscript, 'Mod+.', (editor) => toggleOneOf(editor, 'superscript', 'subscript'), true),
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

/** Text is above the line or below it, not both. */
function toggleOneOf(editor: Editor, name: string, other: string): void {
  editor.chain().unsetMark(other).toggleMark(name).run();
}

/** A command for the mark of its name. */
function toggle(name: string, icon: string, shortcut: string, run: (editor: Editor) => void, listens = false): Command {
  return {
    name,
    group: 'text',
    icon,
    shortcut,
    listens,
    needs: name,
    run,
    isActive: (state) => state.marks.has(name),
    isPossible: (state) => state.markable,
  };
}
