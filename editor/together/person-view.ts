import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ChevronDown, ChevronUp } from 'lucide-static';
import { icon } from '../icon.ts';
import type { Messages } from '../messages/index.ts';
import { avatar } from './avatar.ts';
import type { Person } from './people.ts';

/** What is to be seen of the people of a document. */
export interface PeopleView {
  readonly messages: Messages['together'];
  readonly people: readonly Person[];
  /** The id of whoever is followed. */
  readonly followed: string | undefined;
  /** Where those are who are not in sight, by id. */
  readonly directions: ReadonlyMap<string, 'above' | 'below' | undefined>;
  /** Whether the menu of those for whom there is no room is open. */
  readonly isOpen: boolean;
  onPerson(person: Person): void;
  readonly onMe: (() => void) | undefined;
  onOpen(open: boolean): void;
}

/** What there is to say of a person in words: the name, that they write, and where they are. */
export function describePerson(person: Person, { messages, directions }: PeopleView): string {
  const { name } = person;
  if (person.isTyping) return messages.typing({ name });
  const direction = directions.get(person.id);
  if (direction === 'above') return messages.above({ name });
  return direction === 'below' ? messages.below({ name }) : name;
}

/** The avatar with marks for who writes, and for who is further up or down. */
export function markedAvatar(person: Person, { directions }: PeopleView): TemplateResult {
  const direction = directions.get(person.id);
  const arrow = direction === 'above' ? ChevronUp : ChevronDown;
  return html`${avatar(person)}${
    person.isTyping
      ? html`<span class="scriptorium-typing" aria-hidden="true"><i></i><i></i><i></i></span>`
      : direction
        ? html`<span class="scriptorium-direction" aria-hidden="true">${icon(arrow)}</span>`
        : nothing
  }`;
}
