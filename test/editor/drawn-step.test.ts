import { getSchema } from '@tiptap/core';
import { Fragment, type Node, type Schema } from '@tiptap/pm/model';
import { EditorState } from '@tiptap/pm/state';
import { Step } from '@tiptap/pm/transform';
import { describe, expect, it } from 'vitest';
import { replaceWhatDiffers } from '../../editor/drawn-step.ts';
import { editorExtensions } from '../../editor/extensions.ts';
import { seededRandom } from '../support/random.ts';

const schema: Schema = getSchema(editorExtensions());

const text = (words: string, ...marks: string[]): Node =>
  schema.text(
    words,
    marks.map((name) => schema.mark(name)),
  );
const paragraph = (...content: Node[]): Node => schema.node('paragraph', null, content);
const item = (...content: Node[]): Node => schema.node('listItem', null, content);
const list = (...content: Node[]): Node => schema.node('bulletList', null, content);

const intro = paragraph(text('An introduction'));
const first = item(paragraph(text('one')));
const end = paragraph(text('The end'));

/** What a transaction replaces, when `before` becomes `after`, and with what. */
function draw(before: Node[], after: Node[]) {
  const doc = schema.node('doc', null, before);
  const transaction = EditorState.create({ schema, doc }).tr;
  const touched = replaceWhatDiffers(transaction, Fragment.from(after));
  const replaced: number[][] = [];
  for (const map of transaction.mapping.maps) map.forEach((...places) => void replaced.push(places));
  return { transaction, touched, replaced };
}

describe('what somebody else changed', () => {
  it('is replaced, and nothing around it: letters of a text', () => {
    const { transaction, replaced, touched } = draw(
      [intro, paragraph(text('a word')), end],
      [intro, paragraph(text('a new word')), end],
    );
    expect(replaced).toEqual([[20, 20, 20, 24]]);
    expect(touched).toEqual({ from: 18, to: 24 });
    expect(transaction.doc.child(0)).toBe(intro);
    expect(transaction.doc.child(2)).toBe(end);
  });

  it('is replaced in a list, where the other items stay', () => {
    const { replaced } = draw(
      [intro, list(first, item(paragraph(text('two'))), first)],
      [intro, list(first, item(paragraph(text('tw'))), first)],
    );
    expect(replaced).toEqual([[29, 30, 29, 29]]);
  });

  it('is all of a block that is now of another kind, and a mark on a word is that word', () => {
    const heading = schema.node('heading', { level: 2 }, [text('The end')]);
    expect(draw([intro, end], [intro, heading]).replaced).toEqual([[17, 26, 17, 26]]);
    const bold = paragraph(text('The '), text('end', 'bold'));
    expect(draw([intro, end], [intro, bold]).replaced).toEqual([[22, 25, 22, 25]]);
  });

  it('is a block that came, went or moved', () => {
    expect(draw([intro, end], [intro, paragraph(), end]).replaced).toEqual([[17, 17, 17, 19]]);
    expect(draw([intro, paragraph(), end], [intro, end]).replaced).toEqual([[17, 19, 17, 17]]);
    expect(draw([intro, paragraph(), end], [paragraph(), end, intro]).replaced).toEqual([[0, 28, 0, 28]]);
  });

  it('is touched as a whole where it was written anew and is equal, so that nothing of the old one is kept', () => {
    const { transaction, touched } = draw([intro, end], [intro, paragraph(text('The end'))]);
    expect(touched).toEqual({ from: 18, to: 25 });
    expect(transaction.doc.child(1)).not.toBe(end);
  });

  it('is nothing when all nodes are the same', () => {
    const { transaction, touched } = draw([intro, end], [intro, end]);
    expect(touched).toBeUndefined();
    expect(transaction.docChanged).toBe(false);
  });

  it('leads to the same document as the step alone, whatever changed', () => {
    const random = seededRandom(7);
    const one = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const words = (): Node[] =>
      Array.from({ length: Math.floor(random() * 3) }, () =>
        text(one(['aaa', 'ab', 'b']), ...one([[], ['bold'], ['italic']])),
      );
    const block = (): Node =>
      one([
        () => paragraph(...words()),
        () => list(item(paragraph(...words())), first),
        () => schema.node('horizontalRule'),
      ])();
    let before = [intro];
    for (let i = 0; i < 500; i++) {
      const after = before.flatMap((node) => one([[node], [node], [node], [block()], [], [node, block()]]));
      if (after.length === 0) after.push(block());
      const { transaction } = draw(before, after);
      expect(transaction.doc.content.eq(Fragment.from(after))).toBe(true);
      for (const [index, step] of transaction.steps.entries()) {
        const plain = Step.fromJSON(schema, step.toJSON()).apply(transaction.docs[index] as Node).doc;
        expect(plain?.eq(transaction.docs[index + 1] ?? transaction.doc)).toBe(true);
        expect(
          step
            .invert(transaction.docs[index] as Node)
            .apply(transaction.doc)
            .doc?.eq(transaction.before),
        ).toBe(true);
      }
      before = after.slice(0, 8);
    }
  });
});
