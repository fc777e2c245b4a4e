import type { Awareness } from 'y-protocols/awareness';
import type { EditorLanguage } from '../messages/index.ts';
import { readPeople } from './people.ts';

/** How long people may come and go before it is said, in milliseconds: who reconnects was never away. */
const SETTLE_MS = 3_000;
/** How many are called by name at once. */
const MAX_NAMES = 3;

/**
 * Says to assistive technology who came and who left: once for all that changed within a moment, and nothing while this
 * page is not connected. Returns what ends it.
 */
export function announcePeople(
  root: HTMLElement,
  awareness: Awareness,
  isConnected: () => boolean,
  { messages, locale }: EditorLanguage,
): () => void {
  const region = document.createElement('div');
  region.className = 'scriptorium-unseen';
  region.role = 'status';
  root.append(region);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const present = (): Map<string, string> =>
    new Map(
      readPeople(awareness.getStates(), awareness.clientID)
        .filter(({ isMe }) => !isMe)
        .map(({ id, name }) => [id, name]),
    );
  const listNames = (names: readonly string[]): string => {
    const count = names.length - MAX_NAMES;
    // One more is called by name: it is as short.
    const shown = count > 1 ? [...names.slice(0, MAX_NAMES), messages.together.more({ count })] : names;
    return new Intl.ListFormat(locale).format(shown);
  };
  /** Undefined until those are known who were here before me. */
  let known: ReadonlyMap<string, string> | undefined;
  const say = (): void => {
    timer = undefined;
    if (!isConnected()) return;
    const now = present();
    const before = known ?? now;
    known = now;
    const came = [...now].flatMap(([id, name]) => (before.has(id) ? [] : [name]));
    const left = [...before].flatMap(([id, name]) => (now.has(id) ? [] : [name]));
    const texts = [
      came.length > 0 ? messages.together.came({ names: listNames(came) }) : '',
      left.length > 0 ? messages.together.left({ names: listNames(left) }) : '',
    ].filter((text) => text !== '');
    if (texts.length > 0) region.textContent = texts.join(' ');
  };
  const schedule = ({ added, removed }: Record<'added' | 'removed', number[]>): void => {
    if (added.length + removed.length > 0) timer ??= setTimeout(say, SETTLE_MS);
  };
  awareness.on('change', schedule);
  timer = setTimeout(say, SETTLE_MS);
  return () => {
    awareness.off('change', schedule);
    clearTimeout(timer);
    region.remove();
  };
}
