import type { EditorView } from '@tiptap/pm/view';

/** The blocks at the top of the document from `first` to `last`, both included, counted from 0. */
export interface BlockRange {
  readonly first: number;
  readonly last: number;
}

/** The blocks that are in sight, and those within `marginPx` above and below. Two binary searches, however long the text is. */
export function blocksInSight(view: EditorView, marginPx: number): BlockRange {
  const elements = [...view.dom.children];
  const first = lowest(elements, (element) => element.getBoundingClientRect().bottom >= -marginPx);
  const below = lowest(elements, (element) => element.getBoundingClientRect().top > innerHeight + marginPx);
  return { first: indexOf(view, elements[first]), last: indexOf(view, elements[Math.max(first, below - 1)]) };
}

/** The first that `isPast` is true for, of elements that are in order; the last one when there is none. */
function lowest(elements: readonly Element[], isPast: (element: Element) => boolean): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const element = elements[middle];
    if (element && isPast(element)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function indexOf(view: EditorView, element: Element | undefined): number {
  const { doc } = view.state;
  if (!element) return Math.max(0, doc.childCount - 1);
  const at = view.posAtDOM(element, 0);
  return Math.min(doc.resolve(Math.min(Math.max(at, 0), doc.content.size)).index(0), Math.max(0, doc.childCount - 1));
}
