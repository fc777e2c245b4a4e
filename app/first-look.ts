import { hasCopy } from '../client/offline-copies.ts';
import { getDocument } from './api.ts';
import { type KnownTitle, readTitle } from './known-titles.ts';
import { ownToken, shareToken } from './own-token.ts';
import { parseRoute } from './router.ts';
import { SYNC_URL } from './sync-url.ts';

/** What has to be known of a document to open it. */
export interface FirstLook {
  readonly title: KnownTitle;
  /** Whether it was found on this device, and the server has not been asked. */
  readonly isFromDevice: boolean;
}

interface Begun {
  readonly document: string;
  readonly token: string | undefined;
  readonly look: Promise<FirstLook>;
}

let begun: Begun | undefined;

/**
 * Looks at the document that the address names, and opens it, while the code of its page is loaded: the editor is most of
 * that, and what it is to show comes meanwhile.
 */
export function beginFirstLook(): void {
  const route = parseRoute(location.pathname);
  if (route.page !== 'document') return;
  const { document } = route;
  const token = shareToken() ?? ownToken();
  const look = openAfter(lookAt(document, token), document, token);
  // Whoever takes it is told.
  look.catch(() => {});
  begun = { document, token, look };
}

async function openAfter(looking: Promise<FirstLook>, document: string, token: string | undefined): Promise<FirstLook> {
  const [look, { leaveSession, openSession }] = await Promise.all([looking, import('./session.ts')]);
  const session = openSession(document, look.title, token);
  const leave = (): void => {
    if (begun) leaveSession(session);
    begun = undefined;
  };
  // The person went on before there was a page that it belongs to.
  addEventListener('popstate', leave, { once: true });
  return look;
}

/** From this device if it has a copy, without asking anybody; else from the server. Throws `ApiError`. */
export function firstLook(document: string, token: string | undefined): Promise<FirstLook> {
  const earlier = begun;
  begun = undefined;
  return earlier?.document === document && earlier.token === token ? earlier.look : lookAt(document, token);
}

async function lookAt(document: string, token: string | undefined): Promise<FirstLook> {
  const title = readTitle(document);
  if (title && (await hasCopy(SYNC_URL, document))) return { title, isFromDevice: true };
  return { title: await getDocument(document, token), isFromDevice: false };
}
