import type { FileService } from './file-service.ts';

/** Images of the server as addresses that an `img` can show: it can't send a token by itself. */
export class ObjectUrls {
  readonly #files: FileService;
  readonly #urls = new Map<string, Promise<string>>();

  constructor(files: FileService) {
    this.#files = files;
  }

  /** The same address for the same image, until all are let go of. Rejects when it can't be fetched. */
  get(src: string): Promise<string> {
    const known = this.#urls.get(src);
    if (known !== undefined) return known;
    const url = this.#files.fetch(src).then((blob) => URL.createObjectURL(blob));
    this.#urls.set(src, url);
    // So that it is asked for again.
    url.catch(() => this.#urls.delete(src));
    return url;
  }

  destroy(): void {
    for (const url of this.#urls.values()) url.then(URL.revokeObjectURL, () => {});
    this.#urls.clear();
  }
}
