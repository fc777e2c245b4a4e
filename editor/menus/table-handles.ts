import { CellSelection } from '@tiptap/pm/tables';
import { Ellipsis, EllipsisVertical, Plus } from 'lucide-static';
import { addAtEnd, type TableAxis } from '../nodes/table-commands.ts';
import { type HeldBlock, holdBlock } from './held-block.ts';
import { type Menu, openMenu } from './menu.ts';
import { commandItem, type MenuItem } from './menu-item.ts';
import type { MenuSession } from './session.ts';
import { cellOfCaret, cellOfElement, isFirst, selectCells } from './table-cell.ts';
import { createTableButton, placeAtCell } from './table-place.ts';

/** How far from a table the pointer still means it, in pixels: its buttons are there. */
const NEAR_PX = 24;

/** What the menu of a row or column has of the commands, in this order. A header is the first row or column. */
const COMMANDS: Readonly<Record<TableAxis, readonly string[]>> = {
  column: ['addColumnBefore', 'addColumnAfter', 'toggleHeaderColumn', 'deleteColumn'],
  row: ['addRowBefore', 'addRowAfter', 'toggleHeaderRow', 'deleteRow'],
};

/**
 * The buttons at the table that the pointer is over, or else the caret is in: to add a row or a column at its end, and the
 * menus of the row and the column of that cell. They are for pointers that are exact: fingers and keys have the same in
 * the table menu of the toolbar. Returns what ends them.
 */
export function createTableHandles(session: MenuSession): () => void {
  const { editor, messages, watch, root, catalogue } = session;
  const { view } = editor;
  const layer = document.createElement('div');
  layer.className = 'scriptorium-table-handles';
  layer.hidden = true;
  /** The cell under the pointer; held, since a change of others may write it anew. */
  let pointed: HeldBlock | undefined;
  /** The cell whose buttons are shown. */
  let shown: HeldBlock | undefined;
  let menu: { readonly axis: TableAxis; readonly popup: Menu } | undefined;
  let frame = 0;

  const ofCaret = (): HeldBlock | undefined => {
    const position = cellOfCaret(editor.state);
    // Whether it is focused the browser can only say when all is laid out.
    return position !== undefined && editor.isFocused ? holdBlock(editor, position) : undefined;
  };
  const draw = (): void => {
    frame = 0;
    if (!menu) {
      if (!pointed?.find()) pointed = undefined;
      shown = editor.isEditable ? (pointed ?? ofCaret()) : undefined;
    }
    const place = shown?.find();
    const cell = place && view.nodeDOM(place.position);
    const hidden = !(cell instanceof HTMLElement && placeAtCell(layer, buttons, cell));
    // To say again what it is has the browser look for what follows from it.
    if (hidden !== layer.hidden) layer.hidden = hidden;
  };
  const redraw = (): void => {
    frame ||= requestAnimationFrame(draw);
  };

  const add = (axis: TableAxis): void => {
    if (!editor.isEditable || !shown || !selectCells(editor, shown, 'cell')) return;
    view.focus();
    addAtEnd(axis)(view.state, view.dispatch, view);
  };
  const items = (cell: HeldBlock, axis: TableAxis) => (): readonly MenuItem[] =>
    COMMANDS[axis].flatMap((name): MenuItem[] => {
      const command = catalogue.get(name);
      if (!command || (name.startsWith('toggle') && !isFirst(editor, cell, axis))) return [];
      const item = commandItem(session, command);
      // What is selected may be another by now; what was meant is this row or column.
      const run = (): void => {
        if (!selectCells(editor, cell, axis)) return;
        item.run();
        selectCells(editor, cell, 'cell');
      };
      return [{ ...item, possible: editor.isEditable && cell.find() !== undefined, run }];
    });
  const open = (axis: TableAxis, trigger: HTMLElement, focus: boolean): void => {
    if (menu) {
      const isSame = menu.axis === axis;
      menu.popup.close();
      if (isSame) return;
    }
    const cell = shown;
    if (!cell || !editor.isEditable || !selectCells(editor, cell, axis)) return;
    const label = axis === 'row' ? messages.menus.rowMenu : messages.menus.columnMenu;
    const popup = openMenu(session, trigger, {
      label,
      items: items(cell, axis),
      focus,
      trigger,
      onClose(refocus) {
        menu = undefined;
        trigger.ariaExpanded = 'false';
        if (refocus) editor.commands.focus(undefined, { scrollIntoView: false });
        redraw();
      },
    });
    menu = { axis, popup };
    trigger.ariaExpanded = 'true';
  };
  const menuButton = (axis: TableAxis, label: string, svg: string): HTMLElement => {
    const button = createTableButton(axis, label, svg, (event) => open(axis, button, event.detail === 0));
    button.ariaHasPopup = 'menu';
    button.ariaExpanded = 'false';
    return button;
  };
  const buttons = {
    column: menuButton('column', messages.menus.columnMenu, Ellipsis),
    row: menuButton('row', messages.menus.rowMenu, EllipsisVertical),
    addColumn: createTableButton('add-column', messages.menus.addColumnAtEnd, Plus, () => add('column')),
    addRow: createTableButton('add-row', messages.menus.addRowAtEnd, Plus, () => add('row')),
  };

  const onPointerMove = (event: PointerEvent): void => {
    // A column is being drawn wider, perhaps.
    if (!layer.hidden && event.buttons !== 0) redraw();
    if (event.pointerType !== 'mouse' || event.buttons !== 0 || menu || !(event.target instanceof Element)) return;
    if (layer.contains(event.target)) return;
    const position = editor.isEditable ? cellOfElement(editor, event.target) : undefined;
    if (position !== undefined) {
      if (pointed?.find()?.position === position) return;
      pointed = holdBlock(editor, position);
    } else if (!pointed || isNear(pointed, event)) return;
    else pointed = undefined;
    redraw();
  };
  const isNear = (cell: HeldBlock, { clientX, clientY }: PointerEvent): boolean => {
    const place = cell.find();
    const dom = place && view.nodeDOM(place.position);
    const box = dom instanceof HTMLElement ? dom.closest('table')?.getBoundingClientRect() : undefined;
    if (!box) return false;
    const isBeside = clientX > box.left - NEAR_PX && clientX < box.right + NEAR_PX;
    return isBeside && clientY > box.top - NEAR_PX && clientY < box.bottom + NEAR_PX;
  };
  const update = (): void => {
    if (menu && shown) {
      if (!editor.isEditable || !shown.find()) menu.popup.close();
      // A change of others leaves a caret of what was selected.
      else if (!(editor.state.selection instanceof CellSelection)) selectCells(editor, shown, menu.axis);
    }
    redraw();
  };

  layer.append(...Object.values(buttons));
  layer.lang = root.lang;
  // The focus stays in the text.
  layer.addEventListener('mousedown', (event) => event.preventDefault());
  view.dom.after(layer);
  document.addEventListener('pointermove', onPointerMove);
  // A wide table scrolls by itself, which does not bubble.
  view.dom.addEventListener('scroll', redraw, true);
  const size = new ResizeObserver(redraw);
  size.observe(view.dom);
  const unsubscribe = watch.subscribe(update);
  return () => {
    menu?.popup.close();
    cancelAnimationFrame(frame);
    document.removeEventListener('pointermove', onPointerMove);
    view.dom.removeEventListener('scroll', redraw, true);
    size.disconnect();
    unsubscribe();
    layer.remove();
  };
}
