import type { Extensions } from '@tiptap/core';
import { type PropertyValues, ReactiveElement } from 'lit';
import { ScriptoriumProvider, type Token } from '../client/index.ts';
import { createEditor } from './create-editor.ts';
import { EDITOR_EVENTS } from './editor-events.ts';
import type { EditorHandle, EditorOptions, EditorProvider, Theme } from './editor-options.ts';
import type { EditorTranslation } from './messages/index.ts';
import type { EditorUser } from './user.ts';

/** What can change while the editor goes on. Any other property makes it anew. */
const LIVE: ReadonlySet<PropertyKey> = new Set(['token', 'user', 'userName', 'userColor', 'readOnly', 'theme']);
const DEFAULT_COLOR = '#2f6fe0';

const ON_UNLESS_OFF = { converter: (value: string | null) => value !== 'off' };

/**
 * `<scriptorium-editor document="letter" url="wss://host/sync">`: the editor as an element, in the light DOM. Every
 * option of `createEditor` is a property; those that are text are attributes, too. Each editor event is dispatched as
 * an event of that name, with what it tells as `detail`. Importing this module defines the element.
 */
export class ScriptoriumEditorElement extends ReactiveElement {
  static override properties = {
    document: {},
    url: {},
    token: {},
    userName: { attribute: 'user-name' },
    userColor: { attribute: 'user-color' },
    readOnly: { type: Boolean, attribute: 'readonly' },
    toolbar: ON_UNLESS_OFF,
    saveState: { ...ON_UNLESS_OFF, attribute: 'save-state' },
    offline: ON_UNLESS_OFF,
    theme: {},
    locale: {},
    messages: { attribute: false },
    placeholder: {},
    label: {},
    schemaVersion: { type: Number, attribute: 'schema-version' },
    user: { attribute: false },
    extensions: { attribute: false },
    mentions: { attribute: false },
    provider: { attribute: false },
  };

  /** The document's name on the server. */
  declare document: string | undefined;
  /** Where the server synchronises. Default: `/sync`. */
  declare url: string | undefined;
  /** What proves who is writing; one that changes is used for the next connection, which follows at once after a refusal. */
  declare token: Token | undefined;
  /** Name and colour in one; goes before `userName` and `userColor`. */
  declare user: EditorUser | undefined;
  declare userName: string | undefined;
  declare userColor: string | undefined;
  declare readOnly: boolean;
  /** Attribute: `toolbar="off"`; so also the next two. */
  declare toolbar: boolean;
  declare saveState: boolean;
  declare offline: boolean;
  declare theme: Theme | undefined;
  declare locale: string | undefined;
  /** Texts that go before those of the language. */
  declare messages: EditorTranslation | undefined;
  declare placeholder: string | undefined;
  declare label: string | undefined;
  declare schemaVersion: number | undefined;
  declare extensions: Extensions | undefined;
  /** Who can be mentioned, beside those who are here. */
  declare mentions: EditorOptions['mentions'] | undefined;
  /** A connection that is there already, in the place of `document`, `url` and `token`. */
  declare provider: EditorProvider | undefined;
  #handle: EditorHandle<EditorProvider> | undefined;

  constructor() {
    super();
    this.readOnly = false;
    this.toolbar = true;
    this.saveState = true;
    this.offline = true;
  }

  /** The running editor; undefined as long as there is neither a document nor a provider, or it is not in a page. */
  get handle(): EditorHandle<EditorProvider> | undefined {
    return this.#handle;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // One that was taken out and put back is made anew; one that was only moved goes on.
    if (this.hasUpdated && !this.#handle) this.requestUpdate('document');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  protected override createRenderRoot(): this {
    return this;
  }

  protected override updated(changed: PropertyValues): void {
    if (!this.isConnected) return;
    if ([...changed.keys()].some((name) => !LIVE.has(name))) {
      this.#end();
      this.#begin();
      return;
    }
    if (changed.has('user') || changed.has('userName') || changed.has('userColor')) this.#handle?.setUser(this.#user());
    if (changed.has('readOnly')) this.#handle?.setEditable(!this.readOnly);
    if (changed.has('theme')) this.#handle?.setTheme(this.theme ?? 'auto');
    if (changed.has('token')) this.#reconnect();
  }

  #begin(): void {
    const {
      document,
      url,
      provider,
      theme,
      locale,
      messages,
      placeholder,
      label,
      extensions,
      mentions,
      schemaVersion,
    } = this;
    const options: EditorOptions = {
      user: this.#user(),
      editable: !this.readOnly,
      toolbar: this.toolbar,
      saveState: this.saveState,
      ...given({ theme, locale, messages, placeholder, label, extensions, mentions }),
      on: Object.fromEntries(EDITOR_EVENTS.map((event) => [event, (detail: unknown) => this.#tell(event, detail)])),
    };
    if (provider) {
      this.#handle = createEditor(this, { ...options, provider });
    } else if (document) {
      const token: Token = () => (typeof this.token === 'function' ? this.token() : this.token);
      this.#handle = createEditor(this, {
        ...options,
        document,
        token,
        offline: this.offline,
        ...given({ url, schemaVersion }),
      });
    }
  }

  #end(): void {
    this.#handle?.destroy();
    this.#handle = undefined;
  }

  #user(): EditorUser {
    return this.user ?? { name: this.userName ?? '', color: this.userColor ?? DEFAULT_COLOR };
  }

  /** Not when the connection stands: it was let in with the token that it had. */
  #reconnect(): void {
    const provider = this.#handle?.provider;
    if (provider instanceof ScriptoriumProvider && provider.status === 'offline') provider.connect();
  }

  #tell(event: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}

/** Without the members that are undefined: an option that is absent has its default. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

declare global {
  interface HTMLElementTagNameMap {
    'scriptorium-editor': ScriptoriumEditorElement;
  }
}

// On a server there are no elements; two bundles in one page share the first one's.
if (typeof customElements !== 'undefined' && !customElements.get('scriptorium-editor')) {
  customElements.define('scriptorium-editor', ScriptoriumEditorElement);
}
