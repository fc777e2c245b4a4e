import { LitElement } from 'lit';
import { watchLanguage } from './language.ts';

/**
 * A Lit element without a shadow root: the style sheet of the page applies, and selections work in every browser
 * across editor and page. It is drawn again when the language changes.
 */
export class LightElement extends LitElement {
  #unwatchLanguage: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatchLanguage = watchLanguage(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatchLanguage?.();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
