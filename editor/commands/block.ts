import type { Editor } from '@tiptap/core';
import type { NodeRange } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import { ArrowDown, ArrowUp, Copy, GripVertical, Trash2 } from 'lucide-static';
import { placesOfOthers } from '../together/carets.ts';
import { deleteBlocks, duplicateBlocks, moveBlocks, selectedBlocks } from './block-range.ts';
import type { Command } from './command.ts';
import type { CommandState } from './command-state.ts';
import { openFromCommand } from './openers.ts';

/** What is done to whole blocks: those that the selection is in. */
export const wholeBlockCommands: readonly Command[] = [
  {
    ...change('moveUp', ArrowUp, 'Alt+Shift+Up', (tr, range, people) => moveBlocks(tr, range, 'up', people)),
    isPossible: (state: CommandState) => state.movable.up,
  },
  {
    ...change('moveDown', ArrowDown, 'Alt+Shift+Down', (tr, range, people) => moveBlocks(tr, range, 'down', people)),
    isPossible: (state: CommandState) => state.movable.down,
  },
  change('duplicate', Copy, 'Mod+Shift+D', duplicateBlocks),
  change('deleteBlock', Trash2, 'Mod+Shift+Backspace', deleteBlocks),
  {
    name: 'blockMenu',
    group: 'block',
    icon: GripVertical,
    shortcut: 'Mod+Shift+.',
    listens: true,
    opens: true,
    run: (editor) => openFromCommand(editor, 'blockMenu'),
    isPossible: () => true,
  },
];

function change(
  name: string,
  icon: string,
  shortcut: string,
  apply: (tr: Transaction, range: NodeRange, people: readonly number[]) => Transaction,
): Command {
  return {
    name,
    group: 'block',
    icon,
    shortcut,
    listens: true,
    run: ({ state, view }: Editor) => {
      const range = selectedBlocks(state);
      if (range) view.dispatch(apply(state.tr, range, placesOfOthers(state)));
    },
    isPossible: () => true,
  };
}
