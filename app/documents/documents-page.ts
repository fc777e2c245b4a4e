import './document-list.ts';
import { html, nothing, type TemplateResult } from 'lit';
import {
  CloudOff,
  FileText,
  History,
  Lock,
  Plus,
  RefreshCw,
  Search,
  SearchX,
  Star,
  TriangleAlert,
  Upload,
} from 'lucide-static';
import { icon } from '../../editor/index.ts';
import type { DocumentInfo } from '../api.ts';
import { language, messages } from '../language.ts';
import { LightElement } from '../light-element.ts';
import { documentPath, navigate } from '../router.ts';
import { isBeingDeleted, undoDeletion, watchDeletions } from './deletions.ts';
import { openedDocuments, starredDocuments, watchMarks } from './device-marks.ts';
import type { DocumentList } from './document-list.ts';
import { DocumentsLoad } from './documents-load.ts';
import { ACCEPTED_FILES, createBlank, createFromTemplate, filesIn, importFiles, TEMPLATES } from './new-documents.ts';
import { SORTS, type Sort, selectDocuments, VIEWS, type View } from './order.ts';

/** The documents: to be found, ordered, made, renamed, duplicated, deleted. */
export class DocumentsPage extends LightElement {
  static override properties = {
    view: { state: true },
    sort: { state: true },
    search: { state: true },
    busy: { state: true },
    dropping: { state: true },
  };

  declare view: View;
  declare sort: Sort;
  declare search: string;
  /** Something is being made. */
  declare busy: boolean;
  /** Files are held above the page. */
  declare dropping: boolean;
  readonly #load = new DocumentsLoad(() => this.requestUpdate());
  #stop: (() => void)[] = [];

  constructor() {
    super();
    this.view = 'all';
    this.sort = 'edited';
    this.search = '';
    this.busy = false;
    this.dropping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Scriptorium';
    const draw = (): void => this.requestUpdate();
    document.addEventListener('keydown', this.#onKeyDown);
    this.addEventListener('dragover', this.#onDragOver);
    this.addEventListener('dragleave', this.#onDragLeave);
    this.addEventListener('drop', this.#onDrop);
    this.addEventListener('documents-changed', this.#refetch);
    this.#stop = [watchMarks(draw), watchDeletions(draw)];
    this.#load.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#load.stop();
    document.removeEventListener('keydown', this.#onKeyDown);
    this.removeEventListener('dragover', this.#onDragOver);
    this.removeEventListener('dragleave', this.#onDragLeave);
    this.removeEventListener('drop', this.#onDrop);
    this.removeEventListener('documents-changed', this.#refetch);
    for (const stop of this.#stop) stop();
  }

  protected override render(): TemplateResult {
    const t = messages().documents;
    const isOpen = this.#load.current.state !== 'forbidden';
    return html`<main class="documents" ?data-dropping=${this.dropping}>
      <div class="documents-head">
        <h1>${t.heading}</h1>
        ${isOpen ? this.#makers() : nothing}
      </div>
      ${isOpen ? this.#templates() : nothing} ${isOpen ? this.#filters() : nothing} ${this.#body()}
      <div class="drop-hint" aria-hidden="true">${icon(Upload)}<span>${t.dropHere}</span></div>
    </main>`;
  }

  #makers(): TemplateResult {
    const t = messages().documents;
    const choose = (): void => this.querySelector<HTMLInputElement>('input[type="file"]')?.click();
    return html`<div class="documents-makers">
      <input type="file" hidden multiple accept=${ACCEPTED_FILES} aria-label=${t.import} @change=${this.#onChosen}>
      <button type="button" class="button" @click=${choose}>${icon(Upload)}<span>${t.import}</span></button>
      <button type="button" class="button button-primary" aria-disabled=${String(this.busy)} @click=${this.#create}>
        ${icon(Plus)}<span>${t.create}</span>
      </button>
    </div>`;
  }

  #templates(): TemplateResult {
    const t = messages().templates;
    return html`<section class="templates" aria-labelledby="templates-heading">
      <h2 id="templates-heading">${t.heading}</h2>
      <div class="templates-row">
        ${TEMPLATES.map(({ name, glyph }) => {
          const make = (): void => void this.#make(() => (name === 'blank' ? createBlank() : createFromTemplate(name)));
          return html`<button type="button" class="template" data-name=${name} aria-disabled=${String(this.busy)} @click=${make}>
            <span class="template-glyph">${icon(glyph)}</span>
            <span class="template-name">${t[name]}</span>
            <span class="template-more">${t[`${name}More`]}</span>
          </button>`;
        })}
      </div>
    </section>`;
  }

  #filters(): TemplateResult {
    const t = messages().documents;
    const views = { all: t.all, recent: t.recent, starred: t.starred };
    const sorts = { edited: t.sortEdited, title: t.sortTitle, created: t.sortCreated };
    return html`<div class="documents-filters" role="search">
      <label class="search">
        ${icon(Search)}
        <input
          type="search"
          aria-label=${t.search}
          placeholder=${t.search}
          aria-keyshortcuts="/"
          autocomplete="off"
          .value=${this.search}
          @input=${(event: InputEvent) => {
            this.search = (event.target as HTMLInputElement).value;
          }}
          @keydown=${this.#onSearchKey}
        >
        <kbd aria-hidden="true">/</kbd>
      </label>
      <fieldset class="segments">
        <legend class="visually-hidden">${t.views}</legend>
        ${VIEWS.map(
          (view) => html`<label class="segment">
            <input
              type="radio"
              name="view"
              .checked=${view === this.view}
              @change=${() => {
                this.view = view;
              }}
            ><span>${views[view]}</span>
          </label>`,
        )}
      </fieldset>
      <select
        class="sort"
        aria-label=${t.sort}
        ?disabled=${this.view === 'recent'}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          this.sort = SORTS.find((sort) => sort === value) ?? 'edited';
        }}
      >
        ${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === this.sort}>${sorts[sort]}</option>`)}
      </select>
    </div>`;
  }

  #body(): TemplateResult {
    const t = messages().documents;
    const load = this.#load.current;
    switch (load.state) {
      case 'loading':
        return html`<div class="document-list" aria-busy="true">
          <span class="visually-hidden" role="status">${t.loading}</span>
          ${[0, 1, 2, 3].map(
            () =>
              html`<div class="document-row skeleton" aria-hidden="true"><span></span><span></span><span></span></div>`,
          )}
        </div>`;
      case 'forbidden':
        return notice(Lock, t.closed, t.closedMore);
      case 'failed':
        return notice(TriangleAlert, t.failed, load.message, this.#retryButton());
      case 'offline':
        if (load.documents.length === 0) return notice(CloudOff, t.down, t.downMore, this.#retryButton());
        return html`<p class="documents-offline" role="status">${icon(CloudOff)}${t.offline}</p>
          ${this.#list(load.documents)}`;
      case 'loaded':
        return this.#list(load.documents);
    }
  }

  #list(documents: readonly DocumentInfo[]): TemplateResult {
    const t = messages().documents;
    const { view, sort, search } = this;
    const there = documents.filter(({ document }) => !isBeingDeleted(document));
    const shown = selectDocuments(there, {
      ...{ view, sort, search },
      starred: starredDocuments(),
      opened: openedDocuments(),
      locale: language().locale,
    });
    return html`<span class="visually-hidden" role="status">${t.count({ count: shown.length })}</span>
      ${
        shown.length === 0
          ? this.#nothing(there.length)
          : html`<document-list
                .documents=${shown}
                .sort=${sort}
                ?data-offline=${this.#load.current.state === 'offline'}
              ></document-list>
              <p class="documents-keys">${t.keys}</p>`
      }`;
  }

  #nothing(count: number): TemplateResult {
    const t = messages().documents;
    if (count === 0) return notice(FileText, t.empty, t.emptyMore);
    if (this.search.trim() !== '') {
      const clear = (): void => {
        this.search = '';
      };
      const button = html`<button type="button" class="button" @click=${clear}>${t.clearSearch}</button>`;
      return notice(SearchX, t.notFound({ text: this.search.trim() }), '', button);
    }
    return this.view === 'starred'
      ? notice(Star, t.noStars, t.noStarsMore)
      : notice(History, t.noRecent, t.noRecentMore);
  }

  #retryButton(): TemplateResult {
    return html`<button type="button" class="button" @click=${() => this.#load.retry()}>
      ${icon(RefreshCw)}${messages().common.tryAgain}
    </button>`;
  }

  readonly #refetch = (): void => void this.#load.fetch();

  readonly #create = (): void => void this.#make(createBlank);

  /** Goes to the document that is made. */
  async #make(create: () => Promise<DocumentInfo | undefined>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const made = await create().finally(() => {
      this.busy = false;
    });
    if (made && this.isConnected) navigate(documentPath(made.document), { isNew: true });
  }

  readonly #onChosen = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const files = [...(event.target.files ?? [])];
    event.target.value = '';
    void this.#import(files);
  };

