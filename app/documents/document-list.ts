import '../menu-button.ts';
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { CopyPlus, Ellipsis, ExternalLink, FileText, Pencil, Star, StarOff, Trash2 } from 'lucide-static';
import { icon } from '../../editor/index.ts';
import { type DocumentInfo, renameDocument } from '../api.ts';
import { language, messages } from '../language.ts';
import { LightElement } from '../light-element.ts';
import type { MenuButton, MenuGroup } from '../menu-button.ts';
import { ownToken } from '../own-token.ts';
import { describeTime } from '../relative-time.ts';
import { documentPath } from '../router.ts';
import { showToast } from '../toasts.ts';
import { deleteWithUndo } from './deletions.ts';
import { setStar, starredDocuments } from './device-marks.ts';
import { duplicateDocument } from './new-documents.ts';
import type { Sort } from './order.ts';

/** How many rows a page key moves. */
const PAGE_ROWS = 8;

/**
 * The documents in rows: one tab stop, from which arrow keys go through the list. Fires `documents-changed` when the
 * server has something new.
 */
export class DocumentList extends LightElement {
  static override properties = {
    documents: { attribute: false },
    sort: { attribute: false },
    current: { state: true },
    renaming: { state: true },
    renamed: { state: true },
  };

  declare documents: readonly DocumentInfo[];
  declare sort: Sort;
  /** The document whose row is the tab stop; undefined: the first. */
  declare current: string | undefined;
  /** The document whose title is being changed. */
  declare renaming: string | undefined;
  /** Titles that were given a moment ago, until the list has them. */
  declare renamed: ReadonlyMap<string, string>;

  constructor() {
    super();
    this.documents = [];
    this.sort = 'edited';
    this.renamed = new Map();
  }

  /** Goes to the first row. */
  focusFirst(): void {
    this.#focusRow(0);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('documents')) return;
    const isThere = this.documents.some(({ document }) => document === this.current);
    if (!isThere) this.current = undefined;
  }

  protected override render(): TemplateResult {
    const stop = this.current ?? this.documents[0]?.document;
    const starred = starredDocuments();
    return html`<ul class="document-list" role="list" @keydown=${this.#onKeyDown} @focusin=${this.#onFocusIn}>
      ${repeat(
        this.documents,
        ({ document }) => document,
        (info) => this.#row(info, info.document === stop, starred.has(info.document)),
      )}
    </ul>`;
  }

