import './documents/documents-page.ts';
import './profile-dialog.ts';
import './toasts.ts';
import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { FileQuestionMark, RefreshCw, TriangleAlert } from 'lucide-static';
import { avatar, icon } from '../editor/index.ts';
import { HOME_PATH } from './base-path.ts';
import { messages } from './language.ts';
import { LightElement } from './light-element.ts';
import { shareToken } from './own-token.ts';
import { loadProfile, type Profile, saveProfile, watchProfile } from './profile.ts';
import type { ProfileDialog } from './profile-dialog.ts';
import { parseRoute, type Route, watchRoute } from './router.ts';
import { watchTheme } from './theme.ts';
import { hasUnsavedChanges } from './unsaved.ts';

/** The application: which page shows, and who is using it. */
export class ScriptoriumApp extends LightElement {
  static override properties = { route: { state: true }, profile: { state: true }, broken: { state: true } };

  declare route: Route;
  declare profile: Profile;
  /** The editor's code did not arrive. */
  declare broken: boolean;
  #stop: (() => void)[] = [];

  constructor() {
    super();
    this.route = parseRoute(location.pathname);
    this.profile = loadProfile();
    this.broken = false;
    void this.#loadEditor();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const onBeforeUnload = (event: BeforeUnloadEvent): void => {
      if (hasUnsavedChanges()) event.preventDefault();
    };
    window.addEventListener('beforeunload', onBeforeUnload);
    this.addEventListener('edit-profile', this.#editProfile);
    this.#stop = [
      watchRoute((route) => {
        this.route = route;
      }),
      watchProfile((profile) => {
        this.profile = profile;
      }),
      watchTheme(),
      () => window.removeEventListener('beforeunload', onBeforeUnload),
      () => this.removeEventListener('edit-profile', this.#editProfile),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stop) stop();
  }

  protected override render(): TemplateResult {
    return html`${this.#page()}<profile-dialog @profile-change=${this.#changeProfile}></profile-dialog><toast-stack></toast-stack>`;
  }

  #page(): TemplateResult {
    switch (this.route.page) {
      case 'document':
        if (this.broken) return html`${this.#header()}${this.#brokenNotice()}`;
        // Another document is another page: nothing of the one before may stay.
        return html`${keyed(
          // The same document by another link is another page too.
          JSON.stringify([this.route.document, shareToken()]),
          html`<document-page .document=${this.route.document} .profile=${this.profile}></document-page>`,
        )}`;
      case 'documents':
        return html`${this.#header()}<documents-page></documents-page>`;
      case 'unknown':
        return html`${this.#header()}
          <main class="notice">
            ${icon(FileQuestionMark)}
            <h1>${messages().app.nothingHere}</h1>
            <p>${messages().app.nothingHereMore}</p>
            <a class="button button-primary" href=${HOME_PATH}>${messages().common.allDocuments}</a>
          </main>`;
    }
  }

  #brokenNotice(): TemplateResult {
    return html`<main class="notice">
      ${icon(TriangleAlert)}
      <h1>${messages().app.editorMissing}</h1>
      <p>${messages().app.editorMissingMore}</p>
      <button type="button" class="button" @click=${() => location.reload()}>${icon(RefreshCw)}${messages().app.loadAgain}</button>
    </main>`;
  }

  /** The editor is most of the code: the list shows before it is there, and fetches it meanwhile. */
  async #loadEditor(): Promise<void> {
    try {
      await import('./document-page.ts');
    } catch {
      this.broken = true;
    }
  }

  #header(): TemplateResult {
    return html`<header class="bar">
      <a class="brand" href=${HOME_PATH}>Scriptorium</a>
      <button type="button" class="profile" @click=${this.#editProfile}>
        ${avatar(this.profile)}<span class="profile-text">${this.profile.name}</span>
        <span class="visually-hidden">: ${messages().app.settings}</span>
      </button>
    </header>`;
  }

  #editProfile = (): void => {
    void this.querySelector<ProfileDialog>('profile-dialog')?.open(this.profile);
  };

  #changeProfile = (event: CustomEvent<Profile>): void => {
    this.profile = event.detail;
    saveProfile(event.detail);
  };
}

customElements.define('scriptorium-app', ScriptoriumApp);
