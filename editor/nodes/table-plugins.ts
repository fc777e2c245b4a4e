import type { Editor } from '@tiptap/core';
import { keymap } from '@tiptap/pm/keymap';
import type { Plugin } from '@tiptap/pm/state';
import { columnResizing, goToNextCell, isInTable, tableEditing } from '@tiptap/pm/tables';
import { addRowAtEnd } from './table-commands.ts';
import { MIN_COLUMN_PX } from './table-view.ts';

/**
 * Selections of cells, and the keys that work with them. Without the repair of tables: prosemirror-tables repairs all
 * that it sees after every transaction, also after those of others, and two editors that do that at once repair each
 * other's repairs without end (prosemirror-tables #249). Who edits a table repairs it: see table-commands.ts.
 */
export function tableEditor(): Plugin {
  const plugin = tableEditing({ allowTableNodeSelection: true });
  const { appendTransaction } = plugin.spec;
  // With nothing changed there is nothing to repair; the selection is still kept within cells.
  plugin.spec.appendTransaction = (transactions, _before, state) =>
    appendTransaction?.call(plugin, transactions, state, state);
  return plugin;
}

/** Columns are as wide as somebody draws them. */
export function columnResizer(): Plugin {
  return columnResizing({ cellMinWidth: MIN_COLUMN_PX, defaultCellMinWidth: MIN_COLUMN_PX, View: null });
}

/** From cell to cell; behind the last one there is a new row. */
export function cellKeys(editor: Editor): Plugin {
  return keymap({
    Tab: (state, dispatch) =>
      goToNextCell(1)(state, dispatch) || (isInTable(state) && editor.isEditable && addRowAtEnd(state, dispatch)),
    'Shift-Tab': goToNextCell(-1),
  });
}