  /** One file is opened; of several there is the list. */
  async #import(files: readonly File[]): Promise<void> {
    if (files.length === 0 || this.busy) return;
    this.busy = true;
    const made = await importFiles(files).finally(() => {
      this.busy = false;
    });
    if (!this.isConnected) return;
    const [first] = made;
    if (files.length === 1 && first) navigate(documentPath(first.document));
    else void this.#load.fetch();
  }

  readonly #onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.dropping = true;
  };

  readonly #onDragLeave = (event: DragEvent): void => {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.dropping = false;
  };

  readonly #onDrop = (event: DragEvent): void => {
    this.dropping = false;
    const files = filesIn(event);
    if (files.length === 0) return;
    event.preventDefault();
    void this.#import(files);
  };

  readonly #onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.search = '';
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.querySelector<DocumentList>('document-list')?.focusFirst();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || isForSomethingElse(event.target)) return;
    const isMod = event.ctrlKey || event.metaKey;
    if (isMod && event.key === 'z' && undoDeletion()) event.preventDefault();
    if (isMod || event.altKey) return;
    if (event.key === '/') {
      event.preventDefault();
      this.querySelector<HTMLInputElement>('.search input')?.select();
    } else if (event.key === 'n' && this.#load.current.state !== 'forbidden') {
      event.preventDefault();
      this.#create();
    }
  };
}

/** Whether a key belongs to a field or a dialog. */
function isForSomethingElse(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type="radio"]), select, textarea, dialog, [role="menu"]') !== null
  );
}

function notice(glyph: string, heading: string, text: string, action?: TemplateResult): TemplateResult {
  return html`<div class="notice">
    ${icon(glyph)}
    <h2>${heading}</h2>
    ${text === '' ? nothing : html`<p>${text}</p>`} ${action ?? nothing}
  </div>`;
}

customElements.define('documents-page', DocumentsPage);
