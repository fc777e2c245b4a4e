/** The buttons at a table. */
export interface TableButtons {
  /** The menu of the column, over its upper edge. */
  readonly column: HTMLElement;
  /** The menu of the row, at its beginning. */
  readonly row: HTMLElement;
  readonly addColumn: HTMLElement;
  readonly addRow: HTMLElement;
}

/** Between a table and a button beside it, in pixels. */
const GAP_PX = 2;

/** A button at a table. It is reached with a pointer only: by keyboard the toolbar has the same. */
export function createTableButton(
  kind: string,
  label: string,
  svg: string,
  press: (event: MouseEvent) => void,
): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'scriptorium-table-button';
  button.dataset['kind'] = kind;
  button.tabIndex = -1;
  button.ariaLabel = label;
  button.title = label;
  button.innerHTML = svg;
  button.addEventListener('click', press);
  return button;
}

/** Puts the buttons to a cell and its table, in the coordinates of the layer. False: it is not to be seen, as in what is folded up. */
export function placeAtCell(layer: HTMLElement, buttons: TableButtons, cell: HTMLElement): boolean {
  const table = cell.closest('table');
  if (!table || !layer.parentElement) return false;
  const all = table.getBoundingClientRect();
  const inner = cell.getBoundingClientRect();
  if (all.width === 0 || inner.width === 0) return false;
  // A table that is wider than the text is seen in part.
  const window = (table.closest('.scriptorium-table') ?? table).getBoundingClientRect();
  const left = Math.max(all.left, window.left);
  const right = Math.min(all.right, window.right);
  const isRtl = getComputedStyle(table).direction === 'rtl';
  const origin = layer.parentElement.getBoundingClientRect();
  const put = ({ style }: HTMLElement, x: number, y: number, width = 0, height = 0): void => {
    style.left = `${x - origin.left}px`;
    style.top = `${y - origin.top}px`;
    style.width = width === 0 ? '' : `${width}px`;
    style.height = height === 0 ? '' : `${height}px`;
  };
  const { column, row, addColumn, addRow } = buttons;
  const middle = inner.left + inner.width / 2;
  column.hidden = middle < left || middle > right;
  put(column, middle, all.top);
  put(row, isRtl ? right : left, inner.top + inner.height / 2);
  addColumn.toggleAttribute('data-before', isRtl);
  put(addColumn, isRtl ? left - GAP_PX : right + GAP_PX, all.top, 0, all.height);
  put(addRow, left, window.bottom + GAP_PX, right - left);
  return true;
}
