import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { html, nothing, type TemplateResult } from 'lit';
import { Check } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { LightElement } from './light-element.ts';

/** What can be chosen from a menu; of several groups there is a line between. */
export interface MenuItem {
  readonly name: string;
  readonly label: string;
  /** SVG text. */
  readonly icon: string;
  readonly isDanger?: boolean;
  /** Whether it is on, for what is switched on and off. Asked when the menu opens. */
  isOn?(): boolean;
  run(): void;
}

/** A group of items, with a heading where it has one. */
export interface MenuGroup {
  readonly label?: string;
  readonly items: readonly MenuItem[];
}

/** An icon that opens a menu, as the ARIA menu button pattern has it. */
export class MenuButton extends LightElement {
  static override properties = {
    label: {},
    glyph: { attribute: false },
    groups: { attribute: false },
    tabStop: { attribute: false },
    open: { state: true },
  };

  declare label: string;
  /** SVG text. */
  declare glyph: string;
  declare groups: readonly MenuGroup[];
  /** Whether the button is a stop of the tab key. */
  declare tabStop: boolean;
  declare open: boolean;
  #stopPlacing: (() => void) | undefined;

  constructor() {
    super();
    this.label = '';
    this.glyph = '';
    this.groups = [];
    this.tabStop = true;
    this.open = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopPlacing?.();
    this.open = false;
  }

  protected override render(): TemplateResult {
    return html`<button
        type="button"
        class="icon-button"
        aria-haspopup="menu"
        aria-expanded=${String(this.open)}
        aria-label=${this.label}
        tabindex=${this.tabStop ? 0 : -1}
        @click=${this.#toggle}
        @keydown=${this.#onButtonKey}
      >${icon(this.glyph)}</button>
      ${this.open ? this.#menu() : nothing}`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('open')) return;
    const menu = this.#menuElement();
    if (!menu) return;
    menu.showPopover();
    const button = this.#button();
    this.#stopPlacing = autoUpdate(button, menu, () => void place(button, menu));
    this.#items()[0]?.focus({ preventScroll: true });
  }

  /** Opens it with its first item focused. */
  show(): void {
    this.open = true;
  }

  #menu(): TemplateResult {
    return html`<div
      class="menu"
      role="menu"
      popover="auto"
      aria-label=${this.label}
      @toggle=${this.#onToggle}
      @keydown=${this.#onMenuKey}
    >
      ${this.groups.map(
        ({ label, items }) => html`<div class="menu-group" role="group" aria-label=${label ?? nothing}>
          ${label ? html`<span class="menu-heading" aria-hidden="true">${label}</span>` : nothing}
          ${items.map((item) => this.#item(item))}
        </div>`,
      )}
    </div>`;
  }

  #item(item: MenuItem): TemplateResult {
    const run = (): void => {
      this.#close();
      item.run();
    };
    return html`<button
      type="button"
      role=${item.isOn ? 'menuitemcheckbox' : 'menuitem'}
      aria-checked=${item.isOn ? String(item.isOn()) : nothing}
      class="menu-item ${item.isDanger ? 'menu-item-danger' : ''}"
      data-name=${item.name}
      tabindex="-1"
      @click=${run}
      @pointermove=${(event: PointerEvent) => event.pointerType === 'mouse' && (event.currentTarget as HTMLElement).focus()}
    >${icon(item.icon)}<span>${item.label}</span>${item.isOn?.() ? icon(Check) : nothing}</button>`;
  }

  readonly #toggle = (): void => {
    if (this.open) this.#close();
    else this.open = true;
  };

  readonly #onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    // In a list these keys move to another row; on its menu button they open the menu.
    event.preventDefault();
    event.stopPropagation();
    this.open = true;
  };

  readonly #onMenuKey = (event: KeyboardEvent): void => {
    const items = this.#items();
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    event.stopPropagation();
    if (event.key === 'Tab') this.#close();
    if (next === undefined) return;
    event.preventDefault();
    items.at(next % items.length)?.focus();
  };

  /** The browser closes it on Escape and on a click elsewhere. */
  readonly #onToggle = (event: Event): void => {
    if ((event as ToggleEvent).newState === 'closed') this.#close();
  };

  #close(): void {
    if (!this.open) return;
    this.#stopPlacing?.();
    const hadFocus = this.contains(document.activeElement);
    this.open = false;
    if (hadFocus) this.#button().focus({ preventScroll: true });
  }

  #button(): HTMLElement {
    return this.querySelector<HTMLElement>(':scope > button') as HTMLElement;
  }

  #menuElement(): HTMLElement | null {
    return this.querySelector<HTMLElement>(':scope > [role="menu"]');
  }

  #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  }
}

async function place(button: HTMLElement, menu: HTMLElement): Promise<void> {
  const middleware = [offset(4), flip({ padding: 8 }), shift({ padding: 8 })];
  const { x, y } = await computePosition(button, menu, { placement: 'bottom-end', strategy: 'fixed', middleware });
  menu.style.translate = `${x}px ${y}px`;
}

customElements.define('menu-button', MenuButton);
