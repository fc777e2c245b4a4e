import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { Drawing } from './drawing-slot.ts';

/** Marks the blocks at the top of the document that the selection is in. The style sheet has all others fade. */
export const drawFocus: Drawing = ({ state: { doc, selection } }) => {
  const first = doc.resolve(selection.from).index(0);
  const last = doc.resolve(selection.to).index(0);
  const marks: Decoration[] = [];
  doc.forEach((block, at, index) => {
    if (index < first || index > last) return;
    marks.push(Decoration.node(at, at + block.nodeSize, { class: 'scriptorium-focused' }));
  });
  return DecorationSet.create(doc, marks);
};
