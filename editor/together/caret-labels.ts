import type { EditorView } from '@tiptap/pm/view';

/** How near the pointer has to come to a bar for its name to show, in pixels. */
const NEAR_PX = 6;
/** Between names above each other, in pixels. */
const GAP_PX = 1;

/** Keeps the names at carets where they can be read. */
export interface Labels {
  update(): void;
  destroy(): void;
}

/**
 * Shows the name of a caret that the pointer is at, and puts all names that show where there is room: within the sides of
 * the text, below the line where there is none above it, and not on each other.
 */
export function placeLabels(view: EditorView): Labels {
  let frame: number | undefined;
  let pointer: { x: number; y: number } | undefined;

  const carets = (): HTMLElement[] => [...view.dom.querySelectorAll<HTMLElement>('.scriptorium-caret')];

  const place = (): void => {
    frame = undefined;
    const all = carets();
    if (all.length === 0) return;
    // All reads before all writes, so that the page is laid out once.
    const seen = all.map((caret) => {
      const bar = caret.getBoundingClientRect();
      const near =
        pointer !== undefined &&
        Math.abs(pointer.x - bar.left) <= NEAR_PX &&
        pointer.y >= bar.top - NEAR_PX &&
        pointer.y <= bar.bottom + NEAR_PX;
      const label = caret.firstElementChild;
      const room = roomAround(caret, view.dom);
      return { caret, bar, near, room, width: label?.clientWidth ?? 0, height: label?.clientHeight ?? 0 };
    });
    const taken: { left: number; right: number; top: number; bottom: number }[] = [];
    for (const { caret, bar, near, room, width, height } of seen) {
      caret.toggleAttribute('data-near', near);
      if (!near && !caret.hasAttribute('data-moved')) continue;
      const left = Math.max(room.left, Math.min(bar.left, room.right - width));
      const isFree = (top: number): boolean =>
        !taken.some((one) => left < one.right && left + width > one.left && top < one.bottom && top + height > one.top);
      let top = bar.top - height;
      while (top >= room.top && !isFree(top)) top -= height + GAP_PX;
      if (top < room.top) {
        top = bar.bottom;
        while (!isFree(top)) top += height + GAP_PX;
      }
      // A box of one line, as of code, that cuts off what is beside it.
      if (top + height > room.bottom) top = Math.max(room.top, bar.top - height);
      taken.push({ left, right: left + width, top, bottom: top + height });
      caret.style.setProperty('--scriptorium-label-x', `${left - bar.left}px`);
      caret.style.setProperty('--scriptorium-label-y', `${top - bar.top}px`);
    }
  };
  const update = (): void => {
    frame ??= requestAnimationFrame(place);
  };
  const onMove = ({ clientX: x, clientY: y }: PointerEvent): void => {
    pointer = { x, y };
    update();
  };
  const onLeave = (): void => {
    pointer = undefined;
    update();
  };
  view.dom.addEventListener('pointermove', onMove);
  view.dom.addEventListener('pointerleave', onLeave);
  update();
  return {
    update,
    destroy(): void {
      view.dom.removeEventListener('pointermove', onMove);
      view.dom.removeEventListener('pointerleave', onLeave);
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}

/** What is not cut off: a wide table or a block of code scrolls by itself. */
function roomAround(caret: HTMLElement, text: HTMLElement): DOMRect {
  for (let around = caret.parentElement; around && around !== text; around = around.parentElement) {
    if (getComputedStyle(around).overflowX !== 'visible') return around.getBoundingClientRect();
  }
  return text.getBoundingClientRect();
}
