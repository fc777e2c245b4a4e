import {
  Heading1,
  Heading2,
  Heading3,
  List,
  ListOrdered,
  ListTodo,
  Pilcrow,
  SeparatorHorizontal,
  SquareCode,
  TextQuote,
} from 'lucide-static';
import type { Command } from './command.ts';
import type { CommandState } from './command-state.ts';

const possible = (): boolean => true;

/** What a block of text is. */
export const blockCommands: readonly Command[] = [
  {
    name: 'paragraph',
    group: 'blocks',
    icon: Pilcrow,
    shortcut: 'Mod+Alt+0',
    slash: true,
    run: (editor) => editor.chain().clearNodes().setParagraph().run(),
    isActive: isPlainParagraph,
    isPossible: possible,
  },
  heading(1, Heading1),
  heading(2, Heading2),
  heading(3, Heading3),
  {
    name: 'bulletList',
    group: 'lists',
    icon: List,
    shortcut: 'Mod+Shift+8',
    needs: 'bulletList',
    slash: true,
    run: (editor) => editor.commands.toggleBulletList(),
    isActive: (state) => state.blocks.has('bulletList'),
    isPossible: possible,
  },
  {
    name: 'orderedList',
    group: 'lists',
    icon: ListOrdered,
    shortcut: 'Mod+Shift+7',
    needs: 'orderedList',
    slash: true,
    run: (editor) => editor.commands.toggleOrderedList(),
    isActive: (state) => state.blocks.has('orderedList'),
    isPossible: possible,
  },
  {
    name: 'taskList',
    group: 'lists',
    icon: ListTodo,
    shortcut: 'Mod+Shift+9',
    listens: true,
    needs: 'taskList',
    slash: true,
    run: (editor) => editor.commands.toggleList('taskList', 'taskItem'),
    isActive: (state) => state.blocks.has('taskList'),
    isPossible: possible,
  },
  {
    name: 'blockquote',
    group: 'blocks',
    icon: TextQuote,
    shortcut: 'Mod+Shift+B',
    needs: 'blockquote',
    slash: true,
    run: (editor) => editor.commands.toggleBlockquote(),
    isActive: (state) => state.blocks.has('blockquote'),
    isPossible: possible,
  },
  {
    name: 'codeBlock',
    group: 'blocks',
    icon: SquareCode,
    shortcut: 'Mod+Alt+C',
    needs: 'codeBlock',
    slash: true,
    run: (editor) => editor.commands.toggleCodeBlock(),
    isActive: (state) => state.blocks.has('codeBlock'),
    isPossible: possible,
  },
  {
    name: 'horizontalRule',
    group: 'insert',
    icon: SeparatorHorizontal,
    needs: 'horizontalRule',
    slash: true,
    run: (editor) => editor.commands.setHorizontalRule(),
    isPossible: possible,
  },
];

function heading(level: 1 | 2 | 3, icon: string): Command {
  return {
    name: `heading${level}`,
    group: 'blocks',
    icon,
    shortcut: `Mod+Alt+${level}`,
    needs: 'heading',
    slash: true,
    keywords: [`h${level}`, '#'.repeat(level)],
    run: (editor) => editor.commands.toggleHeading({ level }),
    isActive: (state) => state.blocks.get('heading')?.['level'] === level,
    isPossible: possible,
  };
}

const OTHER_TYPES = ['bulletList', 'orderedList', 'taskList', 'blockquote'];

/** A paragraph in a list or a quote is what that is. */
function isPlainParagraph({ blocks }: CommandState): boolean {
  return blocks.has('paragraph') && !OTHER_TYPES.some((name) => blocks.has(name));
}
