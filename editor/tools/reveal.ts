import type { Frame } from '../frame.ts';

/** How far from the edge what was scrolled to should be at least, in pixels. */
const MARGIN_PX = 48;

/** Scrolls until `element` is in sight, below what stays in sight above the text. What is in sight does not move. */
export function reveal(element: Element | null, frame: Frame, block: 'center' | 'start' = 'center'): void {
  if (!element) return;
  const { top, bottom } = element.getBoundingClientRect();
  const upper = frame.head.getBoundingClientRect().bottom;
  const lower = visualViewport?.height ?? innerHeight;
  frame.root.style.setProperty('--scriptorium-scroll-margin', `${coveredPx(frame.head)}px`);
  if (block === 'center' && top >= upper + MARGIN_PX && bottom <= lower - MARGIN_PX) return;
  element.scrollIntoView({ block, inline: 'nearest' });
}

/** How much of the upper end of the text is covered once one has scrolled. */
function coveredPx(head: HTMLElement): number {
  return (Number.parseFloat(getComputedStyle(head).top) || 0) + head.offsetHeight;
}
