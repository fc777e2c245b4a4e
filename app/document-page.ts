import './save-status.ts';
import './menu-button.ts';
import './share-button.ts';
import { html, nothing, type TemplateResult } from 'lit';
import { ArrowLeft, CloudOff, EllipsisVertical, FileQuestionMark, Lock, RefreshCw, TriangleAlert } from 'lucide-static';
import { deleteCopy } from '../client/index.ts';
import '../editor/together/people-element.ts';
import { createEditor, describeSave, type EditorHandle, icon, type SaveFacts } from '../editor/index.ts';
import { ApiError, getDocument } from './api.ts';
import { HOME_PATH } from './base-path.ts';
import { documentMenu } from './document-menu.ts';
import { rememberOpened } from './documents/device-marks.ts';
import { firstLook } from './first-look.ts';
import { forgetTitle } from './known-titles.ts';
import { language, messages, watchLanguage } from './language.ts';
import { LightElement } from './light-element.ts';
import { ownToken, shareToken } from './own-token.ts';
import type { Profile } from './profile.ts';
import type { HistoryState } from './router.ts';
import { leaveSession, openSession, type Session, sendLeftovers } from './session.ts';
import { SYNC_URL } from './sync-url.ts';
import { findAnywhere } from './view-menu.ts';

type Load =
  | { readonly state: 'loading' }
  | { readonly state: 'open'; readonly session: Session }
  | { readonly state: 'missing' }
  | { readonly state: 'forbidden' }
  /** There is no connection, and this device has no copy. */
  | { readonly state: 'absent' }
  | { readonly state: 'failed'; readonly message: string };

/** How often a document that is not on this device is asked for while there is no connection. */
const ASK_AGAIN_MS = 3_000;

const NOTHING_YET: SaveFacts = { status: 'connecting', saved: true, unsavedChanges: 0, kept: true };

/** One document: its title, who is here, where the changes are, and the editor. */
export class DocumentPage extends LightElement {
  static override properties = {
    document: {},
    profile: { attribute: false },
    load: { state: true },
    editor: { state: true },
  };

