import './people-list.ts';
import './save-status.ts';
import './share-button.ts';
import { html, nothing, type TemplateResult } from 'lit';
import { ArrowLeft, FileQuestionMark, Lock, RefreshCw, TriangleAlert } from 'lucide-static';
import { createEditor, type EditorHandle, icon } from '../editor/index.ts';
import { ApiError, getDocument } from './api.ts';
import { LightElement } from './light-element.ts';
import { ownToken, shareToken } from './own-token.ts';
import type { Profile } from './profile.ts';
import type { HistoryState } from './router.ts';
import { describeSave } from './save-state.ts';
import { leaveSession, openSession, type Session } from './session.ts';

type Load =
  | { readonly state: 'loading' }
  | { readonly state: 'open'; readonly session: Session }
  | { readonly state: 'missing' }
  | { readonly state: 'forbidden' }
  | { readonly state: 'failed'; readonly message: string };

/** One document: its title, who is here, where the changes are, and the editor. */
export class DocumentPage extends LightElement {
  static override properties = { document: {}, profile: { attribute: false }, load: { state: true } };

  declare document: string;
  declare profile: Profile;
  declare load: Load;
  /** What the page shows the server. */
  readonly #token = shareToken() ?? ownToken();
  #editor: EditorHandle | undefined;
  #unwatch: (() => void) | undefined;

  constructor() {
    super();
    this.load = { state: 'loading' };
  }

  protected override firstUpdated(): void {
    // Not when connected: an element that is upgraded late gets its properties with its first update.
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('profile')) this.#editor?.setUser(this.profile);
    if (this.load.state !== 'open') return;
    this.#editor?.setEditable(this.load.session.rights.mayWrite);
    document.title = `${this.load.session.title.value || 'Untitled'} · Scriptorium`;
  }

  protected override render(): TemplateResult {
    const session = this.load.state === 'open' ? this.load.session : undefined;
    return html`<header class="bar">
        <a class="icon-button" href="/" aria-label="All documents" data-tip="All documents">${icon(ArrowLeft)}</a>
        ${this.load.state === 'open' || this.load.state === 'loading' ? this.#aboutDocument(session) : nothing}
      </header>
      <main>${this.#body()}</main>`;
  }

  /** Also while it loads, so that nothing moves when it is there. */
  #aboutDocument(session: Session | undefined): TemplateResult {
    const facts = session?.facts() ?? { status: 'connecting', saved: true, unsavedChanges: 0 };
    return html`${this.#title(session)}
      <save-status .state=${describeSave(facts)}></save-status>
      <people-list .awareness=${session?.provider.awareness}></people-list>
      <share-button
        .document=${this.document}
        .token=${this.#token}
        .mayShare=${session?.rights.mayShare ?? false}
      ></share-button>`;
  }

  #title(session: Session | undefined): TemplateResult {
    const title = session?.title.value ?? '';
    const onInput = (event: InputEvent): void => {
      if (event.target instanceof HTMLInputElement) session?.title.edit(event.target.value);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || event.isComposing) return;
      session?.title.flush();
      // The line break would go where the focus is then: into the text.
      event.preventDefault();
      // At once: Tiptap's own focus command waits for a frame, and what is typed until then would go into the title.
      this.#editor?.editor.view.focus();
      this.#editor?.editor.commands.setTextSelection(0);
    };
    return html`<h1 class="visually-hidden">${title || 'Untitled'}</h1>
      <input
        class="title"
        type="text"
        aria-label="Title"
        placeholder=${session ? 'Untitled' : ''}
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

  #body(): TemplateResult {
    switch (this.load.state) {
      case 'missing':
        return html`<div class="notice">
          ${icon(FileQuestionMark)}
          <h2>There is no such document</h2>
          <p>The link may be incomplete, or the document was deleted.</p>
          <a class="button button-primary" href="/">All documents</a>
        </div>`;
      case 'forbidden':
        return html`<div class="notice">
          ${icon(Lock)}
          <h2>This document is not open to you</h2>
          <p>${
            shareToken() === undefined
              ? 'Ask somebody who has it to share a link with you, or come from where you sign in.'
              : 'The link has expired or was revoked. Ask for a new one.'
          }</p>
        </div>`;
      case 'failed':
        return html`<div class="notice">
          ${icon(TriangleAlert)}
          <h2>The document could not be opened</h2>
          <p>${this.load.message}</p>
          <button type="button" class="button" @click=${() => void this.#open()}>${icon(RefreshCw)}Try again</button>
        </div>`;
      case 'loading':
      case 'open':
        return html`<div class="editor"></div>`;
    }
  }

  async #open(): Promise<void> {
    this.load = { state: 'loading' };
    try {
      const info = await getDocument(this.document, this.#token);
      // The person went on to another page in the meantime.
      if (!this.isConnected) return;
      const session = openSession(info, this.#token);
      this.#unwatch = session.watch(() => this.requestUpdate());
      this.load = { state: 'open', session };
      await this.updateComplete;
      const element = this.querySelector<HTMLElement>('.editor');
      if (!element || !this.isConnected) return;
      this.#editor = createEditor(element, { provider: session.provider, user: this.profile });
      if ((history.state as HistoryState | null)?.isNew) this.querySelector<HTMLElement>('.title')?.focus();
    } catch (error) {
      this.load = failureOf(error);
    }
  }

  #close(): void {
    this.#unwatch?.();
    this.#editor?.destroy();
    this.#editor = undefined;
    if (this.load.state === 'open') leaveSession(this.load.session);
  }
}

function failureOf(error: unknown): Load {
  switch (error instanceof ApiError ? error.status : undefined) {
    case 401:
    case 403:
      return { state: 'forbidden' };
    case 404:
      return { state: 'missing' };
    default:
      return { state: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

customElements.define('document-page', DocumentPage);
