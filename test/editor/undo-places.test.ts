import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { keepUndonePlaces } from '../../editor/undo-places.ts';
import { seededRandom } from '../support/random.ts';

const textIn = (doc: Y.Doc): string => doc.getXmlFragment('default').toString();

/** Somebody with a paragraph, and two who get each change as it comes, the second one from the first. */
function chain(letters: string) {
  const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()] as const;
  for (const [i, doc] of docs.entries()) {
    doc.clientID = i + 1;
    doc.on('update', (update: Uint8Array) => {
      const next = docs[i + 1];
      if (next) Y.applyUpdate(next, update);
    });
  }
  const [doc] = docs;
  keepUndonePlaces(doc);
  const fragment = doc.getXmlFragment('default');
  const undoManager = new Y.UndoManager(fragment, { captureTimeout: 0 });
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(letters)]);
  fragment.insert(0, [paragraph]);
  const text = (): Y.XmlText => (fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText;
  return {
    text,
    insert: (at: number, letter: string) => text().insert(at, letter),
    deleteAndUndo(at: number, length: number) {
      text().delete(at, length);
      undoManager.undo();
    },
    deleteParagraphAndUndo() {
      fragment.delete(0, 1);
      undoManager.undo();
    },
    get seen() {
      return docs.map(textIn);
    },
  };
}

it('letters that were restored several times and are restored with their paragraph stand where others see them', () => {
  const writer = chain('po eabc');
  const { deleteAndUndo, deleteParagraphAndUndo } = writer;
  deleteAndUndo(6, 1);
  deleteAndUndo(3, 2);
  deleteAndUndo(1, 2);
  deleteAndUndo(2, 3);
  deleteAndUndo(1, 2);
  deleteAndUndo(0, 3);
  deleteParagraphAndUndo();
  expect(writer.seen).toEqual(Array(3).fill('<paragraph>po eabc</paragraph>'));
});

it('so they do whatever was restored how often', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = seededRandom(seed);
    const below = (count: number): number => Math.floor(random() * count);
    const writer = chain('po eabc');
    for (let i = 5 + below(8); i > 0; i--) {
      const { length } = writer.text();
      const act = below(3);
      if (act === 0) writer.insert(below(length + 1), 'x');
      else if (act === 1) writer.deleteParagraphAndUndo();
      else if (length > 0) {
        const at = below(length);
        writer.deleteAndUndo(at, 1 + below(Math.min(3, length - at)));
      }
    }
    const { seen } = writer;
    expect(seen, `seed ${seed}`).toEqual(Array(3).fill(seen[0]));
  }
});
