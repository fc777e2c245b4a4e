import * as Y from 'yjs';

type Random = () => number;

/** Makes one random change of the document's text, XML, map or array, as one transaction. */
export function randomEdit(doc: Y.Doc, random: Random): void {
  const below = (n: number) => Math.floor(random() * n);
  const word = () => 'abcdefghijklmnopqrstuvwxyz'.slice(below(13), 13 + below(13)) || 'x';
  doc.transact(() => {
    switch (below(4)) {
      case 0:
        return editText(doc.getText('text'), below, word);
      case 1:
        return editXml(doc.getXmlFragment('xml'), below, word);
      case 2:
        return editMap(doc.getMap('map'), below, word);
      default:
        return editArray(doc.getArray('array'), below, word);
    }
  });
}

function editText(text: Y.Text, below: (n: number) => number, word: () => string): void {
  const at = below(text.length + 1);
  const length = Math.min(below(5), text.length - at);
  switch (below(3)) {
    case 0:
      return text.delete(at, length);
    case 1:
      return text.format(at, length, { bold: below(2) === 0 ? true : null });
    default:
      return text.insert(at, word());
  }
}

function editXml(fragment: Y.XmlFragment, below: (n: number) => number, word: () => string): void {
  const at = below(fragment.length + 1);
  const target = fragment.length > 0 ? fragment.get(below(fragment.length)) : undefined;
  if (below(3) === 0 && fragment.length > 0) return fragment.delete(below(fragment.length), 1);
  if (target instanceof Y.XmlElement && below(2) === 0) {
    target.setAttribute(word(), word());
    const child = target.length > 0 ? target.get(0) : undefined;
    if (child instanceof Y.XmlText) child.insert(below(child.length + 1), word());
    return;
  }
  const element = new Y.XmlElement('paragraph');
  element.insert(0, [new Y.XmlText(word())]);
  fragment.insert(at, [element]);
}

function editMap(map: Y.Map<unknown>, below: (n: number) => number, word: () => string): void {
  const key = `key${below(5)}`;
  if (below(4) === 0) map.delete(key);
  else map.set(key, below(2) === 0 ? new Y.Map([[word(), word()]]) : word());
}

function editArray(array: Y.Array<unknown>, below: (n: number) => number, word: () => string): void {
  if (array.length > 0 && below(3) === 0) array.delete(below(array.length), 1);
  else array.insert(below(array.length + 1), [word(), below(100)]);
}

/** Everything that can be seen in the document, to compare. */
export function contentOf(doc: Y.Doc): unknown {
  return {
    text: doc.getText('text').toDelta(),
    xml: doc.getXmlFragment('xml').toString(),
    map: doc.getMap('map').toJSON(),
    array: doc.getArray('array').toJSON(),
  };
}