  declare document: string;
  declare profile: Profile;
  declare load: Load;
  declare editor: EditorHandle | undefined;
  /** What the page shows the server. */
  readonly #token = shareToken() ?? ownToken();
  #unwatch: (() => void) | undefined;
  #stopFinding: (() => void) | undefined;
  #unwatchLanguage: (() => void) | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.load = { state: 'loading' };
  }

  protected override firstUpdated(): void {
    // Not when connected: an element that is upgraded late gets its properties with its first update.
    void this.#open();
    this.#unwatchLanguage = watchLanguage(this.#changeLanguage);
    this.#stopFinding = findAnywhere(() => this.editor?.editor);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatchLanguage?.();
    this.#stopFinding?.();
    this.#close();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('profile')) this.editor?.setUser(this.profile);
    if (this.load.state !== 'open') return;
    document.title = `${this.load.session.title.value || messages().common.untitled} · Scriptorium`;
  }

  protected override render(): TemplateResult {
    const session = this.load.state === 'open' ? this.load.session : undefined;
    return html`<header class="bar">
        <a class="icon-button icon-turns" href=${HOME_PATH} aria-label=${messages().common.allDocuments} data-tip=${messages().common.allDocuments}>${icon(ArrowLeft)}</a>
        ${this.load.state === 'open' || this.load.state === 'loading' ? this.#aboutDocument(session) : nothing}
      </header>
      <main>${this.#body()}</main>`;
  }

  /** Also while it loads, so that nothing moves when it is there. */
  #aboutDocument(session: Session | undefined): TemplateResult {
    const facts = session?.facts() ?? NOTHING_YET;
    return html`${this.#title(session)}
      <save-status .state=${describeSave(facts, language().editor)}></save-status>
      <scriptorium-people
        .editor=${this.editor}
        .locale=${language().locale}
        @me=${() => this.dispatchEvent(new CustomEvent('edit-profile', { bubbles: true }))}
      ></scriptorium-people>
      <share-button
        .document=${this.document}
        .token=${this.#token}
        .mayShare=${session?.rights.mayShare ?? false}
      ></share-button>
      ${this.#menu(session)}`;
  }

  #title(session: Session | undefined): TemplateResult {
    const title = session?.title.value ?? '';
    const { untitled } = messages().common;
    const onInput = (event: InputEvent): void => {
      if (event.target instanceof HTMLInputElement) session?.title.edit(event.target.value);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || event.isComposing) return;
      session?.title.flush();
      // The line break would go where the focus is then: into the text.
      event.preventDefault();
      // At once: Tiptap's own focus command waits for a frame, and what is typed until then would go into the title.
      this.editor?.editor.view.focus();
      this.editor?.editor.commands.setTextSelection(0);
    };
    return html`<h1 class="visually-hidden">${title || untitled}</h1>
      <input
        class="title"
        type="text"
        aria-label=${messages().document.title}
        placeholder=${session ? untitled : ''}
        dir="auto"
        maxlength="200"
        autocomplete="off"
        enterkeyhint="done"
        ?disabled=${!session}
        ?readonly=${session?.rights.mayWrite === false}
        .value=${title}
        @input=${onInput}
        @keydown=${onKeyDown}
        @blur=${() => session?.title.flush()}
      >`;
  }

  #menu(session: Session | undefined): TemplateResult {
    const run = { document: this.document, session, editor: this.editor };
    return html`<menu-button
      class="document-menu"
      .label=${messages().document.menu}
      .glyph=${EllipsisVertical}
      .groups=${documentMenu(run)}
    ></menu-button>`;
  }

  #body(): TemplateResult {
    const t = messages().document;
    const retry = html`<button type="button" class="button" @click=${() => void this.#open()}>
      ${icon(RefreshCw)}${messages().common.tryAgain}
    </button>`;
    switch (this.load.state) {
      case 'missing':
        return html`<div class="notice">
          ${icon(FileQuestionMark)}
          <h1>${t.missing}</h1>
          <p>${t.missingMore}</p>
          <a class="button button-primary" href=${HOME_PATH}>${messages().common.allDocuments}</a>
        </div>`;
      case 'forbidden':
        return html`<div class="notice">
          ${icon(Lock)}
          <h1>${t.forbidden}</h1>
          <p>${shareToken() === undefined ? t.forbiddenMore : t.linkEnded}</p>
        </div>`;
      case 'absent':
        return html`<div class="notice" role="status">
          ${icon(CloudOff)}
          <h1>${t.absent}</h1>
          <p>${t.absentMore}</p>
          ${retry}
        </div>`;
      case 'failed':
        return html`<div class="notice">
          ${icon(TriangleAlert)}
          <h1>${t.failed}</h1>
          <p>${this.load.message}</p>
          ${retry}
        </div>`;
      case 'loading':
      case 'open':
        return html`${this.load.state === 'loading' ? documentSkeleton() : nothing}<div class="editor"></div>`;
    }
  }

  /** What the editor says is made with it. */
  readonly #changeLanguage = (): void => {
    const element = this.querySelector<HTMLElement>('.editor');
    if (this.editor && element && this.load.state === 'open') this.#showEditor(element, this.load.session);
  };

  async #open(): Promise<void> {
    clearTimeout(this.#again);
    try {
      const { title, isFromDevice } = await firstLook(this.document, this.#token);
      const session = openSession(this.document, title, this.#token);
      // The person went on to another page in the meantime.
      if (!this.isConnected) return leaveSession(session);
      await this.#show(session);
      if (isFromDevice) await this.#checkIsThere();
    } catch (error) {
      if (this.isConnected) this.#failed(error);
    }
  }

  async #show(session: Session): Promise<void> {
    this.#unwatch = session.watch(() => this.requestUpdate());
    this.load = { state: 'open', session };
    await this.updateComplete;
    const element = this.querySelector<HTMLElement>('.editor');
    if (!element || !this.isConnected) return;
    this.#showEditor(element, session);
    rememberOpened(this.document, Date.now());
    if ((history.state as HistoryState | null)?.isNew) this.querySelector<HTMLElement>('.title')?.focus();
  }

  #showEditor(element: HTMLElement, { provider }: Session): void {
    this.editor?.destroy();
    const { locale } = language();
    this.editor = createEditor(element, { provider, locale, user: this.profile, saveState: false });
  }

  /**
   * Asks the server about a document that this device has. One that is not open to us any more is shown no more, unless
   * something in it is only here; of a deleted one the editor shows what there is, and an empty one is just missing.
   */
  async #checkIsThere(): Promise<void> {
    const error = await getDocument(this.document, this.#token).catch((thrown: unknown) => thrown);
    const status = error instanceof ApiError ? error.status : undefined;
    if (this.load.state !== 'open') return;
    const { session } = this.load;
    const isEmpty = session.provider.doc.store.clients.size === 0;
    if (status === 404 ? !isEmpty : !session.facts().saved) return;
    if (status !== 401 && status !== 403 && status !== 404) return;
    this.#close();
    if (status !== 401) {
      await deleteCopy(SYNC_URL, this.document);
      forgetTitle(this.document);
    }
    this.#failed(error);
  }

  #failed(error: unknown): void {
    const status = error instanceof ApiError ? error.status : undefined;
    if (status === 404) this.load = { state: 'missing' };
    else if (status === 401 || status === 403) this.load = { state: 'forbidden' };
    else if (status === 0) {
      this.load = { state: 'absent' };
      this.#again = setTimeout(() => void this.#open(), ASK_AGAIN_MS);
    } else this.load = { state: 'failed', message: error instanceof Error ? error.message : String(error) };
  }

  #close(): void {
    clearTimeout(this.#again);
    this.#unwatch?.();
    this.editor?.destroy();
    this.editor = undefined;
    if (this.load.state === 'open') leaveSession(this.load.session);
  }
}

/** Lines where the text will be. Over the place of the editor, so that nothing moves when that comes. */
function documentSkeleton(): TemplateResult {
  return html`<div class="document-skeleton" aria-busy="true">
    <span class="visually-hidden" role="status">${messages().document.loading}</span>
    ${[1, 2, 3, 4].map(() => html`<span aria-hidden="true"></span>`)}
  </div>`;
}

customElements.define('document-page', DocumentPage);
sendLeftovers();
