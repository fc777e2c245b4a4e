import { html, nothing, type TemplateResult } from 'lit';
import { FileText, Lock, Plus, RefreshCw, TriangleAlert } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { ApiError, createDocument, type DocumentInfo, listDocuments } from './api.ts';
import { LightElement } from './light-element.ts';
import { describeTime } from './relative-time.ts';
import { documentPath, navigate } from './router.ts';

type Load =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly documents: readonly DocumentInfo[] }
  | { readonly state: 'forbidden' }
  | { readonly state: 'failed'; readonly message: string };

/** The list of documents. */
export class DocumentsPage extends LightElement {
  static override properties = { load: { state: true }, creating: { state: true }, createError: { state: true } };

  declare load: Load;
  declare creating: boolean;
  declare createError: string;

  constructor() {
    super();
    this.load = { state: 'loading' };
    this.creating = false;
    this.createError = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Scriptorium';
    document.addEventListener('visibilitychange', this.#refresh);
    void this.#fetch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#refresh);
  }

  protected override render(): TemplateResult {
    return html`<main class="documents">
      <div class="documents-head">
        <h1>Documents</h1>
        ${this.load.state === 'forbidden' ? nothing : this.#newButton()}
      </div>
      <p class="error-line" role="alert">${this.createError}</p>
      ${this.#list()}
    </main>`;
  }

  #newButton(): TemplateResult {
    return html`<button
      type="button"
      class="button button-primary"
      aria-disabled=${String(this.creating)}
      @click=${this.#create}
    >
      ${icon(Plus)}New document
    </button>`;
  }

  #list(): TemplateResult {
    switch (this.load.state) {
      case 'loading':
        return html`<div class="document-list" aria-busy="true">
          <span class="visually-hidden">Loading the documents</span>
          ${[0, 1, 2].map(() => html`<div class="document-row skeleton" aria-hidden="true"><span></span><span></span></div>`)}
        </div>`;
      case 'forbidden':
        return html`<div class="notice">
          ${icon(Lock)}
          <h2>Nothing is open to you here</h2>
          <p>Open a link that somebody shared with you, or come from where you sign in.</p>
        </div>`;
      case 'failed':
        return html`<div class="notice">
          ${icon(TriangleAlert)}
          <h2>The documents could not be loaded</h2>
          <p>${this.load.message}</p>
          <button type="button" class="button" @click=${this.#retry}>${icon(RefreshCw)}Try again</button>
        </div>`;
      case 'loaded':
        if (this.load.documents.length === 0) {
          return html`<div class="notice">
            ${icon(FileText)}
            <h2>Nothing written yet</h2>
            <p>Make a document, share its link, and write in it together.</p>
          </div>`;
        }
        return html`<ul class="document-list" role="list">
          ${this.load.documents.map(row)}
        </ul>`;
    }
  }

  #retry = (): void => {
    this.load = { state: 'loading' };
    void this.#fetch();
  };

  #refresh = (): void => {
    if (document.visibilityState === 'visible') void this.#fetch();
  };

  async #fetch(): Promise<void> {
    try {
      this.load = { state: 'loaded', documents: await listDocuments() };
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        this.load = { state: 'forbidden' };
        return;
      }
      // A list that is already there is more use than the news that it cannot be brought up to date.
      if (this.load.state !== 'loaded') this.load = { state: 'failed', message: messageOf(error) };
    }
  }

  #create = async (): Promise<void> => {
    if (this.creating) return;
    this.creating = true;
    this.createError = '';
    try {
      const { document: name } = await createDocument();
      navigate(documentPath(name), { isNew: true });
    } catch (error) {
      this.createError = `The document could not be made: ${messageOf(error)}`;
    } finally {
      this.creating = false;
    }
  };
}

function row({ document: name, title, updatedAt, problem }: DocumentInfo): TemplateResult {
  return html`<li>
    <a class="document-row" href=${documentPath(name)}>
      ${icon(FileText)}
      <span class="document-title">${title || html`<span class="untitled">Untitled</span>`}</span>
      ${problem === undefined ? timeOf(updatedAt) : html`<span class="document-problem">Cannot be read</span>`}
    </a>
  </li>`;
}

function timeOf(at: number): TemplateResult {
  const time = new Date(at);
  return html`<time datetime=${time.toISOString()} title=${time.toLocaleString('en')}>
    ${describeTime(at, Date.now())}
  </time>`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

customElements.define('documents-page', DocumentsPage);
