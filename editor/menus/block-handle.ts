import type { Node as BlockNode, ResolvedPos } from '@tiptap/pm/model';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import { html, render } from 'lit/html.js';
import { GripVertical, Link2, Plus, Repeat2 } from 'lucide-static';
import { ensureBlockId, pageBlockUrl } from '../commands/block-link.ts';
import { isHolder, selectedBlocks } from '../commands/block-range.ts';
import { icon } from '../icon.ts';
import { BAR_MENUS, itemsOf } from './bar-menus.ts';
import { dragBlocks } from './block-drag.ts';
import { type BlockPlace, type HeldBlock, holdBlock } from './held-block.ts';
import { type Menu, openMenu } from './menu.ts';
import { commandItem, type MenuItem } from './menu-item.ts';
import { createPopup } from './popup.ts';
import type { MenuSession } from './session.ts';

/** The handle beside the block under the pointer, and the menu of a block. */
export interface BlockHandle {
  /** Opens the menu of the blocks that the selection is in. */
  openMenu(): void;
  destroy(): void;
}

/** What is done to the whole block, in the order of the menu. */
const ACTIONS = ['moveUp', 'moveDown', 'duplicate'] as const;

export function createBlockHandle(session: MenuSession, blockUrl: (id: string) => string = pageBlockUrl): BlockHandle {
  const { editor, messages, watch, root, catalogue } = session;
  const { view } = editor;
  const popup = createPopup(root, { className: 'scriptorium-handle', placement: 'left-start', gap: 4 });
  const { element } = popup;
  let held: HeldBlock | undefined;
  let menu: Menu | undefined;
  let stopDragging: (() => void) | undefined;

  const boxOf = ({ position }: BlockPlace): DOMRect => {
    const dom = view.nodeDOM(position);
    if (!(dom instanceof HTMLElement)) return view.dom.getBoundingClientRect();
    const { left, right, top } = dom.getBoundingClientRect();
    const style = getComputedStyle(dom);
    // Beside the first line, and before the mark of a list.
    const line = Number.parseFloat(style.lineHeight) || Number.parseFloat(style.fontSize) * 1.4;
    const isItem = dom.tagName === 'LI';
    const isRtl = style.direction === 'rtl';
    // A table has the handle of a row there.
    const aside = isItem ? 24 : dom.classList.contains('scriptorium-table') ? 6 : 0;
    const padding = Number.parseFloat(style.paddingBlockStart) || 0;
    const height = element.offsetHeight || 24;
    const y = top + padding + line / 2 - height / 2;
    return new DOMRect(isRtl ? left : left - aside, y, right - left + aside, height);
  };
  const reference = {
    contextElement: view.dom,
    getBoundingClientRect(): DOMRect {
      const place = held?.find();
      return place ? boxOf(place) : new DOMRect();
    },
  };
  const hide = (): void => {
    if (menu || stopDragging) return;
    held = undefined;
    popup.hide();
  };
  const show = (position: number): void => {
    if (held?.find()?.position === position) return;
    held = holdBlock(editor, position);
    popup.show(reference);
  };
  /** The block at a height of the page: the pointer may be in the margin. */
  const blockAt = (x: number, y: number): number | undefined => {
    const box = view.dom.getBoundingClientRect();
    const style = getComputedStyle(view.dom);
    const inner = Math.min(
      Math.max(x, box.left + Number.parseFloat(style.paddingLeft) + 2),
      box.right - Number.parseFloat(style.paddingRight) - 2,
    );
    const found = view.posAtCoords({ left: inner, top: y });
    if (!found) return undefined;
    const position = startOfBlock(
      view.state.doc.resolve(found.inside >= 0 ? Math.max(found.pos, found.inside) : found.pos),
      found.inside,
    );
    if (position === undefined) return undefined;
    const dom = view.nodeDOM(position);
    if (!(dom instanceof HTMLElement)) return undefined;
    const { top, bottom } = dom.getBoundingClientRect();
    return y >= top - 4 && y <= bottom + 4 ? position : undefined;
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || event.buttons !== 0 || menu || !editor.isEditable) return;
    if (event.target instanceof Node && element.contains(event.target)) return;
    const box = view.dom.getBoundingClientRect();
    const isNear =
      event.clientX >= box.left - 8 &&
      event.clientX <= box.right &&
      event.clientY >= box.top &&
      event.clientY <= box.bottom;
    const position = isNear ? blockAt(event.clientX, event.clientY) : undefined;
    if (position === undefined) {
      if (!isNear) hide();
    } else show(position);
  };
  /** What the handle is of is what commands work on, unless it is among what is selected already. */
  const selectHeld = (): boolean => {
    const place = held?.find();
    if (!place) return false;
    const range = selectedBlocks(editor.state);
    if (range && place.position >= range.start && place.position < range.end) return true;
    const { doc, tr } = editor.state;
    const { position, node } = place;
    const selection =
      node.isAtom || isTable(node)
        ? NodeSelection.create(doc, position)
        : TextSelection.between(doc.resolve(position + 1), doc.resolve(position + 1));
    view.dispatch(tr.setSelection(selection));
    return true;
  };
  const items = (): readonly MenuItem[] => {
    const item = (name: string): MenuItem[] => {
      const command = catalogue.get(name);
      return command ? [commandItem(session, command)] : [];
    };
    return [
      {
        kind: 'submenu',
        name: 'turnInto',
        label: messages.menus.turnInto,
        icon: Repeat2,
        items: () => itemsOf(session, BAR_MENUS.blockType),
      },
      ...ACTIONS.flatMap(item),
      {
        kind: 'action',
        name: 'copyBlockLink',
        label: messages.menus.copyBlockLink,
        icon: Link2,
        possible: true,
        run: copyLink,
      },
      ...item('deleteBlock'),
    ];
  };
  const copyLink = (): void => {
    const start = selectedBlocks(editor.state)?.start;
    const id = start === undefined ? undefined : ensureBlockId(editor, start);
    if (id !== undefined) void navigator.clipboard.writeText(blockUrl(id));
    editor.commands.focus(undefined, { scrollIntoView: false });
  };
  const open = (focus: boolean, trigger?: HTMLElement): void => {
    menu?.close();
    menu = openMenu(session, trigger ?? reference, {
      label: messages.commandGroups.block,
      items,
      placement: 'bottom-start',
      focus,
      trigger,
      onClose(refocus) {
        menu = undefined;
        draw();
        hide();
        if (refocus) editor.commands.focus(undefined, { scrollIntoView: false });
      },
    });
    draw();
  };
  const onHandleClick = (event: MouseEvent): void => {
    if (menu) menu.close();
    else if (selectHeld()) open(event.detail === 0, event.currentTarget as HTMLElement);
  };
  const insertBelow = (): void => {
    const place = held?.find();
    if (!place) return;
    const { position, node } = place;
    const isEmpty = node.type.name === 'paragraph' && node.content.size === 0;
    const end = position + node.nodeSize;
    const chain = editor.chain().focus();
    if (isEmpty) chain.setTextSelection(position + 1);
    else
      chain
        .insertContentAt(
          end,
          node.type.name.endsWith('Item')
            ? { type: node.type.name, content: [{ type: 'paragraph' }] }
            : { type: 'paragraph' },
        )
        .setTextSelection(end + 1);
    chain.insertContent('/').run();
    hide();
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || event.pointerType !== 'mouse' || !held) return;
    stopDragging = dragBlocks(session, held, event, (dragged) => {
      stopDragging = undefined;
      // The click that ends a drag is none.
      if (dragged) element.addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true });
      if (dragged) setTimeout(hide);
    });
  };
  const draw = (): void => {
    render(
      html`<button type="button" class="scriptorium-handle-button" tabindex="-1" aria-label=${messages.menus.addBelow} title=${messages.menus.addBelow} @click=${insertBelow}>${icon(Plus)}</button>
        <button
          type="button"
          class="scriptorium-handle-button"
          data-grip
          tabindex="-1"
          aria-label=${messages.menus.blockHandle}
          title=${messages.menus.blockHandle}
          aria-haspopup="menu"
          aria-expanded=${String(menu !== undefined)}
          @pointerdown=${onPointerDown}
          @click=${onHandleClick}
        >${icon(GripVertical)}</button>`,
      element,
    );
  };
  const update = (): void => {
    if (!held) return;
    if (!editor.isEditable || !held.find()) {
      menu?.close();
      hide();
    } else popup.follow();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Who writes does not look for a handle.
    if (event.key.length === 1 || event.key === 'Enter' || event.key === 'Backspace') hide();
  };

  element.addEventListener('mousedown', (event) => event.preventDefault());
  document.addEventListener('pointermove', onPointerMove);
  view.dom.addEventListener('keydown', onKeyDown);
  const unsubscribe = watch.subscribe(update);
  draw();
  return {
    openMenu() {
      const start = selectedBlocks(editor.state)?.start;
      if (start === undefined || !editor.isEditable) return;
      held = holdBlock(editor, start);
      open(true);
    },
    destroy() {
      menu?.close();
      stopDragging?.();
      document.removeEventListener('pointermove', onPointerMove);
      view.dom.removeEventListener('keydown', onKeyDown);
      unsubscribe();
      popup.destroy();
    },
  };
}

/** The innermost block around a place that can be moved among others; in a table, the table: its cells are not moved. */
function startOfBlock($at: ResolvedPos, inside: number): number | undefined {
  for (let depth = 1; depth <= $at.depth; depth++) {
    if (isTable($at.node(depth))) return $at.before(depth);
  }
  for (let depth = $at.depth; depth > 0; depth--) {
    if (isHolder($at.node(depth - 1))) return $at.before(depth);
  }
  // At a node without text, as an image.
  return inside >= 0 && $at.doc.resolve(inside).depth === 0 ? inside : undefined;
}

function isTable({ type }: BlockNode): boolean {
  return type.spec['tableRole'] === 'table';
}
