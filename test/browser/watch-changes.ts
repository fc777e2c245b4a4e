// Runs in the browser: what a change of somebody else replaces in an editor.
import type { Transaction } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import * as Y from 'yjs';
import { createPerson } from './edit-together.ts';

const BLOCKS = 40;
/** The block that my caret is in. */
const MINE = 17;
const EMPTY_CELL = { type: 'tableCell', content: [{ type: 'paragraph' }] };

/** What somebody else does, by name. */
const CHANGES = {
  type: (blocks: Y.XmlFragment) => textOf(blocks, 30).insert(4, 'x'),
  typeBefore: (blocks: Y.XmlFragment) => textOf(blocks, 3).insert(3, 'x'),
  typeHere: (blocks: Y.XmlFragment) => textOf(blocks, MINE).insert(0, 'x'),
  format: (blocks: Y.XmlFragment) => textOf(blocks, 30).format(4, 3, { bold: {} }),
  add: (blocks: Y.XmlFragment) => blocks.insert(30, [new Y.XmlElement('paragraph')]),
  removeBefore: (blocks: Y.XmlFragment) => blocks.delete(3, 2),
  typeInTwo(blocks: Y.XmlFragment) {
    textOf(blocks, 3).insert(3, 'x');
    textOf(blocks, 5).insert(3, 'x');
  },
} as const;

export type Change = keyof typeof CHANGES;

export interface Seen {
  /** The numbers of the first and the last block that were replaced, wholly or in part, as they were. */
  readonly blocks: [first: number, last: number];
  /** How much of the old document that was, and how much came in its place. */
  readonly sizes: [gone: number, come: number];
  /** The text that the caret is in, with a bar where it is. It was `17: o|ne`. */
  readonly caret: string;
}

/** A document of paragraphs from `0: one` to `39: one`, in which somebody else changes something. */
export async function watchChange(name: Change): Promise<Seen> {
  const other = new Y.Doc();
  const fragment = other.getXmlFragment('default');
  const paragraphs = Array.from({ length: BLOCKS }, (_, i) => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText(`${i}: one`)]);
    return paragraph;
  });
  fragment.insert(0, paragraphs);
  const { doc, editor, destroy } = createPerson(1, Y.encodeStateAsUpdate(other));
  const before = editor.state.doc;
  let caret = 6;
  for (const block of before.children.slice(0, MINE)) caret += block.nodeSize;
  editor.commands.setTextSelection(caret);

  let [first, last, gone, come] = [BLOCKS, -1, 0, 0];
  editor.on('transaction', ({ transaction }: { transaction: Transaction }) => {
    for (const map of transaction.mapping.maps) {
      map.forEach((from, to, start, end) => {
        first = Math.min(first, before.resolve(from).index(0));
        last = Math.max(last, before.resolve(to).index(0));
        gone += to - from;
        come += end - start;
      });
    }
  });
  other.transact(() => CHANGES[name](fragment));
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)), 'others');
  await new Promise((resolve) => requestAnimationFrame(resolve));

  const { parent, parentOffset } = editor.state.selection.$head;
  const text = parent.textContent;
  const shown = editor.getText({ blockSeparator: '\n' });
  const written = fragment.toArray().map((block) => block.toString().replace(/<[^>]*>/g, ''));
  if (shown !== written.join('\n')) throw new Error('what somebody else wrote is not shown');
  destroy();
  return {
    blocks: [first, last],
    sizes: [gone, come],
    caret: `${text.slice(0, parentOffset)}|${text.slice(parentOffset)}`,
  };
}

/** How many cells of a table are selected, before and after somebody else writes below it. */
export async function watchCells(): Promise<number[]> {
  const other = new Y.Doc();
  const { doc, editor, destroy } = createPerson(1);
  editor.commands.insertContent([
    { type: 'table', content: [{ type: 'tableRow', content: [EMPTY_CELL, EMPTY_CELL] }] },
    { type: 'paragraph', content: [{ type: 'text', text: 'below' }] },
  ]);
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  const cells: number[] = [];
  editor.state.doc.descendants((node, at) => void (node.type.name === 'tableCell' && cells.push(at)));
  const [anchorCell = 0, headCell = 0] = cells;
  editor.view.dispatch(editor.state.tr.setSelection(CellSelection.create(editor.state.doc, anchorCell, headCell)));
  const counts = [editor.state.selection.ranges.length];
  const blocks = other.getXmlFragment('default');
  textOf(blocks, blocks.length - 1).insert(2, 'x');
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)), 'others');
  await new Promise((resolve) => requestAnimationFrame(resolve));
  if (!editor.getText().includes('bexlow')) throw new Error('what somebody else wrote is not shown');
  counts.push(editor.state.selection.ranges.length);
  destroy();
  return counts;
}

function textOf(blocks: Y.XmlFragment, index: number): Y.XmlText {
  return (blocks.get(index) as Y.XmlElement).get(0) as Y.XmlText;
}
