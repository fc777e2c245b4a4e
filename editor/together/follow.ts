import type { Editor } from '@tiptap/core';
import type { Awareness } from 'y-protocols/awareness';
import { caretOf } from './caret-element.ts';
import { type Person, readPeople } from './people.ts';

/** How far from the edges of what is in sight the caret of whoever is followed stays, in pixels. */
const MARGIN_PX = 72;
/** Keys that alone do nothing. */
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta']);
/** Keys that work the controls of this. */
const CONTROL_KEYS = new Set(['Enter', ' ', 'Tab']);

/** Goes where somebody else is, and stays with them until this person does something. */
export interface Follow {
  /** Whose caret is kept in sight. */
  readonly person: Person | undefined;
  start(person: Person): void;
  stop(): void;
  /** Whether somebody's caret is above or below what is in sight; undefined when it is in sight, or there is none. */
  direction(person: Person): 'above' | 'below' | undefined;
  destroy(): void;
}

/**
 * @param isOwn whether something belongs to the controls of this: to work them does not end the following
 * @param onChange is called when somebody else is followed, or nobody any more
 */
export function createFollow(
  editor: Editor,
  awareness: Awareness,
  isOwn: (target: EventTarget | null) => boolean,
  onChange: () => void,
): Follow {
  let person: Person | undefined;
  let frame: number | undefined;

  /** The caret of the tab that said something last. */
  const caretElement = ({ clients }: Person): HTMLElement | undefined => {
    const told = (client: number): number => awareness.meta.get(client)?.lastUpdated ?? 0;
    const carets = [...clients].sort((a, b) => told(b) - told(a)).map((client) => caretOf(editor.view.dom, client));
    return carets.find((caret) => caret !== null) ?? undefined;
  };
  const inSight = (): { top: number; bottom: number } => {
    const head = editor.view.dom.closest('.scriptorium')?.querySelector('.scriptorium-head');
    return { top: Math.max(0, head?.getBoundingClientRect().bottom ?? 0), bottom: window.innerHeight };
  };
  const show = (): void => {
    frame = undefined;
    const caret = person && !editor.isDestroyed ? caretElement(person) : undefined;
    if (!caret) return;
    const { top, bottom } = inSight();
    const box = caret.getBoundingClientRect();
    if (box.top >= top + MARGIN_PX && box.bottom <= bottom - MARGIN_PX) return;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    caret.scrollIntoView({ block: 'center', inline: 'nearest', behavior: isCalm ? 'instant' : 'smooth' });
  };
  const schedule = (): void => {
    if (person) frame ??= requestAnimationFrame(show);
  };
  const stop = (): void => {
    if (!person) return;
    person = undefined;
    onChange();
  };
  const onAct = (event: Event): void => {
    const key = event instanceof KeyboardEvent ? event.key : undefined;
    if (key !== undefined && MODIFIERS.has(key)) return;
    const isControl = event.type !== 'wheel' && (key === undefined || CONTROL_KEYS.has(key)) && isOwn(event.target);
    if (!isControl) stop();
  };
  const onAwareness = (): void => {
    if (!person) return;
    const { id } = person;
    person = readPeople(awareness.getStates(), awareness.clientID).find((other) => other.id === id);
    if (!person) onChange();
  };

  const acts = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
  for (const act of acts) window.addEventListener(act, onAct, { capture: true, passive: true });
  // Carets are drawn by transactions, and text that comes moves them.
  editor.on('transaction', schedule);
  awareness.on('change', onAwareness);
  return {
    get person() {
      return person;
    },
    start(next) {
      person = next;
      onChange();
      schedule();
    },
    stop,
    direction(other) {
      const box = editor.isDestroyed ? undefined : caretElement(other)?.getBoundingClientRect();
      if (!box) return undefined;
      const { top, bottom } = inSight();
      if (box.bottom < top) return 'above';
      return box.top > bottom ? 'below' : undefined;
    },
    destroy() {
      for (const act of acts) window.removeEventListener(act, onAct, { capture: true });
      editor.off('transaction', schedule);
      awareness.off('change', onAwareness);
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
