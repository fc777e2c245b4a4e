import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';

const HASH = /^#block-([\w.-]+)$/;
/** How long a block that a link led to is marked, in milliseconds. */
const MARKED_MS = 2000;

/** The address that leads to a block: that of the page, with the block's id behind it. */
export function pageBlockUrl(id: string): string {
  return new URL(`#block-${id}`, location.href).href;
}

/**
 * Gives the block at `position` an id if it has none, which is a change of the document, and says which it has.
 * Undefined for a block that links cannot lead to.
 */
export function ensureBlockId(editor: Editor, position: number): string | undefined {
  const node = editor.state.doc.nodeAt(position);
  if (!node || !('id' in (node.type.spec.attrs ?? {}))) return undefined;
  const found = node.attrs['id'] as unknown;
  if (typeof found === 'string' && found !== '') return found;
  const id = crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), '');
  editor.view.dispatch(editor.state.tr.setNodeAttribute(position, 'id', id));
  return id;
}

/** Goes to the block that the page's address names. Returns whether there is one. */
export function goToLinkedBlock(editor: Editor, hash: string): boolean {
  const id = HASH.exec(hash)?.[1];
  if (id === undefined) return false;
  let position: number | undefined;
  editor.state.doc.descendants((node: Node, at: number) => {
    if (position === undefined && node.isBlock && node.attrs['id'] === id) position = at;
    return position === undefined;
  });
  const element = position === undefined ? null : editor.view.nodeDOM(position);
  if (!(element instanceof HTMLElement)) return false;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({ block: 'center', behavior: calm ? 'instant' : 'smooth' });
  if (!calm) {
    element.animate({ backgroundColor: ['var(--scriptorium-accent-soft)', 'transparent'] }, { duration: MARKED_MS });
  }
  return true;
}
