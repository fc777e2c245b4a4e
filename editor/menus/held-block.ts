import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/** Where a block is. */
export interface BlockPlace {
  readonly position: number;
  readonly node: Node;
}

/** A block that is found again after others wrote: a change of theirs may write it anew in the editor. */
export interface HeldBlock {
  /** Where it is now; undefined when it has gone. */
  find(): BlockPlace | undefined;
}

/** Holds the block at `position` by the shared type that it is made of, which stays the same. */
export function holdBlock(editor: Editor, position: number): HeldBlock {
  const { type: fragment } = ySyncPluginKey.getState(editor.state) as { type: Y.XmlFragment };
  const $at = editor.state.doc.resolve(position);
  let held: unknown = fragment;
  for (let depth = 0; depth <= $at.depth; depth++) {
    held = held instanceof Y.XmlFragment ? held.get($at.index(depth)) : undefined;
  }
  return {
    find() {
      // The empty paragraph of an empty document is in the editor only.
      const path = held instanceof Y.XmlElement ? pathTo(held, fragment) : fragment.length === 0 ? [0] : undefined;
      return path && follow(editor.state.doc, path);
    },
  };
}

/** The numbers of a shared type and of those around it among their siblings, the outermost first. */
function pathTo(type: Y.XmlElement, root: Y.XmlFragment): number[] | undefined {
  const path: number[] = [];
  for (let at: Y.XmlElement | Y.XmlFragment = type; at !== root; ) {
    const { parent } = at;
    if (!(parent instanceof Y.XmlFragment)) return undefined;
    const index = parent.toArray().indexOf(at as Y.XmlElement);
    if (index < 0) return undefined;
    path.unshift(index);
    at = parent;
  }
  return path;
}

function follow(doc: Node, path: readonly number[]): BlockPlace | undefined {
  let node = doc;
  // In front of the document there is nothing, not even its own beginning.
  let position = -1;
  for (const index of path) {
    if (index >= node.childCount) return undefined;
    position += 1;
    for (let before = 0; before < index; before++) position += node.child(before).nodeSize;
    node = node.child(index);
  }
  return { position, node };
}
