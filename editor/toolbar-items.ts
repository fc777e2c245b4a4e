import type { ChainedCommands } from '@tiptap/core';
import {
  Bold,
  Code,
  Heading1,
  Heading2,
  Heading3,
  Italic,
  List,
  ListOrdered,
  Redo2,
  SquareCode,
  Strikethrough,
  TextQuote,
  Underline,
  Undo2,
} from 'lucide-static';
import type { ToolbarState } from './toolbar-state.ts';

/** A button of the toolbar. */
export interface ToolbarItem {
  /** Its label is the message of this name. */
  readonly name: string;
  /** SVG text. */
  readonly icon: string;
  /** As ARIA writes it, with `Mod` for Control, or for Command on a Mac. */
  readonly shortcut: string;
  readonly run: (chain: ChainedCommands) => ChainedCommands;
  /** Absent for what is done rather than switched on and off. */
  readonly isPressed?: (state: ToolbarState) => boolean;
  readonly isPossible: (state: ToolbarState) => boolean;
}

type Run = ToolbarItem['run'];

/** The buttons in their groups. */
export const TOOLBAR_GROUPS: readonly (readonly ToolbarItem[])[] = [
  [
    action(
      'undo',
      Undo2,
      'Mod+Z',
      (chain) => chain.undo(),
      (state) => state.undoable,
    ),
    action(
      'redo',
      Redo2,
      'Mod+Shift+Z',
      (chain) => chain.redo(),
      (state) => state.redoable,
    ),
  ],
  [
    block('heading1', Heading1, 'Mod+Alt+1', (chain) => chain.toggleHeading({ level: 1 })),
    block('heading2', Heading2, 'Mod+Alt+2', (chain) => chain.toggleHeading({ level: 2 })),
    block('heading3', Heading3, 'Mod+Alt+3', (chain) => chain.toggleHeading({ level: 3 })),
  ],
  [
    mark('bold', Bold, 'Mod+B', (chain) => chain.toggleBold()),
    mark('italic', Italic, 'Mod+I', (chain) => chain.toggleItalic()),
    mark('underline', Underline, 'Mod+U', (chain) => chain.toggleUnderline()),
    mark('strike', Strikethrough, 'Mod+Shift+S', (chain) => chain.toggleStrike()),
    mark('code', Code, 'Mod+E', (chain) => chain.toggleCode()),
  ],
  [
    block('bulletList', List, 'Mod+Shift+8', (chain) => chain.toggleBulletList()),
    block('orderedList', ListOrdered, 'Mod+Shift+7', (chain) => chain.toggleOrderedList()),
    block('blockquote', TextQuote, 'Mod+Shift+B', (chain) => chain.toggleBlockquote()),
    block('codeBlock', SquareCode, 'Mod+Alt+C', (chain) => chain.toggleCodeBlock()),
  ],
];

function action(
  name: string,
  icon: string,
  shortcut: string,
  run: Run,
  isPossible: ToolbarItem['isPossible'],
): ToolbarItem {
  return { name, icon, shortcut, run, isPossible };
}

function mark(name: string, icon: string, shortcut: string, run: Run): ToolbarItem {
  const isPressed = (state: ToolbarState): boolean => state.marks.has(name);
  return { name, icon, shortcut, run, isPressed, isPossible: (state) => state.markable };
}

function block(name: string, icon: string, shortcut: string, run: Run): ToolbarItem {
  return { name, icon, shortcut, run, isPressed: (state) => state.blocks.has(name), isPossible: () => true };
}
