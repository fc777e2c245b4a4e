import { type Command, EditorState, Selection } from '@tiptap/pm/state';
import { addColumn, addRow, CellSelection, fixTables, isInTable, selectedRect, TableMap } from '@tiptap/pm/tables';
import { insertBlock } from './insert-block.ts';

export type TableAxis = 'row' | 'column';

/** A new table, with a header row. */
export function insertTable(rows: number, columns: number): Command {
  return (state, dispatch) => {
    const { table, tableRow, tableCell, tableHeader } = state.schema.nodes;
    if (!table || !tableRow || !tableCell || !tableHeader || isInTable(state)) return false;
    const row = (index: number) => {
      const type = index === 0 ? tableHeader : tableCell;
      return tableRow.create(
        null,
        Array.from({ length: columns }, () => type.createAndFill()).filter((cell) => cell !== null),
      );
    };
    const tr = insertBlock(
      state,
      table.create(
        null,
        Array.from({ length: rows }, (_, index) => row(index)),
      ),
    );
    if (tr) dispatch?.(tr);
    return tr !== undefined;
  };
}

/**
 * A command of prosemirror-tables, for a table that may be out of shape: rows and columns that two people changed at once
 * leave cells over or missing. Their commands take a table to be a rectangle, so the table that I am in is made one
 * first, in the same transaction as what I do to it.
 */
export function inShape(command: Command): Command {
  return (state, dispatch, view) => {
    const repair = isInTable(state) ? repairOf(state) : undefined;
    if (!repair) return command(state, dispatch, view);
    const repaired = EditorState.create({ doc: repair.doc, selection: repair.selection });
    return command(repaired, (tr) => {
      for (const step of tr.steps) repair.step(step);
      repair.setSelection(Selection.fromJSON(repair.doc, tr.selection.toJSON()));
      dispatch?.(repair.scrollIntoView());
    });
  };
}

/** What makes a rectangle of the table that the selection is in. */
function repairOf(state: EditorState) {
  const { $head } = state.selection;
  const $cell = state.selection instanceof CellSelection ? state.selection.$anchorCell : $head;
  for (let depth = $cell.depth; depth > 0; depth--) {
    if ($cell.node(depth).type.spec['tableRole'] !== 'table') continue;
    // What was there before, without this table: it is all that there is to look at.
    const { doc } = state.tr.delete($cell.before(depth), $cell.after(depth));
    return fixTables(state, { doc } as EditorState);
  }
  return undefined;
}

/** Adds a row or column behind the last one of the table that the selection is in, with the caret in its first cell. */
export function addAtEnd(axis: TableAxis): Command {
  return inShape((state, dispatch) => {
    const rect = selectedRect(state);
    const { map, tableStart } = rect;
    const { width, height } = map;
    const tr = axis === 'row' ? addRow(state.tr, rect, height) : addColumn(state.tr, rect, width);
    const grown = tr.doc.nodeAt(tableStart - 1);
    if (!grown) return false;
    const first = TableMap.get(grown).positionAt(axis === 'row' ? height : 0, axis === 'row' ? 0 : width, grown);
    dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(tableStart + first + 1))).scrollIntoView());
    return true;
  });
}

/** A row below the last, where the selection is in that. */
export const addRowAtEnd: Command = inShape((state, dispatch) => {
  const { map, top } = selectedRect(state);
  return top === map.height - 1 && addAtEnd('row')(state, dispatch);
});
