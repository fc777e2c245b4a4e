import './share-dialog.ts';
import { html, nothing, type TemplateResult } from 'lit';
import { Check, Link } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { messages } from './language.ts';
import { LightElement } from './light-element.ts';
import type { ShareDialog } from './share-dialog.ts';

/** How long "Link copied" stays. */
const CONFIRM_MS = 2500;

/**
 * Opens the {@link ShareDialog} for who may make links. For the others it copies the address of the page; where the
 * browser does not allow that, it shows it to be copied by hand.
 */
export class ShareButton extends LightElement {
  static override properties = {
    document: {},
    token: { attribute: false },
    mayShare: { attribute: false },
    step: { state: true },
  };

  declare document: string;
  declare token: string | undefined;
  declare mayShare: boolean;
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
    const t = messages();
    return html`<button type="button" class="button button-primary share" @click=${this.#share}>
        ${icon(copied ? Check : Link)}
        <span class="share-text">${copied ? t.common.copied : t.share.share}</span>
      </button>
      <span class="visually-hidden" role="status">${copied ? t.share.linkCopied : ''}</span>
      ${this.step === 'by-hand' ? this.#byHand() : nothing}
      ${this.mayShare ? html`<share-dialog .document=${this.document} .token=${this.token}></share-dialog>` : nothing}`;
  }

  protected override updated(): void {
    const dialog = this.querySelector<HTMLDialogElement>(':scope > dialog');
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector('input')?.select();
  }

  #byHand(): TemplateResult {
    const t = messages();
    const select = (event: Event): void => {
      if (event.target instanceof HTMLInputElement) event.target.select();
    };
    return html`<dialog class="dialog" aria-labelledby="share-heading" @close=${() => this.#become('ready')}>
      <form method="dialog" class="dialog-form">
        <h2 id="share-heading">${t.share.heading}</h2>
        <label class="field">
          <span>${t.share.byHand}</span>
          <input type="text" readonly .value=${location.href} @focus=${select}>
        </label>
        <div class="dialog-actions"><button type="submit" class="button button-primary">${t.common.done}</button></div>
      </form>
    </dialog>`;
  }

  #share = async (): Promise<void> => {
    const dialog = this.querySelector<ShareDialog>('share-dialog');
    if (dialog) return dialog.open();
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
