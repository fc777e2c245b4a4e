import type { Editor } from '@tiptap/core';
import {
  AtSign,
  CircleAlert,
  CircleCheck,
  Info,
  ListCollapse,
  Sigma,
  Smile,
  SquareSigma,
  TriangleAlert,
} from 'lucide-static';
import { insertDetails } from '../nodes/details-keys.ts';
import { insertBlockFormula, insertInlineFormula } from '../nodes/formula-keys.ts';
import { askFor } from '../suggest/suggestion.ts';
import type { Command } from './command.ts';

const possible = (): boolean => true;

/** What is more than text: callouts, details, formulas, people and emoji. */
export const insertionCommands: readonly Command[] = [
  callout('info', Info),
  callout('success', CircleCheck),
  callout('warning', TriangleAlert),
  callout('danger', CircleAlert),
  {
    name: 'details',
    group: 'insert',
    icon: ListCollapse,
    needs: 'details',
    slash: true,
    run: ({ view }) => insertDetails(view.state, view.dispatch),
    isPossible: possible,
  },
  {
    name: 'inlineMath',
    group: 'insert',
    icon: Sigma,
    needs: 'inlineMath',
    slash: true,
    run: ({ view }) => insertInlineFormula(view.state, view.dispatch, view),
    isPossible: (state) => state.markable,
  },
  {
    name: 'blockMath',
    group: 'insert',
    icon: SquareSigma,
    needs: 'blockMath',
    slash: true,
    run: ({ view }) => insertBlockFormula(view.state, view.dispatch, view),
    isPossible: possible,
  },
  {
    name: 'mention',
    group: 'insert',
    icon: AtSign,
    needs: 'mention',
    slash: true,
    run: (editor) => askFor(editor, 'mention', '@'),
    isPossible: (state) => state.markable,
  },
  {
    name: 'emoji',
    group: 'insert',
    icon: Smile,
    slash: true,
    run: (editor) => askFor(editor, 'emoji', ':'),
    isPossible: (state) => state.markable,
  },
];

/** Puts what is selected into a callout, or makes the one around it of this kind. */
function callout(kind: string, icon: string): Command {
  return {
    name: `callout-${kind}`,
    group: 'insert',
    icon,
    needs: 'callout',
    slash: true,
    run: (editor) => setCallout(editor, kind),
    isActive: (state) => state.blocks.get('callout')?.['kind'] === kind,
    isPossible: possible,
  };
}

function setCallout(editor: Editor, kind: string): boolean {
  const { commands } = editor;
  if (editor.isActive('callout', { kind })) return commands.lift('callout');
  if (editor.isActive('callout')) return commands.updateAttributes('callout', { kind });
  return commands.wrapIn('callout', { kind });
}
