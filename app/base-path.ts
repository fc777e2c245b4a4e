/** The path under which the server has the page, such as `/docs`; empty at the root. The server writes it into the page. */
export const BASE_PATH: string =
  globalThis.document?.querySelector<HTMLMetaElement>('meta[name="scriptorium-base-path"]')?.content ?? '';

/** The address of the list of documents. */
export const HOME_PATH = `${BASE_PATH}/`;
