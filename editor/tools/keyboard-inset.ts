import type { Editor } from '@tiptap/core';
import { toolboxOf } from './toolbox.ts';

/** The part of `VisualViewport` that is looked at. */
export interface SeenViewport {
  readonly offsetTop: number;
  readonly height: number;
  readonly scale: number;
}

/**
 * How much of the page's lower end is behind the on-screen keyboard, in CSS pixels. Browsers that make the page smaller
 * for the keyboard have nothing behind it. Who has zoomed in sees a part of the page, and that is no keyboard.
 * @param pageHeight what `position: fixed` counts from: the layout viewport
 */
export function keyboardInset({ offsetTop, height, scale }: SeenViewport, pageHeight: number): number {
  // Up to a tenth it is the rounding of a page that was zoomed back.
  if (scale > 1.1) return 0;
  return Math.max(0, Math.round(pageHeight - offsetTop - height));
}

/**
 * Tells the style sheet how high the on-screen keyboard is, so that the toolbar stands on it, and keeps the line that is
 * written in above both. Returns what ends it.
 */
export function followKeyboard(editor: Editor): () => void {
  const { root } = toolboxOf(editor).frame;
  const viewport = window.visualViewport;
  if (!viewport) return () => {};
  let inset = 0;
  const update = (): void => {
    const next = keyboardInset(viewport, document.documentElement.clientHeight);
    if (next === inset) return;
    const opened = next > inset;
    inset = next;
    root.style.setProperty('--scriptorium-keyboard', `${inset}px`);
    if (opened && editor.view.hasFocus()) editor.view.dispatch(editor.state.tr.scrollIntoView());
  };
  update();
  viewport.addEventListener('resize', update);
  viewport.addEventListener('scroll', update);
  return () => {
    viewport.removeEventListener('resize', update);
    viewport.removeEventListener('scroll', update);
  };
}
