import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import { isHolder, moveBlocksTo, selectedBlocks } from '../commands/block-range.ts';
import { placesOfOthers } from '../together/carets.ts';
import { type HeldBlock, holdBlock } from './held-block.ts';
import type { MenuSession } from './session.ts';

/** How far the pointer goes before it is a drag, in pixels. */
const SLOP_PX = 4;
/** How near to the edge of the window the page scrolls, and how fast, in pixels. */
const EDGE_PX = 48;
const SCROLL_PX = 12;

/** Where a drop would put the blocks: before or behind another one. */
interface Target {
  readonly block: HeldBlock;
  readonly isBehind: boolean;
}

/**
 * Drags a block, or all that are selected with it, from a pointer that went down on its handle. All places are held: others
 * may write meanwhile. Returns what ends it without a drop.
 */
export function dragBlocks(
  session: MenuSession,
  held: HeldBlock,
  { clientX, clientY, pointerId, target }: PointerEvent,
  onEnd: (dragged: boolean) => void,
): () => void {
  const { editor, root } = session;
  const { view } = editor;
  const line = document.createElement('div');
  line.className = 'scriptorium-drop-line';
  let isDragging = false;
  let drop: Target | undefined;
  let frame: number | undefined;
  let pointer = { x: clientX, y: clientY };

  const begin = (): void => {
    isDragging = true;
    const place = held.find();
    const range = selectedBlocks(editor.state);
    const isSelected = place && range && place.position >= range.start && place.position < range.end;
    if (place && !isSelected) {
      const { doc, tr } = editor.state;
      const isWhole = NodeSelection.isSelectable(place.node);
      const inside = TextSelection.between(
        doc.resolve(place.position + 1),
        doc.resolve(place.position + place.node.nodeSize - 1),
      );
      view.dispatch(tr.setSelection(isWhole && place.node.isAtom ? NodeSelection.create(doc, place.position) : inside));
    }
    if (target instanceof Element) target.setPointerCapture(pointerId);
    root.append(line);
    view.dom.dataset['dragging'] = '';
    frame = requestAnimationFrame(scroll);
  };
  const scroll = (): void => {
    const by = pointer.y < EDGE_PX ? -SCROLL_PX : pointer.y > innerHeight - EDGE_PX ? SCROLL_PX : 0;
    if (by !== 0) scrollBy(0, by);
    aim();
    frame = requestAnimationFrame(scroll);
  };
  /** The place between blocks that is nearest to the pointer. */
  const aim = (): void => {
    const box = view.dom.getBoundingClientRect();
    const style = getComputedStyle(view.dom);
    const left = Math.min(
      Math.max(pointer.x, box.left + Number.parseFloat(style.paddingLeft) + 2),
      box.right - Number.parseFloat(style.paddingRight) - 2,
    );
    const found = view.posAtCoords({ left, top: pointer.y });
    const range = selectedBlocks(editor.state);
    drop = undefined;
    if (found && range) {
      const $at = editor.state.doc.resolve(found.inside >= 0 ? Math.max(found.pos, found.inside) : found.pos);
      for (let depth = Math.max($at.depth, 1); depth > 0 && !drop; depth--) {
        if (depth > $at.depth || !isHolder($at.node(depth - 1))) continue;
        const position = $at.before(depth);
        const fits = $at.node(depth - 1).type.contentMatch.matchType(range.parent.child(range.startIndex).type);
        if (!fits) continue;
        const dom = view.nodeDOM(position);
        if (!(dom instanceof HTMLElement)) break;
        const { top, height } = dom.getBoundingClientRect();
        drop = { block: holdBlock(editor, position), isBehind: pointer.y > top + height / 2 };
      }
    }
    drawLine();
  };
  const drawLine = (): void => {
    const place = drop?.block.find();
    const dom = place && view.nodeDOM(place.position);
    line.hidden = !(dom instanceof HTMLElement);
    if (!(dom instanceof HTMLElement) || !drop) return;
    const { top, bottom, left, width } = dom.getBoundingClientRect();
    const space = Number.parseFloat(getComputedStyle(dom).marginBlockEnd) / 2 || 4;
    line.style.insetBlockStart = `${drop.isBehind ? bottom + space : top - space}px`;
    line.style.left = `${left}px`;
    line.style.width = `${width}px`;
  };
  const end = (isDropped: boolean): void => {
    document.removeEventListener('pointermove', onMove);
    document.removeEventListener('pointerup', onUp);
    document.removeEventListener('pointercancel', onCancel);
    document.removeEventListener('keydown', onKeyDown, true);
    if (frame !== undefined) cancelAnimationFrame(frame);
    line.remove();
    delete view.dom.dataset['dragging'];
    const place = drop?.block.find();
    const range = selectedBlocks(editor.state);
    if (isDropped && place && range && editor.isEditable) {
      const to = drop?.isBehind ? place.position + place.node.nodeSize : place.position;
      const tr = moveBlocksTo(editor.state.tr, range, to, placesOfOthers(editor.state));
      if (tr.docChanged) {
        const at = to < range.start ? to : to - (range.end - range.start);
        tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(Math.max(at, 0) + 1, tr.doc.content.size))));
        view.dispatch(tr);
      }
      editor.commands.focus(undefined, { scrollIntoView: false });
    }
    onEnd(isDragging);
  };
  const onMove = (event: PointerEvent): void => {
    pointer = { x: event.clientX, y: event.clientY };
    if (!isDragging && Math.hypot(pointer.x - clientX, pointer.y - clientY) > SLOP_PX) begin();
  };
  const onUp = (): void => end(isDragging);
  const onCancel = (): void => end(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    end(false);
  };
  document.addEventListener('pointermove', onMove);
  document.addEventListener('pointerup', onUp);
  document.addEventListener('pointercancel', onCancel);
  document.addEventListener('keydown', onKeyDown, true);
  return () => end(false);
}
