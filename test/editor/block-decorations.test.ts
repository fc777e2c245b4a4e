import { getSchema } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { EditorState, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { describe, expect, it } from 'vitest';
import { changedRange, drawBlocks, wholeRange } from '../../editor/block-decorations.ts';
import { editorExtensions } from '../../editor/extensions.ts';

const schema = getSchema(editorExtensions());

function stateOf(...texts: string[]): EditorState {
  const content = texts.map((text) => schema.node('paragraph', null, [schema.text(text)]));
  return EditorState.create({ schema, doc: schema.node('doc', null, content) });
}

/** Marks the blocks with an `a`, and notes which it was asked for. */
function marker() {
  const asked: string[] = [];
  const decorate = (block: Node, at: number): Decoration[] => {
    asked.push(block.textContent);
    return block.textContent.includes('a') ? [Decoration.node(at, at + block.nodeSize, {})] : [];
  };
  const shown = (set: DecorationSet): number[][] => set.find().map(({ from, to }) => [from, to]);
  return { asked, decorate, shown };
}

describe('what is drawn over blocks', () => {
  it('is drawn anew only where something changed, and stays beside it', () => {
    const { asked, decorate, shown } = marker();
    const state = stateOf('aa', 'bb', 'aa', 'bb');
    const drawn = drawBlocks(DecorationSet.empty, state.doc, wholeRange(state.doc), decorate);
    expect(shown(drawn).sort()).toEqual([
      [0, 4],
      [8, 12],
    ]);
    const redrawn = (change: (tr: Transaction) => Transaction): number[][] => {
      asked.length = 0;
      const transaction = change(state.tr);
      const moved = drawn.map(transaction.mapping, transaction.doc);
      return shown(drawBlocks(moved, transaction.doc, changedRange(transaction), decorate)).sort(
        (a, b) => (a[0] ?? 0) - (b[0] ?? 0),
      );
    };
    expect(redrawn((tr) => tr.insertText('b', 6))).toEqual([
      [0, 4],
      [9, 13],
    ]);
    expect(asked).toEqual(['bbb']);
    expect(redrawn((tr) => tr.insertText('a', 6))).toEqual([
      [0, 4],
      [4, 9],
      [9, 13],
    ]);
    expect(redrawn((tr) => tr.insertText('bb', 9, 11))).toEqual([[0, 4]]);
    expect(redrawn((tr) => tr.delete(4, 8))).toEqual([
      [0, 4],
      [4, 8],
    ]);
    expect(redrawn((tr) => tr.insertText('b', 14).insertText('b', 2))).toEqual([
      [0, 5],
      [9, 13],
    ]);
  });

  it('is the same set as before where there is nothing', () => {
    const { decorate } = marker();
    const { doc } = stateOf('bb', 'bb');
    expect(drawBlocks(DecorationSet.empty, doc, wholeRange(doc), decorate)).toBe(DecorationSet.empty);
  });
});
