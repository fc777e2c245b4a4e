import { ApiError, type DocumentInfo, listDocuments } from '../api.ts';
import { keepList, readKeptList } from './kept-list.ts';

/** What is known of the list of documents. */
export type Load =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly documents: readonly DocumentInfo[] }
  /** The server cannot be reached; what this device remembers of the list. */
  | { readonly state: 'offline'; readonly documents: readonly DocumentInfo[] }
  | { readonly state: 'forbidden' }
  | { readonly state: 'failed'; readonly message: string };

/** How often a server that cannot be reached is asked again, in milliseconds. */
const ASK_AGAIN_MS = 3_000;

/** The list as the server has it, asked for anew when the page comes into sight, and until the server answers. */
export class DocumentsLoad {
  readonly #onChange: () => void;
  #load: Load = { state: 'loading' };
  #again: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get current(): Load {
    return this.#load;
  }

  start(): void {
    this.#stopped = false;
    document.addEventListener('visibilitychange', this.#onVisibility);
    void this.fetch();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#again);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  /** Asks again, and shows that. */
  retry(): void {
    this.#set({ state: 'loading' });
    void this.fetch();
  }

  async fetch(): Promise<void> {
    clearTimeout(this.#again);
    try {
      const documents = await listDocuments();
      keepList(documents);
      this.#set({ state: 'loaded', documents });
    } catch (error) {
      this.#failed(error);
    }
  }

  readonly #onVisibility = (): void => {
    if (document.visibilityState === 'visible') void this.fetch();
  };

  #failed(error: unknown): void {
    const status = error instanceof ApiError ? error.status : undefined;
    const load = this.#load;
    if (status === 401) {
      this.#set({ state: 'forbidden' });
    } else if (status === 0) {
      this.#set({ state: 'offline', documents: load.state === 'loaded' ? load.documents : readKeptList() });
      if (!this.#stopped) this.#again = setTimeout(() => void this.fetch(), ASK_AGAIN_MS);
    } else if (load.state !== 'loaded') {
      // A list that is already there is more use than the news that it cannot be brought up to date.
      this.#set({ state: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  #set(load: Load): void {
    this.#load = load;
    this.#onChange();
  }
}
