import { isSafeLink } from '../safe-link.ts';

const HAS_PROTOCOL = /^[a-z][a-z\d+.-]*:/i;
const IS_MAIL = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;
const IS_HOST = /^(localhost|[^\s/?#.]+(\.[^\s/?#.]+)+)(:\d+)?([/?#]|$)/i;

/** What somebody typed, as a link leads there; undefined when a link must not, or nothing could be meant. */
export function readLinkAddress(typed: string): string | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  const address = withProtocol(text);
  return isSafeLink(address) ? address : undefined;
}

function withProtocol(text: string): string | undefined {
  if (IS_MAIL.test(text)) return `mailto:${text}`;
  // `host:8080` looks like a protocol.
  if (IS_HOST.test(text)) return `https://${text}`;
  if (HAS_PROTOCOL.test(text) || /^[/#]/.test(text)) return text;
  return undefined;
}
