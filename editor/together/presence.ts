import type { Awareness } from 'y-protocols/awareness';
import type { EditorUser } from '../user.ts';

/** How long after the last change of the text the others see that one is writing, in milliseconds. */
const TYPING_MS = 2_000;

interface Presence {
  setUser(user: EditorUser): void;
  /** The person has written something. */
  type(): void;
  destroy(): void;
}

/**
 * Tells the others who is here. Leaving the page says goodbye at once; without that an awareness state stays for up to
 * 30 s with a server that does not tie it to the socket. A page that comes back from the back/forward cache is here again.
 */
export function announceUser(awareness: Awareness, user: EditorUser): Presence {
  let current = user;
  let typing: ReturnType<typeof setTimeout> | undefined;
  const announce = (): void => {
    // After a goodbye there is no state to put a field into.
    if (awareness.getLocalState() === null) awareness.setLocalState({});
    awareness.setLocalStateField('user', current);
  };
  const stopTyping = (): void => {
    clearTimeout(typing);
    if (typing !== undefined) awareness.setLocalStateField('typing', false);
    typing = undefined;
  };
  const leave = (): void => {
    clearTimeout(typing);
    typing = undefined;
    awareness.setLocalState(null);
  };
  const comeBack = (event: PageTransitionEvent): void => {
    if (event.persisted) announce();
  };
  announce();
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', comeBack);
  return {
    setUser(next) {
      current = next;
      announce();
    },
    type() {
      if (typing === undefined) awareness.setLocalStateField('typing', true);
      clearTimeout(typing);
      typing = setTimeout(stopTyping, TYPING_MS);
    },
    destroy() {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', comeBack);
      leave();
    },
  };
}
