import { html, nothing, type TemplateResult } from 'lit';
import { Check, Link } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { LightElement } from './light-element.ts';

/** How long "Link copied" stays. */
const CONFIRM_MS = 2500;

/** Copies the address of the page; where the browser does not allow that, shows it to be copied by hand. */
export class ShareButton extends LightElement {
  static override properties = { step: { state: true } };

  declare step: 'ready' | 'copied' | 'by-hand';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.step = 'ready';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    const copied = this.step === 'copied';
    return html`<button type="button" class="button button-primary share" @click=${this.#share}>
        ${icon(copied ? Check : Link)}
        <span class="share-text">${copied ? 'Copied' : 'Share'}</span>
      </button>
      <span class="visually-hidden" role="status">${copied ? 'Link copied' : ''}</span>
      ${this.step === 'by-hand' ? this.#byHand() : nothing}`;
  }

  protected override updated(): void {
    const dialog = this.querySelector('dialog');
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector('input')?.select();
  }

  #byHand(): TemplateResult {
    const select = (event: Event): void => {
      if (event.target instanceof HTMLInputElement) event.target.select();
    };
    return html`<dialog class="dialog" aria-labelledby="share-heading" @close=${() => this.#become('ready')}>
      <form method="dialog" class="dialog-form">
        <h2 id="share-heading">Share this document</h2>
        <label class="field">
          <span>The browser did not let the link be copied. Copy it from here:</span>
          <input type="text" readonly .value=${location.href} @focus=${select}>
        </label>
        <div class="dialog-actions"><button type="submit" class="button button-primary">Done</button></div>
      </form>
    </dialog>`;
  }

  #share = async (): Promise<void> => {
    try {
      // Absent where a page is served over plain HTTP; that is a refusal like any other.
      await navigator.clipboard.writeText(location.href);
      this.#become('copied');
      this.#timer = setTimeout(() => this.#become('ready'), CONFIRM_MS);
    } catch {
      this.#become('by-hand');
    }
  };

  #become(step: ShareButton['step']): void {
    clearTimeout(this.#timer);
    this.step = step;
  }
}

customElements.define('share-button', ShareButton);
