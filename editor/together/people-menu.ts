import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Person } from './people.ts';
import { describePerson, markedAvatar, type PeopleView } from './person-view.ts';

/** What stands for those for whom there is no room, and the menu with them. */
export function peopleMenu(view: PeopleView, people: readonly Person[]): TemplateResult {
  const { messages, isOpen } = view;
  const count = people.length;
  const names = people.map(({ name }) => name).join(', ');
  return html`<span class="scriptorium-people-rest">
    <button
      type="button"
      class="scriptorium-person"
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      aria-label=${messages.more({ count })}
      data-tip=${isOpen ? nothing : names}
      @click=${() => view.onOpen(!isOpen)}
    ><span class="scriptorium-avatar scriptorium-avatar-rest" aria-hidden="true">+${count}</span></button>
    ${isOpen ? menu(view, people) : nothing}
  </span>`;
}

function menu(view: PeopleView, people: readonly Person[]): TemplateResult {
  const { messages } = view;
  return html`<div
    class="scriptorium-people-menu"
    role="menu"
    aria-label=${messages.more({ count: people.length })}
    @keydown=${(event: KeyboardEvent) => onKeyDown(event, view)}
    @focusout=${(event: FocusEvent) => onFocusOut(event, view)}
  >${people.map(
    (person) => html`<button
      type="button"
      role="menuitem"
      tabindex="-1"
      class="scriptorium-people-item"
      @click=${() => {
        view.onOpen(false);
        view.onPerson(person);
      }}
    >${markedAvatar(person, view)}<span>${describePerson(person, view)}</span></button>`,
  )}</div>`;
}

/** Places the menu in `root` and moves the focus into it. Returns what ends that. */
export function openMenu(root: HTMLElement): () => void {
  const menu = root.querySelector<HTMLElement>('.scriptorium-people-menu');
  const button = menu?.parentElement?.querySelector('button');
  if (!menu || !button) return () => {};
  const place = async (): Promise<void> => {
    const { x, y } = await computePosition(button, menu, {
      placement: 'bottom-end',
      middleware: [offset(4), flip(), shift({ padding: 8 })],
    });
    menu.style.left = `${x}px`;
    menu.style.top = `${y}px`;
  };
  menu.querySelector('button')?.focus({ preventScroll: true });
  return autoUpdate(button, menu, () => void place());
}

function onKeyDown(event: KeyboardEvent, view: PeopleView): void {
  const menu = event.currentTarget as HTMLElement;
  const items = [...menu.querySelectorAll('button')];
  const current = items.indexOf(document.activeElement as HTMLButtonElement);
  const goals: Record<string, number> = {
    ArrowDown: (current + 1) % items.length,
    ArrowUp: (current - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const goal = goals[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') view.onOpen(false);
  else if (goal !== undefined) items[goal]?.focus();
  else return;
  // Tab goes on from the button.
  if (event.key !== 'Tab') event.preventDefault();
  event.stopPropagation();
}

function onFocusOut({ currentTarget, relatedTarget }: FocusEvent, view: PeopleView): void {
  const isInside = relatedTarget instanceof Node && (currentTarget as Node).contains(relatedTarget);
  const isButton = relatedTarget instanceof Element && relatedTarget.getAttribute('aria-expanded') === 'true';
  if (!isInside && !isButton) view.onOpen(false);
}
