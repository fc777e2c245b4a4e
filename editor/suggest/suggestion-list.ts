import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { createPopup } from '../menus/popup.ts';

/** A line of a list of suggestions. */
export interface Option {
  /** What stands before the label; decoration. */
  readonly mark?: TemplateResult | string;
  readonly label: string;
  /** Beside the label, in less loud letters. */
  readonly hint?: string;
}

/** A list below a place in the text, from which one is chosen while the focus stays in the text. */
export interface SuggestionList {
  readonly isOpen: boolean;
  /** Which line is chosen by Enter; -1 while there is none. */
  readonly active: number;
  /** Shows these lines, the first of them active. */
  show(options: readonly Option[], rect: () => DOMRect): void;
  /** Makes another line the active one; behind the last comes the first. */
  move(by: number): void;
  hide(): void;
  destroy(): void;
}

interface SuggestionListContext {
  /** The element that has the focus. It says to assistive technology which line is active. */
  readonly field: HTMLElement;
  /** The name of the list, for assistive technology. */
  readonly label: string;
  onChoose(index: number): void;
}

let count = 0;

/** A list of suggestions as ARIA has it: a listbox that the text field controls. */
export function createSuggestionList({ field, label, onChoose }: SuggestionListContext): SuggestionList {
  const id = `scriptorium-suggestions-${++count}`;
  const parent = field.closest<HTMLElement>('.scriptorium') ?? document.body;
  const popup = createPopup(parent, { className: 'scriptorium-suggestions', placement: 'bottom-start' });
  const box = popup.element;
  box.id = id;
  box.role = 'listbox';
  box.ariaLabel = label;
  // The focus, and on a phone the keyboard, stays with the text.
  box.addEventListener('mousedown', (event) => event.preventDefault());
  let options: readonly Option[] = [];
  let active = -1;

  const draw = (): void => {
    render(options.map(line), box);
    field.setAttribute('aria-controls', id);
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-activedescendant', `${id}-${active}`);
    box.children[active]?.scrollIntoView({ block: 'nearest' });
  };
  const line = ({ mark, label, hint }: Option, index: number): TemplateResult => html`<div
      role="option"
      id="${id}-${index}"
      aria-selected=${String(index === active)}
      @mousemove=${() => index !== active && activate(index)}
      @click=${() => onChoose(index)}
    >
      ${mark ? html`<span class="scriptorium-suggestion-mark" aria-hidden="true">${mark}</span>` : nothing}
      <span class="scriptorium-suggestion-label">${label}</span>
      ${hint ? html`<span class="scriptorium-suggestion-hint">${hint}</span>` : nothing}
    </div>`;
  const activate = (index: number): void => {
    active = index;
    draw();
  };
  const hide = (): void => {
    if (!popup.isOpen) return;
    popup.hide();
    active = -1;
    for (const name of ['aria-controls', 'aria-autocomplete', 'aria-activedescendant']) field.removeAttribute(name);
  };

  return {
    get isOpen() {
      return popup.isOpen;
    },
    get active() {
      return active;
    },
    show(next, rect) {
      if (next.length === 0) return hide();
      options = next;
      activate(0);
      popup.show({ getBoundingClientRect: rect, contextElement: field });
    },
    move: (by) => activate((active + by + options.length) % options.length),
    hide,
    destroy() {
      hide();
      popup.destroy();
    },
  };
}
