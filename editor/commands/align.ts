import { TextAlignCenter, TextAlignEnd, TextAlignJustify, TextAlignStart } from 'lucide-static';
import type { Command } from './command.ts';
import type { CommandState } from './command-state.ts';

/** Where the lines of a paragraph or a heading begin. What is at the start has no alignment: it follows the direction of the text. */
export const alignCommands: readonly Command[] = [
  align('alignStart', null, TextAlignStart, 'Mod+Shift+L'),
  align('alignCenter', 'center', TextAlignCenter, 'Mod+Shift+E'),
  align('alignEnd', 'right', TextAlignEnd, 'Mod+Shift+R'),
  align('alignJustify', 'justify', TextAlignJustify, 'Mod+Shift+J'),
];

function align(name: string, textAlign: string | null, icon: string, shortcut: string): Command {
  return {
    name,
    group: 'align',
    icon,
    shortcut,
    listens: true,
    needs: 'heading',
    run: (editor) =>
      editor.chain().updateAttributes('paragraph', { textAlign }).updateAttributes('heading', { textAlign }).run(),
    isActive: (state) => hasText(state) && alignmentOf(state) === textAlign,
    isPossible: hasText,
  };
}

function hasText({ blocks }: CommandState): boolean {
  return blocks.has('paragraph') || blocks.has('heading');
}

function alignmentOf({ blocks }: CommandState): unknown {
  const { textAlign = null } = blocks.get('heading') ?? blocks.get('paragraph') ?? {};
  return textAlign === 'left' ? null : textAlign;
}
