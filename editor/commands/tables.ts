import type { Editor } from '@tiptap/core';
import type { Command as EditorCommand } from '@tiptap/pm/state';
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  deleteColumn,
  deleteRow,
  deleteTable,
  mergeCells,
  splitCell,
  toggleHeader,
} from '@tiptap/pm/tables';
import {
  BetweenHorizontalEnd,
  BetweenHorizontalStart,
  BetweenVerticalEnd,
  BetweenVerticalStart,
  PanelLeft,
  PanelTop,
  Table,
  TableCellsMerge,
  TableCellsSplit,
  TableColumnsSplit,
  TableRowsSplit,
  Trash2,
} from 'lucide-static';
import { inShape, insertTable } from '../nodes/table-commands.ts';
import type { Command } from './command.ts';
import type { CommandState } from './command-state.ts';

/** A table to begin with: three columns, and two rows below their heads. */
const NEW_TABLE = insertTable(3, 3);

const withTable = (state: CommandState): boolean => state.blocks.has('table');

/** Making a table, and changing the one that the caret is in. */
export const tableCommands: readonly Command[] = [
  {
    name: 'table',
    group: 'insert',
    icon: Table,
    needs: 'table',
    slash: true,
    run: (editor) => perform(editor, NEW_TABLE),
    isPossible: (state) => !withTable(state),
  },
  inTable('addRowBefore', BetweenHorizontalEnd, addRowBefore),
  inTable('addRowAfter', BetweenHorizontalStart, addRowAfter),
  inTable('addColumnBefore', BetweenVerticalEnd, addColumnBefore),
  inTable('addColumnAfter', BetweenVerticalStart, addColumnAfter),
  inTable('toggleHeaderRow', PanelTop, toggleHeader('row')),
  inTable('toggleHeaderColumn', PanelLeft, toggleHeader('column')),
  { ...inTable('mergeCells', TableCellsMerge, mergeCells), isPossible: (state) => withTable(state) && state.selected },
  inTable('splitCell', TableCellsSplit, splitCell),
  // Without its last row or column there is no table.
  inTable('deleteRow', TableRowsSplit, (state, dispatch) => deleteRow(state, dispatch) || deleteTable(state, dispatch)),
  inTable(
    'deleteColumn',
    TableColumnsSplit,
    (state, dispatch) => deleteColumn(state, dispatch) || deleteTable(state, dispatch),
  ),
  inTable('deleteTable', Trash2, deleteTable),
];

function inTable(name: string, icon: string, command: EditorCommand): Command {
  return {
    name,
    group: 'table',
    icon,
    needs: 'table',
    run: (editor) => perform(editor, inShape(command)),
    isPossible: withTable,
  };
}

function perform({ view }: Editor, command: EditorCommand): void {
  command(view.state, view.dispatch, view);
}
