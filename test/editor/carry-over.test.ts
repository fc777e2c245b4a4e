import { getSchema } from '@tiptap/core';
import { Node } from '@tiptap/pm/model';
import { describe, expect, it } from 'vitest';
import { editorExtensions } from '../../editor/extensions.ts';
import { carryOver } from '../../editor/together/carry-over.ts';

const schema = getSchema(editorExtensions());

/** Paragraphs; `|` is where somebody is. */
function docOf(...texts: string[]): { doc: Node; caret: number } {
  let caret = -1;
  let size = 0;
  const content = texts.map((marked) => {
    const text = marked.replace('|', '');
    if (text !== marked) caret = size + 1 + marked.indexOf('|');
    size += text.length + 2;
    return { type: 'paragraph', content: text === '' ? [] : [{ type: 'text', text }] };
  });
  return { doc: Node.fromJSON(schema, { type: 'doc', content }), caret };
}

function expectCarried(before: string[], after: string[]): void {
  const [from, to] = [docOf(...before), docOf(...after)];
  expect(carryOver(from.doc, to.doc, from.caret)).toBe(to.caret);
}

describe('a place whose block was written anew', () => {
  it('is at its words, wherever they are now', () => {
    expectCarried(['one', 'two| words', 'three'], ['two| words', 'one', 'three']);
    expectCarried(['one', 'two| words', 'three'], ['one', 'three', 'two| words']);
    expectCarried(
      ['one', 'two words|', 'three'],
      ['three', 'one', 'two| words'].map((text) => text.replace('| words', ' words|')),
    );
  });

  it('is where the words were typed that the new block does not have', () => {
    expectCarried(['one', 'twoXX| words', 'three'], ['two| words', 'one', 'three']);
    expectCarried(['one', 'twoXX|', 'three'], ['two|', 'one', 'three']);
  });

  it('is found in a block that was written before the old one went', () => {
    expectCarried(['epsilon:', 'gamma:GGG|', 'delta:', 'gamma:'], ['delta:', 'epsilon:', 'gamma:|']);
    expectCarried(['delta:', 'gamma:GG|mma', 'gamma:mma'], ['delta:', 'gamma:|mma']);
  });

  it('is not in the middle of what others have there when nothing is left of it', () => {
    expectCarried(['one', 'gone|', 'quite another'], ['one', 'quite another|']);
  });
});
