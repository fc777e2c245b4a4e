const SAFE_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Where links without a protocol are taken to be: nothing more than that they are on some web page. */
const SOME_PAGE = 'https://page.invalid';

/** Whether a link may be in a document: a browser that followed it would speak HTTP, or write a mail. Never a script. */
export function isSafeLink(href: string | null | undefined): href is string {
  if (!href) return false;
  try {
    // As browsers read it: with tabs, line breaks and upper case wherever somebody put them.
    return SAFE_PROTOCOLS.has(new URL(href, SOME_PAGE).protocol);
  } catch {
    return false;
  }
}
