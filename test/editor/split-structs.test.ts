import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { applyUpdate } from '../../editor/split-structs.ts';

/** A document of many words by two clients, in turns. */
function write(): Y.Doc {
  const [first, second] = [new Y.Doc(), new Y.Doc()];
  for (let i = 0; i < 40; i++) {
    const doc = i % 2 ? first : second;
    doc.getText('text').insert(i * 30, 'one word after the other word '.repeat(30));
    Y.applyUpdate(first, Y.encodeStateAsUpdate(second));
    Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
  }
  return first;
}

/** What changes when every `word` becomes a `sentence`. */
function replaceAll(doc: Y.Doc): Uint8Array {
  const updates: Uint8Array[] = [];
  doc.on('update', (update) => updates.push(update));
  doc.transact(() => {
    const text = doc.getText('text');
    const string = text.toString();
    for (let at = string.lastIndexOf('word'); at >= 0; at = at === 0 ? -1 : string.lastIndexOf('word', at - 1)) {
      text.insert(at + 4, 'sentence');
      text.delete(at, 4);
    }
  });
  return Y.mergeUpdates(updates);
}

describe('an update that deletes in many places', () => {
  it('is applied as Yjs applies it, also beside what others wrote meanwhile', () => {
    const author = write();
    const [ours, theirs] = [new Y.Doc(), new Y.Doc()];
    for (const doc of [ours, theirs]) Y.applyUpdate(doc, Y.encodeStateAsUpdate(author));
    const update = replaceAll(author);
    expect(update.length).toBeGreaterThan(8 * 1024);
    // In the middle of words that are about to be deleted, and of one that is gone already.
    ours.getText('text').insert(ours.getText('text').toString().indexOf('word') + 2, '(between)');
    ours.getText('text').delete(600, 400);
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(ours));
    applyUpdate(ours, update, 'origin');
    Y.applyUpdate(theirs, update);
    expect(ours.getText('text').toString()).toBe(theirs.getText('text').toString());
    expect(ours.getText('text').toString()).toContain('(between)');
    expect(Y.equalSnapshots(Y.snapshot(ours), Y.snapshot(theirs))).toBe(true);
    // And goes on from there.
    ours.getText('text').insert(0, 'more ');
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(ours, Y.encodeStateVector(theirs)));
    expect(theirs.getText('text').toString()).toBe(ours.getText('text').toString());
    expect([...ours.store.clients.values()].map(({ length }) => length)).toEqual(
      [...theirs.store.clients.values()].map(({ length }) => length),
    );
  });

  it('is told of once, with its origin', () => {
    const author = write();
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(author));
    const origins: unknown[] = [];
    doc.on('update', (_, origin) => origins.push(origin));
    applyUpdate(doc, replaceAll(author), 'origin');
    expect(origins).toEqual(['origin']);
    expect(doc.getText('text').toString()).toBe(author.getText('text').toString());
  });
});
