import type { Node } from '@tiptap/pm/model';
import { perBlock } from './per-block.ts';

/** A heading of a document. */
export interface Heading {
  readonly text: string;
  /** From 1, the highest. */
  readonly level: number;
  /** The place before it in the document. */
  readonly at: number;
}

/** The headings in a block at the top, from the place before it. */
const headingsIn = perBlock((block): readonly Heading[] => {
  if (block.type.name === 'heading') return [headingOf(block, 0)];
  if (block.isTextblock) return [];
  const found: Heading[] = [];
  block.descendants((node, at) => {
    if (node.type.name === 'heading') found.push(headingOf(node, at + 1));
    return !node.isTextblock;
  });
  return found;
});

function headingOf(node: Node, at: number): Heading {
  return { text: node.textContent.trim(), level: Number(node.attrs['level']), at };
}

/** The headings of a document that have a text, in order. */
export function headingsOf(doc: Node): Heading[] {
  const headings: Heading[] = [];
  doc.forEach((block, start) => {
    for (const heading of headingsIn(block)) {
      if (heading.text !== '') headings.push({ ...heading, at: start + heading.at });
    }
  });
  return headings;
}
