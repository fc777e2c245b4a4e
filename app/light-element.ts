import { LitElement } from 'lit';

/**
 * A Lit element without a shadow root: the style sheet of the page applies, and selections work in every browser
 * across editor and page.
 */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
