import type { Editor } from '@tiptap/core';
import { keymap } from '@tiptap/pm/keymap';
import { type Command, NodeSelection, type Plugin } from '@tiptap/pm/state';
import { insertBlock } from './insert-block.ts';
import { formulaAt } from './math-view.ts';

/** Enter on a selected formula opens it. */
export function formulaKeys(editor: Editor): Plugin {
  return keymap({
    Enter: ({ selection }, _, view) => {
      const formula = view && selection instanceof NodeSelection ? formulaAt(view, selection.from) : undefined;
      if (!formula || !editor.isEditable) return false;
      formula.edit();
      return true;
    },
  });
}

/** A formula in the line, of what is selected; it is open. */
export const insertInlineFormula: Command = (state, dispatch, view) => {
  const { inlineMath } = state.schema.nodes;
  const { selection, doc, tr } = state;
  if (!inlineMath || !selection.$from.parent.inlineContent) return false;
  const latex = doc.textBetween(selection.from, selection.to);
  dispatch?.(tr.replaceSelectionWith(inlineMath.create({ latex }), false).scrollIntoView());
  if (view) formulaAt(view, selection.from)?.edit();
  return true;
};

/** A formula on a line of its own; it is open. */
export const insertBlockFormula: Command = (state, dispatch, view) => {
  const { blockMath } = state.schema.nodes;
  const tr = blockMath && insertBlock(state, blockMath.create());
  if (!tr) return false;
  dispatch?.(tr);
  if (view) formulaAt(view, tr.selection.from)?.edit();
  return true;
};
