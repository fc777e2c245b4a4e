import { posToDOMRect } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { createBar } from './bar.ts';
import { createPopup } from './popup.ts';
import type { MenuSession } from './session.ts';
import { BUBBLE } from './toolbar-layout.ts';

/** The bar at a selection. */
export interface Bubble {
  /** Moves the focus into it, if it is there. */
  focus(): boolean;
  /** It gives way to something else that stands at the selection, until that has gone. */
  setAside(aside: boolean): void;
  destroy(): void;
}

/**
 * Shows the bar over a selection of text, once it is made. It goes with the selection when others write above, and stays
 * open. Not on a touch screen, where the system has a menu of its own there.
 */
export function createBubble(session: MenuSession): Bubble {
  const { editor, watch, messages, root } = session;
  const popup = createPopup(root, { className: 'scriptorium-bubble', placement: 'top-start', gap: 8 });
  const { element } = popup;
  element.role = 'toolbar';
  element.ariaLabel = messages.menus.selection;
  const bar = createBar(element, session, BUBBLE);
  const touch = matchMedia('(pointer: coarse)');
  let isPointerDown = false;
  let dismissed = false;
  let aside = false;

  const reference = {
    contextElement: editor.view.dom,
    getBoundingClientRect(): DOMRect {
      const { from, to } = editor.state.selection;
      return posToDOMRect(editor.view, from, to);
    },
  };
  const isWanted = (): boolean => {
    const { selection, doc } = editor.state;
    if (!editor.isEditable || isPointerDown || aside || touch.matches || editor.view.composing) return false;
    if (editor.view.dom.dataset['dragging'] !== undefined) return false;
    if (!(selection instanceof TextSelection) || selection.empty || !watch.state.markable) return false;
    if (!editor.isFocused && !bar.hasFocus()) return false;
    return doc.textBetween(selection.from, selection.to, ' ', ' ').trim() !== '';
  };
  const update = (): void => {
    if (editor.state.selection.empty) dismissed = false;
    if (!isWanted() || dismissed) {
      bar.closeMenu();
      popup.hide();
    } else if (popup.isOpen) popup.follow();
    else popup.show(reference);
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (!(event.target instanceof Node) || !editor.view.dom.contains(event.target)) return;
    isPointerDown = true;
    dismissed = false;
    update();
  };
  const onPointerUp = (): void => {
    if (!isPointerDown) return;
    isPointerDown = false;
    // The browser changes the selection after the event.
    setTimeout(update);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !popup.isOpen || event.isComposing) return;
    dismissed = true;
    update();
  };

  document.addEventListener('pointerdown', onPointerDown, true);
  document.addEventListener('pointerup', onPointerUp, true);
  document.addEventListener('pointercancel', onPointerUp, true);
  editor.view.dom.addEventListener('keydown', onKeyDown);
  const unsubscribe = watch.subscribe(update);
  return {
    focus() {
      if (popup.isOpen) element.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
      return popup.isOpen;
    },
    setAside(next) {
      aside = next;
      update();
    },
    destroy() {
      document.removeEventListener('pointerdown', onPointerDown, true);
      document.removeEventListener('pointerup', onPointerUp, true);
      document.removeEventListener('pointercancel', onPointerUp, true);
      editor.view.dom.removeEventListener('keydown', onKeyDown);
      unsubscribe();
      bar.destroy();
      popup.destroy();
    },
  };
}
