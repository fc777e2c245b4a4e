const STORAGE_KEY = 'scriptorium.token';

/**
 * What this tab shows the server of its own: the token that it was opened with, as `#token=...`. It is taken out of the
 * address, which people copy, and kept as long as the tab.
 */
export function ownToken(): string | undefined {
  const given = inFragment('token');
  if (given === undefined) return sessionStorage.getItem(STORAGE_KEY) ?? undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  sessionStorage.setItem(STORAGE_KEY, given);
  return given;
}

/** The token of the share link that the page was opened with, as `#share=...`. It is for one document, and stays there. */
export function shareToken(): string | undefined {
  return inFragment('share');
}

/** In the part of the address that no server is sent, and so no server logs. */
function inFragment(name: string): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get(name) ?? undefined;
}
