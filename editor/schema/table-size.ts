import * as Y from 'yjs';

/** Places in a table: rows by columns. The code that edits tables makes a list of all of them, used or not. */
const MAX_PLACES = 250_000;

/** The stored table that a stored row or cell is in, or that it is itself. */
export function tableAround(element: Y.XmlElement): Y.XmlElement | undefined {
  if (!/^table(Row|Cell|Header)?$/.test(element.nodeName)) return undefined;
  for (let at: unknown = element; at instanceof Y.XmlElement; at = at.parent) if (at.nodeName === 'table') return at;
  return undefined;
}

/** Whether a stored table has more places than anybody could look at: few cells are enough to span a billion. */
export function isTooLarge(table: Y.XmlElement): boolean {
  const rows = table.toArray().filter((row) => row instanceof Y.XmlElement);
  let columns = 0;
  let width = 0;
  /** Columns that end above a row, by the row. */
  const ending = new Map<number, number>();
  for (const [index, row] of rows.entries()) {
    columns -= ending.get(index) ?? 0;
    for (const cell of row.toArray()) {
      if (!(cell instanceof Y.XmlElement)) continue;
      const { colspan = 1, rowspan = 1 } = cell.getAttributes() as Record<string, unknown>;
      const end = index + Number(rowspan);
      columns += Number(colspan);
      ending.set(end, (ending.get(end) ?? 0) + Number(colspan));
    }
    width = Math.max(width, columns);
  }
  return rows.length * width > MAX_PLACES;
}
