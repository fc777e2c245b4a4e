import * as Y from 'yjs';
import { readTrace } from '../../test/traces/trace.ts';

const WORDS = 'the quiet room is open to everybody who wants to read or write a letter by the light of one lamp'.split(
  ' ',
);

/** A document with so many paragraphs of about so many characters, as an update: the same each time. */
export function paragraphs(count: number, characters: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const all = Array.from({ length: count }, (_, i) => paragraphOf(sentence(i, characters)));
  doc.getXmlFragment('default').insert(0, all);
  return Y.encodeStateAsUpdate(doc);
}

function sentence(seed: number, characters: number): string {
  let text = `${seed}:`;
  for (let i = 0; text.length < characters; i++) text += ` ${WORDS[(seed * 7 + i * 3) % WORDS.length]}`;
  return text;
}

/** A recorded session, every keystroke of it, typed into paragraphs: a line break splits one, deleting it joins them. */
export function recording(name: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  const fragment = doc.getXmlFragment('default');
  // Where each paragraph is in the text, as its length.
  const lengths = [0];
  fragment.insert(0, [paragraphOf('')]);
  const textOf = (index: number): Y.XmlText => (fragment.get(index) as Y.XmlElement).get(0) as Y.XmlText;
  const find = (position: number): [index: number, offset: number] => {
    let index = 0;
    let offset = position;
    while (offset > (lengths[index] ?? 0)) offset -= (lengths[index++] ?? 0) + 1;
    return [index, offset];
  };
  const insert = (position: number, inserted: string): void => {
    const [index, offset] = find(position);
    const [first = '', ...lines] = inserted.split('\n');
    const text = textOf(index);
    if (lines.length === 0) {
      text.insert(offset, first);
      lengths[index] = (lengths[index] ?? 0) + first.length;
      return;
    }
    // As the editor's binding does: what follows the break is deleted here and inserted there.
    const rest = text.toString().slice(offset);
    if (rest !== '') text.delete(offset, rest.length);
    if (first !== '') text.insert(offset, first);
    const last = lines.length - 1;
    const added = lines.map((line, i) => (i === last ? line + rest : line));
    fragment.insert(index + 1, added.map(paragraphOf));
    lengths.splice(index, 1, offset + first.length, ...added.map((line) => line.length));
  };
  const remove = (position: number, deleted: number): void => {
    let left = deleted;
    const [index, offset] = find(position);
    while (left > 0) {
      const here = Math.min(left, (lengths[index] ?? 0) - offset);
      if (here > 0) {
        textOf(index).delete(offset, here);
        lengths[index] = (lengths[index] ?? 0) - here;
        left -= here;
      }
      if (left === 0) return;
      const next = textOf(index + 1).toString();
      fragment.delete(index + 1, 1);
      if (next !== '') textOf(index).insert(offset, next);
      lengths.splice(index, 2, (lengths[index] ?? 0) + next.length);
      left--;
    }
  };
  for (const { patches } of readTrace(name).transactions) {
    doc.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) remove(position, deleted);
        if (inserted !== '') insert(position, inserted);
      }
    });
  }
  const text = fragment.toArray().map((_, i) => textOf(i).toString());
  if (text.join('\n') !== readTrace(name).endContent) throw new Error(`${name} was not typed as it was recorded`);
  return Y.encodeStateAsUpdate(doc);
}

function paragraphOf(text: string): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(text)]);
  return paragraph;
}