  #row(info: DocumentInfo, isStop: boolean, isStarred: boolean): TemplateResult {
    const t = messages().documents;
    const { document: name, problem } = info;
    const title = this.#titleOf(info);
    const shownTitle = title || messages().common.untitled;
    const isRenaming = this.renaming === name;
    return html`<li class="document-row" data-document=${name} ?data-starred=${isStarred}>
      <span class="document-glyph">${icon(FileText)}</span>
      ${
        isRenaming
          ? this.#titleField(info, title)
          : html`<a class="document-link" href=${documentPath(name)} tabindex=${isStop ? 0 : -1}>
              <span class="document-title ${title ? '' : 'untitled'}" dir="auto">${shownTitle}</span>
            </a>`
      }
      <span class="document-meta">
        ${problem === undefined ? this.#when(info) : html`<span class="document-problem">${t.cannotBeRead}</span>`}
      </span>
      <button
        type="button"
        class="icon-button document-star"
        aria-label="${t.star}: ${shownTitle}"
        aria-pressed=${String(isStarred)}
        tabindex=${isStop ? 0 : -1}
        @click=${() => setStar(name, !isStarred)}
      >${icon(Star)}</button>
      <menu-button
        .label=${t.more({ title: shownTitle })}
        .glyph=${Ellipsis}
        .groups=${this.#menu(info, isStarred)}
        .tabStop=${isStop}
      ></menu-button>
    </li>`;
  }

  #titleField(info: DocumentInfo, title: string): TemplateResult {
    let isOver = false;
    const end = (event: Event, isKept: boolean): void => {
      if (isOver) return;
      isOver = true;
      const field = event.target as HTMLInputElement;
      const hadFocus = field === document.activeElement;
      this.renaming = undefined;
      if (isKept && field.value.trim() !== title) void this.#rename(info, field.value.trim());
      if (hadFocus) void this.updateComplete.then(() => this.#link(info.document)?.focus());
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === 'Enter' || event.key === 'Escape') end(event, event.key === 'Enter');
    };
    return html`<input
      class="document-rename"
      type="text"
      maxlength="200"
      aria-label=${messages().documents.newTitle({ title: title || messages().common.untitled })}
      .value=${title}
      @keydown=${onKeyDown}
      @blur=${(event: Event) => end(event, true)}
    >`;
  }

  #when({ createdAt, updatedAt, updatedBy }: DocumentInfo): TemplateResult {
    const t = messages().documents;
    const isCreation = this.sort === 'created';
    const at = isCreation ? createdAt : updatedAt;
    const time = describeTime(at, Date.now());
    const text = isCreation
      ? t.created({ time })
      : updatedBy === undefined
        ? t.edited({ time })
        : t.editedBy({ time, name: updatedBy });
    const exact = new Intl.DateTimeFormat(language().locale, { dateStyle: 'long', timeStyle: 'short' }).format(at);
    return html`<time datetime=${new Date(at).toISOString()} title=${exact}>${text}</time>`;
  }

  #menu(info: DocumentInfo, isStarred: boolean): readonly MenuGroup[] {
    const t = messages().documents;
    const { document: name } = info;
    const open = { name: 'open', label: t.open, icon: ExternalLink, run: () => void window.open(documentPath(name)) };
    const star = {
      name: 'star',
      label: isStarred ? t.unstar : t.star,
      icon: isStarred ? StarOff : Star,
      run: () => setStar(name, !isStarred),
    };
    const remove = { name: 'delete', label: t.delete, icon: Trash2, isDanger: true, run: () => this.#delete(info) };
    if (info.problem !== undefined) return [{ items: [open, star] }];
    return [
      {
        items: [
          open,
          { name: 'rename', label: t.rename, icon: Pencil, run: () => void this.#beginRename(name) },
          star,
          { name: 'duplicate', label: t.duplicate, icon: CopyPlus, run: () => void this.#duplicate(info) },
        ],
      },
      { items: [remove] },
    ];
  }

  async #beginRename(document: string): Promise<void> {
    this.renaming = document;
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('.document-rename')?.select();
  }

  async #rename(info: DocumentInfo, title: string): Promise<void> {
    const { document } = info;
    this.renamed = new Map([...this.renamed, [document, title]]);
    try {
      await renameDocument(document, title, ownToken());
      this.#changed();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const shownTitle = info.title || messages().common.untitled;
      showToast({ text: messages().documents.notRenamed({ title: shownTitle, reason }) });
      this.renamed = new Map([...this.renamed].filter(([other]) => other !== document));
    }
  }

  async #duplicate(info: DocumentInfo): Promise<void> {
    const made = await duplicateDocument({ ...info, title: this.#titleOf(info) });
    if (!made) return;
    this.current = made.document;
    this.#changed();
  }

  #delete(info: DocumentInfo): void {
    const at = this.documents.indexOf(info);
    const hadFocus = this.contains(document.activeElement);
    deleteWithUndo({ ...info, title: this.#titleOf(info) });
    // The row that takes the place of this one, once it is gone.
    if (hadFocus) setTimeout(() => this.#focusRow(Math.min(at, this.documents.length - 1)));
  }

  #titleOf({ document, title }: DocumentInfo): string {
    return this.renamed.get(document) ?? title;
  }

  #changed(): void {
    this.dispatchEvent(new CustomEvent('documents-changed', { bubbles: true }));
  }

  readonly #onFocusIn = (event: FocusEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.document-row') : null;
    if (row?.dataset['document'] !== undefined) this.current = row.dataset['document'];
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.documents.findIndex(({ document }) => document === this.current);
    const info = this.documents[at];
    if (!info) return;
    const last = this.documents.length - 1;
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_ROWS,
      PageUp: at - PAGE_ROWS,
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined) this.#focusRow(Math.max(0, Math.min(next, last)));
    else if (event.key === 'F2') void this.#beginRename(info.document);
    else if (event.key === 'Delete') this.#delete(info);
    else if (event.key === 's') setStar(info.document, !starredDocuments().has(info.document));
    else if (event.key === 'ContextMenu') this.#menuOf(info.document)?.show();
    else return;
    event.preventDefault();
  };

  #focusRow(index: number): void {
    const info = this.documents[index];
    if (!info) return;
    this.current = info.document;
    this.#link(info.document)?.focus();
  }

  #link(document: string): HTMLElement | null {
    return this.#rowOf(document)?.querySelector<HTMLElement>('.document-link') ?? null;
  }

  #menuOf(document: string): MenuButton | null {
    return this.#rowOf(document)?.querySelector('menu-button') ?? null;
  }

  #rowOf(document: string): HTMLElement | undefined {
    return [...this.querySelectorAll<HTMLElement>('.document-row')].find((row) => row.dataset['document'] === document);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'document-list': DocumentList;
    'menu-button': MenuButton;
  }
}

customElements.define('document-list', DocumentList);
