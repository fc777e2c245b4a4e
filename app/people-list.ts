import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Awareness } from 'y-protocols/awareness';
import { avatar } from './avatar.ts';
import { language, messages } from './language.ts';
import { LightElement } from './light-element.ts';
import { type Person, readPeople } from './people.ts';

/** How many avatars fit beside each other before the rest becomes a number. The style sheet keeps room for them. */
const MAX_SHOWN = 4;

/** Who is in the document. My own avatar is a button: it fires `edit-profile`. */
export class PeopleList extends LightElement {
  static override properties = { awareness: { attribute: false }, people: { state: true } };

  declare awareness: Awareness | undefined;
  declare people: readonly Person[];
  #watched: Awareness | undefined;

  constructor() {
    super();
    this.people = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch(this.awareness);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch(undefined);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('awareness')) this.#watch(this.awareness);
  }

  protected override render(): TemplateResult {
    const shown = this.people.slice(0, this.people.length > MAX_SHOWN ? MAX_SHOWN - 1 : MAX_SHOWN);
    const rest = this.people.slice(shown.length);
    // I am at the end, where the place is fixed: who comes and goes moves nobody but the newest at the beginning.
    return html`<ul class="people" role="list" aria-label=${messages().people.label}>
      ${rest.length === 0 ? nothing : html`<li>${others(rest)}</li>`}
      ${repeat(
        shown.reverse(),
        (person) => person.id,
        (person) => html`<li>${person.isMe ? this.#me(person) : other(person)}</li>`,
      )}
    </ul>`;
  }

  #me(person: Person): TemplateResult {
    const edit = (): boolean => this.dispatchEvent(new CustomEvent('edit-profile', { bubbles: true }));
    return html`<button class="person" type="button" data-tip=${messages().people.you(person)} @click=${edit}>
      ${avatar(person)}<span class="visually-hidden">${messages().people.edit(person)}</span>
    </button>`;
  }

  #watch(awareness: Awareness | undefined): void {
    if (this.#watched === awareness) return;
    this.#watched?.off('change', this.#read);
    this.#watched = awareness;
    awareness?.on('change', this.#read);
    this.#read();
  }

  #read = (): void => {
    const people = this.#watched ? readPeople(this.#watched.getStates(), this.#watched.clientID) : [];
    // Every caret that moves is a change of awareness; nobody came or went by it.
    if (JSON.stringify(people) !== JSON.stringify(this.people)) this.people = people;
  };
}

function other(person: Person): TemplateResult {
  return html`<span class="person" tabindex="0" data-tip=${person.name}>
    ${avatar(person)}<span class="visually-hidden">${person.name}</span>
  </span>`;
}

function others(people: readonly Person[]): TemplateResult {
  const names = new Intl.ListFormat(language().locale).format(people.map((person) => person.name));
  return html`<span class="person" tabindex="0" data-tip=${names}>
    <span class="avatar avatar-rest" aria-hidden="true">+${people.length}</span>
    <span class="visually-hidden">${messages().people.more({ names })}</span>
  </span>`;
}

customElements.define('people-list', PeopleList);
