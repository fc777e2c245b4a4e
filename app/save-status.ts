import { createSaveStatus, type SaveState, type SaveStatus } from '../editor/index.ts';

/** The save state, as an element for templates. */
export class SaveStatusElement extends HTMLElement {
  #state: SaveState = { kind: 'connecting', text: '' };
  #status: SaveStatus | undefined;

  set state(state: SaveState) {
    this.#state = state;
    this.#status?.show(state);
  }

  connectedCallback(): void {
    this.#status = createSaveStatus(this.#state);
    this.append(this.#status.element);
  }

  disconnectedCallback(): void {
    this.#status?.destroy();
    this.#status = undefined;
  }
}

customElements.define('save-status', SaveStatusElement);
