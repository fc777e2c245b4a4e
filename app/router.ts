import { BASE_PATH } from './base-path.ts';

/** A page and what it shows. */
export type Route =
  | { readonly page: 'documents' }
  | { readonly page: 'document'; readonly document: string }
  | { readonly page: 'unknown' };

/** The page that a URL's path names. */
export function parseRoute(address: string): Route {
  const path = address.startsWith(BASE_PATH) ? address.slice(BASE_PATH.length) : undefined;
  if (path === undefined) return { page: 'unknown' };
  if (path === '' || path === '/') return { page: 'documents' };
  const segment = /^\/d\/([^/]+)\/?$/.exec(path)?.[1];
  if (segment === undefined) return { page: 'unknown' };
  try {
    return { page: 'document', document: decodeURIComponent(segment) };
  } catch {
    return { page: 'unknown' }; // a stray % in a hand-typed address
  }
}

/** The path of a document's page. */
export function documentPath(document: string): string {
  return `${BASE_PATH}/d/${encodeURIComponent(document)}`;
}

/** Goes to another page of this application without loading it anew. `state` is kept in the history entry. */
export function navigate(path: string, state: HistoryState = {}): void {
  history.pushState(state, '', path);
  window.dispatchEvent(new PopStateEvent('popstate', { state }));
}

/** What a history entry remembers. */
export interface HistoryState {
  /** The document was made a moment ago, here: begin with its title. */
  readonly isNew?: boolean;
}

/**
 * Calls `onRoute` whenever the address changes, and turns clicks on links to this application into such changes.
 * Returns what stops it.
 */
export function watchRoute(onRoute: (route: Route) => void): () => void {
  const onPopState = (): void => onRoute(parseRoute(location.pathname));
  const onClick = (event: MouseEvent): void => {
    // Anything but a plain click asks for a new tab, a download or a menu: the browser's business.
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link?.target !== '' || link.origin !== location.origin || link.isContentEditable) return;
    if (parseRoute(link.pathname).page === 'unknown') return;
    event.preventDefault();
    navigate(link.pathname);
  };
  window.addEventListener('popstate', onPopState);
  document.addEventListener('click', onClick);
  return () => {
    window.removeEventListener('popstate', onPopState);
    document.removeEventListener('click', onClick);
  };
}
