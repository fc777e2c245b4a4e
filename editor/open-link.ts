import type { EditorView } from '@tiptap/pm/view';
import { isSafeLink } from './safe-link.ts';

/** A click on a link places the caret, as anywhere in a text; with Ctrl or Command, or where nobody can write, it opens it. */
export function openLinkOnModifiedClick(view: EditorView, _position: number, event: MouseEvent): boolean {
  if (view.editable && !event.ctrlKey && !event.metaKey) return false;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || !view.dom.contains(link) || !isSafeLink(link.getAttribute('href'))) return false;
  // The browser follows links by itself where the text is not editable.
  if (view.editable) window.open(link.href, '_blank', 'noopener,noreferrer');
  return view.editable;
}
