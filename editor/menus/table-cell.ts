import type { Editor } from '@tiptap/core';
import { type EditorState, Selection } from '@tiptap/pm/state';
import { CellSelection, TableMap } from '@tiptap/pm/tables';
import type { TableAxis } from '../nodes/table-commands.ts';
import type { HeldBlock } from './held-block.ts';

/** Where the cell is that the caret is in; undefined outside of tables. */
export function cellOfCaret({ selection }: EditorState): number | undefined {
  if (selection instanceof CellSelection) return selection.$headCell.pos;
  const { $head } = selection;
  for (let depth = $head.depth; depth > 0; depth--) {
    if (/cell$/.test(String($head.node(depth).type.spec['tableRole']))) return $head.before(depth);
  }
  return undefined;
}

/** The cell of an element within the text; undefined where it is in none. */
export function cellOfElement({ view }: Editor, element: Element): number | undefined {
  const dom = element.closest('td, th');
  if (!dom || !view.dom.contains(dom)) return undefined;
  const position = view.posAtDOM(dom, 0) - 1;
  return /cell$/.test(String(view.state.doc.nodeAt(position)?.type.spec['tableRole'])) ? position : undefined;
}

/** Whether a cell begins in the first row or column. */
export function isFirst(editor: Editor, cell: HeldBlock, axis: TableAxis): boolean {
  const place = cell.find();
  if (!place) return false;
  const $cell = editor.state.doc.resolve(place.position);
  const rect = TableMap.get($cell.node(-1)).findCell(place.position - $cell.start(-1));
  return (axis === 'row' ? rect.top : rect.left) === 0;
}

/** Selects the whole row or column of a cell, or the cell alone. False: it has gone. */
export function selectCells({ state, view }: Editor, cell: HeldBlock, what: TableAxis | 'cell'): boolean {
  const place = cell.find();
  if (!place) return false;
  const $cell = state.doc.resolve(place.position);
  const selection =
    what === 'cell'
      ? Selection.near(state.doc.resolve(place.position + 1))
      : what === 'row'
        ? CellSelection.rowSelection($cell)
        : CellSelection.colSelection($cell);
  if (!state.selection.eq(selection)) view.dispatch(state.tr.setSelection(selection));
  return true;
}
