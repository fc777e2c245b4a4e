import { repeat } from 'lit/directives/repeat.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { X } from 'lucide-static';
import { icon } from '../icon.ts';
import type { Messages } from '../messages/index.ts';
import { shownColor } from '../user.ts';
import { avatar } from './avatar.ts';
import type { Person } from './people.ts';
import { peopleMenu } from './people-menu.ts';
import { describePerson, markedAvatar, type PeopleView } from './person-view.ts';

/** How many avatars fit beside each other before the rest becomes a number. The style sheet keeps room for them. */
export const MAX_SHOWN = 4;

export function drawPeople(view: PeopleView): TemplateResult {
  const { messages, people } = view;
  const shown = people.slice(0, people.length > MAX_SHOWN ? MAX_SHOWN - 1 : MAX_SHOWN);
  const rest = people.slice(shown.length);
  // I am at the end, where the place is fixed: who comes and goes moves nobody but the newest at the beginning.
  return html`<ul class="scriptorium-people-list" role="list" aria-label=${messages.people}>
    ${rest.length === 0 ? nothing : html`<li>${peopleMenu(view, rest)}</li>`}
    ${repeat(
      shown.reverse(),
      ({ id }) => id,
      (person) => html`<li>${person.isMe ? me(person, view) : other(person, view)}</li>`,
    )}
  </ul>`;
}

function other(person: Person, view: PeopleView): TemplateResult {
  const { messages, followed } = view;
  return html`<button
    type="button"
    class="scriptorium-person"
    aria-pressed=${person.id === followed}
    aria-label=${messages.follow({ name: person.name })}
    data-tip=${describePerson(person, view)}
    .style=${`--scriptorium-user-color: ${shownColor(person.color)}`}
    @click=${() => view.onPerson(person)}
  >${markedAvatar(person, view)}</button>`;
}

function me(person: Person, { messages, onMe }: PeopleView): TemplateResult {
  const { name } = person;
  if (!onMe) {
    return html`<span class="scriptorium-person" role="img" aria-label=${messages.me({ name })} data-tip=${messages.me({ name })}
      >${avatar(person)}</span
    >`;
  }
  return html`<button
    type="button"
    class="scriptorium-person"
    aria-label=${messages.changeMe({ name })}
    data-tip=${messages.me({ name })}
    @click=${onMe}
  >${avatar(person)}</button>`;
}

/** That somebody is followed, with what ends it. */
export function drawFollowing(
  person: Person | undefined,
  messages: Messages['together'],
  onStop: () => void,
): TemplateResult | typeof nothing {
  if (!person) return nothing;
  return html`<div class="scriptorium-following" .style=${`--scriptorium-user-color: ${shownColor(person.color)}`}>
    ${avatar(person)}<span>${messages.following({ name: person.name })}</span>
    <button type="button" class="scriptorium-following-stop" aria-label=${messages.stopFollowing} @click=${onStop}
      >${icon(X)}</button
    >
  </div>`;
}
