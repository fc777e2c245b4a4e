import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { findRewritten, type RewrittenBlock } from '../../editor/together/lost-letters.ts';

const ADA = 1;
const BEN = 2;
const CAT = 3;

interface Peer {
  readonly doc: Y.Doc;
  readonly root: Y.XmlFragment;
}

function peer(client: number): Peer {
  const doc = new Y.Doc();
  doc.clientID = client;
  return { doc, root: doc.getXmlFragment('default') };
}

function paragraph(text: string, attributes: Record<string, string> = {}): Y.XmlElement {
  const element = new Y.XmlElement('paragraph');
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== '') element.insert(0, [new Y.XmlText(text)]);
  return element;
}

/** Ada, Ben and Cat with the same paragraphs. */
function together(...texts: string[]): { ada: Peer; ben: Peer; cat: Peer } {
  const [ada, ben, cat] = [peer(ADA), peer(BEN), peer(CAT)];
  ada.root.insert(
    0,
    texts.map((text) => paragraph(text)),
  );
  for (const each of [ben, cat]) tell(ada, each);
  return { ada, ben, cat };
}

function textAt({ root }: Peer, index: number): Y.XmlText {
  return (root.get(index) as Y.XmlElement).get(0) as Y.XmlText;
}

/** Moves a block to the end as an editor does: what it shows of it is written there, and the old one deleted. */
function moveToEnd({ doc, root }: Peer, index: number): void {
  doc.transact(() => {
    root.push([paragraph((root.get(index) as Y.XmlElement).toArray().join(''))]);
    root.delete(index);
  });
}

/** One gets all that another has, in one transaction. What `to` finds in it of its own. */
function tell(from: Peer, to: Peer, unwanted?: (clock: number) => boolean): RewrittenBlock[] {
  const found: RewrittenBlock[] = [];
  const look = (transaction: Y.Transaction): void =>
    void found.push(...findRewritten(transaction, to.doc.clientID, unwanted));
  to.doc.on('beforeObserverCalls', look);
  Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)));
  to.doc.off('beforeObserverCalls', look);
  return found;
}

/** The letters of each block, those in brackets that are missing in its copy and mine. */
function shown(blocks: readonly RewrittenBlock[]): string[] {
  return blocks.map(({ units, fates }) =>
    units
      .map(({ text }, i) => (fates[i] === 'missing' ? `[${text}]` : fates[i] === 'copied' ? text : ''))
      .join('')
      .replaceAll('][', ''),
  );
}

describe('what I typed in a block while somebody moved it', () => {
  it('is what the block that they wrote does not have', () => {
    const { ada, ben } = together('one', 'two', 'three');
    textAt(ben, 1).insert(3, ' words');
    textAt(ben, 1).insert(0, 'My ');
    moveToEnd(ada, 1);
    const [block] = tell(ada, ben);
    expect(shown(block ? [block] : [])).toEqual(['[My ]two[ words]']);
    expect(block?.copy).toBe(ben.root.get(2));
  });

  it('is only what had not arrived there', () => {
    const { ada, ben } = together('one', 'two');
    textAt(ben, 0).insert(3, ' seen');
    tell(ben, ada);
    textAt(ben, 0).insert(8, ' unseen');
    moveToEnd(ada, 0);
    expect(shown(tell(ada, ben))).toEqual(['one seen[ unseen]']);
  });

  it('is nothing when all had arrived', () => {
    const { ada, ben } = together('one', 'two');
    textAt(ben, 0).insert(3, ' seen');
    tell(ben, ada);
    moveToEnd(ada, 0);
    expect(tell(ada, ben)).toEqual([]);
  });

  it('is found by whoever typed it and by nobody else, where several did', () => {
    const { ada, ben, cat } = together('one', 'two');
    textAt(ben, 0).insert(3, 'BB');
    textAt(cat, 0).insert(0, 'C');
    tell(cat, ben);
    moveToEnd(ada, 0);
    expect(shown(tell(ada, ben))).toEqual(['one[BB]']);
    expect(shown(tell(ada, cat))).toEqual(['[C]one']);
    const reader = peer(4);
    tell(ben, reader);
    expect(tell(ada, reader)).toEqual([]);
  });

  it('is found again when the block is moved a second time before that was known', () => {
    const { ada, ben } = together('one', 'two');
    textAt(ben, 0).insert(3, 'BB');
    moveToEnd(ada, 0);
    expect(shown(tell(ada, ben))).toEqual(['one[BB]']);
    textAt(ben, 1).insert(3, 'BB');
    moveToEnd(ada, 1);
    expect(shown(tell(ada, ben))).toEqual(['one[BB]']);
  });

  it('stays away when the block was deleted, or what was written has other words', () => {
    const { ada, ben } = together('one', 'two', 'three');
    for (const index of [0, 1]) textAt(ben, index).insert(3, 'BB');
    ada.doc.transact(() => {
      ada.root.delete(0, 2);
      ada.root.push([paragraph('on'), paragraph('four'), paragraph(''), paragraph('three')]);
    });
    expect(tell(ada, ben)).toEqual([]);
  });

  it('stays away when all of the text was mine and unseen: any empty block would be its copy', () => {
    const { ada, ben } = together('one', '');
    (ben.root.get(1) as Y.XmlElement).insert(0, [new Y.XmlText('BB')]);
    ada.doc.transact(() => {
      ada.root.delete(1);
      ada.root.insert(0, [paragraph('')]);
    });
    expect(tell(ada, ben)).toEqual([]);
  });

  it('stays away where somebody deleted it by itself before', () => {
    const { ada, ben } = together('one', 'two');
    textAt(ben, 0).insert(3, 'BB');
    tell(ben, ada);
    textAt(ada, 0).delete(3, 2);
    moveToEnd(ada, 0);
    expect(tell(ada, ben, () => true)).toEqual([]);
  });

  it('goes to the copy of its own block where others have nearly the same words', () => {
    const { ada, ben } = together('one', 'oneB', 'two');
    textAt(ben, 0).insert(3, 'B');
    moveToEnd(ada, 0);
    moveToEnd(ada, 0);
    const found = tell(ada, ben);
    expect(shown(found)).toEqual(['one[B]']);
    expect(found[0]?.copy.toString()).toBe('<paragraph>one</paragraph>');
  });
});
