import { html, nothing, type TemplateResult } from 'lit';
import { Check, Copy, Link, Trash2 } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { LightElement } from './light-element.ts';
import { describeTime } from './relative-time.ts';
import { documentPath } from './router.ts';
import { type LinkAccess, loadSharing, makeLink, revokeLink, type ShareLink, type Sharing } from './share-links.ts';

const DAY_SECONDS = 24 * 3600;

/** How long a link lasts, in seconds; '' is without end. */
const DURATIONS = [
  ['', 'Always'],
  [String(DAY_SECONDS), 'For a day'],
  [String(7 * DAY_SECONDS), 'For a week'],
  [String(30 * DAY_SECONDS), 'For 30 days'],
] as const;

/** What whoever has the address may do without a link. */
const ANYBODY: Readonly<Record<string, string>> = {
  none: 'Opens for those who have been given access.',
  read: 'Anybody who can reach this server may read it.',
  comment: 'Anybody who can reach this server may read it.',
};
const ANYBODY_WRITES = 'Anybody who can reach this server may edit it.';

const ending = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** How long "Copied" stays. */
const CONFIRM_MS = 2500;

/** Makes links to a document, and takes them back. */
export class ShareDialog extends LightElement {
  static override properties = {
    document: {},
    token: { attribute: false },
    sharing: { state: true },
    error: { state: true },
    busy: { state: true },
    copied: { state: true },
  };

  declare document: string;
  declare token: string | undefined;
  declare sharing: Sharing | undefined;
  declare error: string;
  declare busy: boolean;
  /** The address that was copied a moment ago. */
  declare copied: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.error = '';
    this.busy = false;
    this.copied = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async open(): Promise<void> {
    this.error = '';
    await this.updateComplete;
    this.querySelector('dialog')?.showModal();
    await this.#try(async () => {
      this.sharing = await loadSharing(this.document, this.token);
    });
  }

  protected override render(): TemplateResult {
    const plain = location.origin + documentPath(this.document);
    const anybody = this.sharing?.anybody;
    return html`<dialog class="dialog share-dialog" aria-labelledby="share-heading">
      <div class="dialog-form">
        <h2 id="share-heading">Share this document</h2>
        <div class="share-address">
          <label class="field">
            <span>Address</span>
            <input type="text" readonly .value=${plain} @focus=${select}>
          </label>
          ${this.#copyButton(plain, 'address')}
        </div>
        <p class="hint">${anybody === undefined ? nothing : (ANYBODY[anybody] ?? ANYBODY_WRITES)}</p>
        <h3>Links</h3>
        ${this.#links()}
        <form class="share-new" @submit=${this.#make}>
          <label class="field">
            <span>Whoever has the link</span>
            <select name="access">
              <option value="read">Can read</option>
              <option value="write">Can edit</option>
            </select>
          </label>
          <label class="field">
            <span>Valid</span>
            <select name="duration">
              ${DURATIONS.map(([seconds, text]) => html`<option value=${seconds}>${text}</option>`)}
            </select>
          </label>
          <button type="submit" class="button button-primary" aria-disabled=${String(this.busy)}>
            ${icon(Link)}Make a link
          </button>
        </form>
        <p class="error-line" role="alert">${this.error}</p>
        <span class="visually-hidden" role="status">${this.copied === '' ? '' : 'Copied'}</span>
        <form method="dialog" class="dialog-actions"><button type="submit" class="button">Done</button></form>
      </div>
    </dialog>`;
  }

  #links(): TemplateResult {
    const links = this.sharing?.links ?? [];
    if (links.length === 0) {
      return html`<p class="hint">None yet. A link opens this document for whoever has it, until you take it back.</p>`;
    }
    return html`<ul class="share-links" role="list">
      ${links.map((link) => {
        const can = link.access === 'write' ? 'Can edit' : 'Can read';
        return html`<li>
          <span class="share-link">
            <span>${can}</span>
            <span class="hint">${timesOf(link)}</span>
          </span>
          ${this.#copyButton(link.address, `link: ${can}, ${timesOf(link)}`)}
          <button
            type="button"
            class="icon-button"
            aria-label="Take back the link: ${can}, ${timesOf(link)}"
            @click=${() => void this.#revoke(link)}
          >
            ${icon(Trash2)}
          </button>
        </li>`;
      })}
    </ul>`;
  }

  #copyButton(address: string, what: string): TemplateResult {
    const isCopied = this.copied === address;
    const copy = (): void => void this.#copy(address);
    return html`<button type="button" class="button share-copy" aria-label="Copy the ${what}" @click=${copy}>
      ${icon(isCopied ? Check : Copy)}<span>${isCopied ? 'Copied' : 'Copy'}</span>
    </button>`;
  }

  #copy(address: string): Promise<void> {
    return this.#try(async () => {
      try {
        await navigator.clipboard.writeText(address);
      } catch {
        // Absent where a page is served over plain HTTP. What is selected can be copied by hand.
        throw new Error(`The browser did not let it be copied. Copy it from here: ${address}`);
      }
      this.copied = address;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.copied = '';
      }, CONFIRM_MS);
    });
  }

  readonly #make = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy || !(event.target instanceof HTMLFormElement)) return;
    const chosen = new FormData(event.target);
    const access: LinkAccess = chosen.get('access') === 'write' ? 'write' : 'read';
    const seconds = Number(chosen.get('duration')) || undefined;
    void this.#try(async () => {
      const link = await makeLink(this.document, access, seconds, this.token);
      if (this.sharing) this.sharing = { ...this.sharing, links: [link, ...this.sharing.links] };
    });
  };

  #revoke(link: ShareLink): Promise<void> {
    return this.#try(async () => {
      await revokeLink(this.document, link.id, this.token);
      if (!this.sharing) return;
      this.sharing = { ...this.sharing, links: this.sharing.links.filter(({ id }) => id !== link.id) };
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.error = '';
    try {
      await work();
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }
}

function timesOf({ createdAt, expiresAt }: ShareLink): string {
  const made = `made ${describeTime(createdAt, Date.now())}`;
  if (expiresAt === undefined) return made;
  return `${made}, ends ${ending.format(expiresAt)}`;
}

function select(event: Event): void {
  if (event.target instanceof HTMLInputElement) event.target.select();
}

customElements.define('share-dialog', ShareDialog);
