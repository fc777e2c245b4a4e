import type { Node } from '@tiptap/pm/model';

/**
 * Something that is computed from a block of the document, and kept for as long as the block is the same. A node never
 * changes: what somebody writes in is a new one, and only that is computed anew.
 */
export function perBlock<T>(compute: (block: Node) => T): (block: Node) => T {
  const known = new WeakMap<Node, { readonly value: T }>();
  return (block) => {
    let entry = known.get(block);
    if (entry === undefined) {
      entry = { value: compute(block) };
      known.set(block, entry);
    }
    return entry.value;
  };
}
