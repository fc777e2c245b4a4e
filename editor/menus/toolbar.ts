import { createBar } from './bar.ts';
import type { MenuSession } from './session.ts';
import { TOOLBAR } from './toolbar-layout.ts';

/**
 * Fills the toolbar of an editor. With a pointer, what does not fit is in a menu at its end; on a touch screen the bar is
 * swiped. Returns what ends it.
 */
export function fillToolbar(element: HTMLElement, session: MenuSession): () => void {
  const bar = createBar(element, session, TOOLBAR);
  const touch = matchMedia('(pointer: coarse)');
  /** Where each button ends when all are shown, in pixels from the start; measured once for each size of the buttons. */
  let ends: { readonly target: string; readonly at: readonly number[] } | undefined;

  const arrange = (): void => {
    const room = element.clientWidth;
    if (touch.matches || room === 0) {
      bar.setOverflow(0);
      return;
    }
    const target = getComputedStyle(element).getPropertyValue('--scriptorium-target');
    if (ends?.target !== target) {
      bar.setOverflow(0);
      ends = { target, at: measure(element) };
    }
    const { paddingInlineStart, paddingInlineEnd, columnGap } = getComputedStyle(element);
    const inner = room - Number.parseFloat(paddingInlineStart) - Number.parseFloat(paddingInlineEnd);
    const { at } = ends;
    const all = at.at(-1) ?? 0;
    if (all <= inner) {
      bar.setOverflow(0);
      return;
    }
    const more =
      (element.querySelector<HTMLElement>('button')?.offsetWidth ?? 0) + 2 * Number.parseFloat(columnGap) + 1;
    bar.setOverflow(at.filter((end) => end > inner - more).length);
  };
  // A menu whose button goes away is closed with it.
  const observer = new ResizeObserver(() => arrange());
  observer.observe(element);
  touch.addEventListener('change', arrange);
  arrange();
  return () => {
    observer.disconnect();
    touch.removeEventListener('change', arrange);
    bar.destroy();
  };
}

function measure(element: HTMLElement): number[] {
  const buttons = [...element.querySelectorAll<HTMLElement>('button:not([hidden])')];
  const first = buttons[0]?.getBoundingClientRect();
  if (!first) return [];
  const isRtl = getComputedStyle(element).direction === 'rtl';
  return buttons.map((button) => {
    const { left, right } = button.getBoundingClientRect();
    return isRtl ? first.right - left : right - first.left;
  });
}
