import { type PropertyValues, ReactiveElement } from 'lit';
import type { EditorHandle, EditorProvider } from '../editor-options.ts';
import { createPeople, type PeopleList } from './create-people.ts';

/**
 * `<scriptorium-people for="id of the <scriptorium-editor>">`: who is in the document of an editor; see `createPeople`.
 * A click on oneself dispatches `me`. Importing this module defines the element.
 */
export class ScriptoriumPeopleElement extends ReactiveElement {
  static override properties = { editor: { attribute: false }, for: {}, locale: {} };

  /** The editor, as `createEditor` gives it; goes before `for`. */
  declare editor: EditorHandle<EditorProvider> | undefined;
  /** The id of a `<scriptorium-editor>`. */
  declare for: string | undefined;
  declare locale: string | undefined;
  #list: PeopleList | undefined;
  #watched: Element | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  protected override createRenderRoot(): this {
    return this;
  }

  protected override updated(_: PropertyValues): void {
    this.#end();
    if (!this.isConnected) return;
    this.#watched = (this.for && this.ownerDocument.getElementById(this.for)) || undefined;
    // The element makes its editor anew when it gets another document.
    this.#watched?.addEventListener('ready', this.#begin);
    this.#begin();
  }

  readonly #begin = (): void => {
    this.#list?.destroy();
    this.#list = undefined;
    const editor = this.editor ?? (this.#watched as { handle?: EditorHandle<EditorProvider> } | undefined)?.handle;
    if (!editor) return;
    this.#list = createPeople(this, editor, {
      ...(this.locale !== undefined && { locale: this.locale }),
      onMe: () => void this.dispatchEvent(new CustomEvent('me', { bubbles: true })),
    });
  };

  #end(): void {
    this.#watched?.removeEventListener('ready', this.#begin);
    this.#watched = undefined;
    this.#list?.destroy();
    this.#list = undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'scriptorium-people': ScriptoriumPeopleElement;
  }
}

// On a server there are no elements; two bundles in one page share the first one's.
if (typeof customElements !== 'undefined' && !customElements.get('scriptorium-people')) {
  customElements.define('scriptorium-people', ScriptoriumPeopleElement);
}
