import type { Awareness } from 'y-protocols/awareness';
import type { EditorUser } from './user.ts';

interface Presence {
  setUser(user: EditorUser): void;
  destroy(): void;
}

/**
 * Tells the others who is here. Leaving the page says goodbye at once; without that an awareness state stays for up to
 * 30 s with a server that does not tie it to the socket. A page that comes back from the back/forward cache is here again.
 */
export function announceUser(awareness: Awareness, user: EditorUser): Presence {
  let current = user;
  const announce = (): void => {
    // After a goodbye there is no state to put a field into.
    if (awareness.getLocalState() === null) awareness.setLocalState({});
    awareness.setLocalStateField('user', current);
  };
  const leave = (): void => awareness.setLocalState(null);
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
    destroy() {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', comeBack);
      leave();
    },
  };
}
