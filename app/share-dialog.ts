import { html, nothing, type TemplateResult } from 'lit';
import { Check, Copy, Link, Trash2 } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { language, messages } from './language.ts';
import { LightElement } from './light-element.ts';
import { describeTime } from './relative-time.ts';
import { documentPath } from './router.ts';
import { type LinkAccess, loadSharing, makeLink, revokeLink, type ShareLink, type Sharing } from './share-links.ts';

const DAY_SECONDS = 24 * 3600;

/** How long a link lasts, in seconds, with the name of its message; '' is without end. */
const DURATIONS = [
  ['', 'always'],
  [String(DAY_SECONDS), 'day'],
  [String(7 * DAY_SECONDS), 'week'],
  [String(30 * DAY_SECONDS), 'month'],
] as const;

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
    const t = messages().share;
    return html`<dialog class="dialog share-dialog" aria-labelledby="share-heading">
      <div class="dialog-form">
        <h2 id="share-heading">${t.heading}</h2>
        <div class="share-address">
          <label class="field">
            <span>${t.address}</span>
            <input type="text" readonly .value=${plain} @focus=${select}>
          </label>
          ${this.#copyButton(plain, t.copyAddress)}
        </div>
        <p class="hint">${anybody === undefined ? nothing : anybodyMay(anybody)}</p>
        <h3>${t.links}</h3>
        ${this.#links()}
        <form class="share-new" @submit=${this.#make}>
          <label class="field">
            <span>${t.whoever}</span>
            <select name="access">
              <option value="read">${t.canRead}</option>
              <option value="write">${t.canEdit}</option>
            </select>
          </label>
          <label class="field">
            <span>${t.valid}</span>
            <select name="duration">
              ${DURATIONS.map(([seconds, name]) => html`<option value=${seconds}>${t[name]}</option>`)}
            </select>
          </label>
          <button type="submit" class="button button-primary" aria-disabled=${String(this.busy)}>
            ${icon(Link)}${t.make}
          </button>
        </form>
        <p class="error-line" role="alert">${this.error}</p>
        <span class="visually-hidden" role="status">${this.copied === '' ? '' : messages().common.copied}</span>
        <form method="dialog" class="dialog-actions"><button type="submit" class="button">${messages().common.done}</button></form>
      </div>
    </dialog>`;
  }

  #links(): TemplateResult {
    const links = this.sharing?.links ?? [];
    const t = messages().share;
    if (links.length === 0) {
      return html`<p class="hint">${t.noLinks}</p>`;
    }
    return html`<ul class="share-links" role="list">
      ${links.map((link) => {
        const can = link.access === 'write' ? t.canEdit : t.canRead;
        const times = timesOf(link);
        return html`<li>
          <span class="share-link">
            <span>${can}</span>
            <span class="hint">${times}</span>
          </span>
          ${this.#copyButton(link.address, t.copyLink({ link: `${can}, ${times}` }))}
          <button
            type="button"
            class="icon-button"
            aria-label=${t.revoke({ link: `${can}, ${times}` })}
            @click=${() => void this.#revoke(link)}
          >
            ${icon(Trash2)}
          </button>
        </li>`;
      })}
    </ul>`;
  }

  #copyButton(address: string, label: string): TemplateResult {
    const isCopied = this.copied === address;
    const copy = (): void => void this.#copy(address);
    return html`<button type="button" class="button share-copy" aria-label=${label} @click=${copy}>
      ${icon(isCopied ? Check : Copy)}<span>${isCopied ? messages().common.copied : messages().common.copy}</span>
    </button>`;
  }

  #copy(address: string): Promise<void> {
    return this.#try(async () => {
      try {
        await navigator.clipboard.writeText(address);
      } catch {
        // Absent where a page is served over plain HTTP. What is selected can be copied by hand.
        throw new Error(messages().share.notCopied({ address }));
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

/** What whoever has the address may do without a link. */
function anybodyMay(access: string): string {
  const t = messages().share;
  if (access === 'none') return t.anybodyNone;
  return access === 'read' || access === 'comment' ? t.anybodyReads : t.anybodyWrites;
}

function timesOf({ createdAt, expiresAt }: ShareLink): string {
  const { locale, messages } = language();
  const time = describeTime(createdAt, Date.now());
  if (expiresAt === undefined) return messages.share.made({ time });
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return messages.share.ends({ time, end: format.format(expiresAt) });
}

function select(event: Event): void {
  if (event.target instanceof HTMLInputElement) event.target.select();
}

customElements.define('share-dialog', ShareDialog);
