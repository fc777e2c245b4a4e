import { render } from 'lit/html.js';
import type { EditorHandle, EditorProvider } from '../editor-options.ts';
import { type EditorTranslation, languages, type Messages } from '../messages/index.ts';
import { createFollow } from './follow.ts';
import { type Person, readPeople } from './people.ts';
import { openMenu } from './people-menu.ts';
import { drawFollowing, drawPeople, MAX_SHOWN } from './people-view.ts';
import type { PeopleView } from './person-view.ts';

/** How the people of a document are shown. */
export interface PeopleOptions {
  /** The language of what is said, as a BCP 47 tag. Default: `en`. */
  readonly locale?: string;
  /** Goes before the texts of that language; see `createEditor`. */
  readonly messages?: EditorTranslation;
  /** Called when one clicks on oneself, as to change one's name. Without it one's own avatar is no button. */
  readonly onMe?: () => void;
}

/** The people of a document on the screen. */
export interface PeopleList {
  /** Ends it and leaves nothing behind. May be called twice. */
  destroy(): void;
}

/**
 * Shows who is in the document of an editor: an avatar for each person, however many tabs they have. A click goes to that
 * person's caret and follows it until one scrolls, clicks or types; a menu has those for whom there is no room.
 */
export function createPeople(
  element: HTMLElement,
  handle: EditorHandle<EditorProvider>,
  options: PeopleOptions = {},
): PeopleList {
  const { editor, awareness } = handle;
  const root = document.createElement('div');
  root.className = 'scriptorium-theme scriptorium-people';
  const following = document.createElement('div');
  following.className = 'scriptorium-following-place';
  let messages: Messages | undefined;
  let isOpen = false;
  let closeMenu: (() => void) | undefined;
  let frame: number | undefined;
  let ended = false;

  const follow = createFollow(
    editor,
    awareness,
    (target) => target instanceof Node && (root.contains(target) || following.contains(target)),
    () => draw(),
  );
  const stop = (): void => {
    const hadFocus = following.contains(document.activeElement);
    follow.stop();
    if (hadFocus) editor.view.focus();
  };
  const draw = (): void => {
    frame = undefined;
    if (ended || editor.isDestroyed || !messages) return;
    const people = readPeople(awareness.getStates(), awareness.clientID);
    const view: PeopleView = {
      messages: messages.together,
      people,
      followed: follow.person?.id,
      directions: new Map(people.map((person) => [person.id, person.isMe ? undefined : follow.direction(person)])),
      isOpen: isOpen && people.length > MAX_SHOWN,
      onPerson: (person: Person) => (follow.person?.id === person.id ? follow.stop() : follow.start(person)),
      onMe: options.onMe,
      onOpen(next) {
        // Before the menu goes; when the focus went elsewhere, it stays there.
        const hadFocus = root.contains(document.activeElement);
        if (!next && hadFocus) root.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
        isOpen = next;
        draw();
      },
    };
    render(drawPeople(view), root);
    if (view.isOpen) closeMenu ??= openMenu(root);
    else {
      closeMenu?.();
      closeMenu = undefined;
    }
    const place = editor.view.dom.closest('.scriptorium');
    if (place && following.parentElement !== place) place.append(following);
    render(drawFollowing(follow.person, messages.together, stop), following);
  };
  const schedule = (): void => {
    frame ??= requestAnimationFrame(draw);
  };

  element.append(root);
  awareness.on('change', schedule);
  editor.on('transaction', schedule);
  window.addEventListener('scroll', schedule, { capture: true, passive: true });
  window.addEventListener('resize', schedule);
  void Promise.resolve(languages.find(options.locale, options.messages)).then((language) => {
    ({ messages } = language);
    root.lang = language.locale;
    root.dir = language.direction;
    draw();
  });
  return {
    destroy() {
      ended = true;
      closeMenu?.();
      if (frame !== undefined) cancelAnimationFrame(frame);
      follow.destroy();
      awareness.off('change', schedule);
      editor.off('transaction', schedule);
      window.removeEventListener('scroll', schedule, { capture: true });
      window.removeEventListener('resize', schedule);
      root.remove();
      following.remove();
    },
  };
}
