import { Node, type NodeConfig } from '@tiptap/core';
import { attribute, text } from './attributes.ts';

/** Longer formulas are shown as far as this. */
export const MAX_LATEX = 10_000;

const InlineMath = Node.create({ ...math('inlineMath', 'span', 'inline-math'), group: 'inline', inline: true });
const BlockMath = Node.create({ ...math('blockMath', 'div', 'block-math'), group: 'block' });

/** A formula; where nothing draws it, it is shown as it was written. */
function math(name: string, tag: string, type: string): NodeConfig {
  return {
    name,
    atom: true,
    addAttributes: () => attribute('latex', { default: '', read: text(MAX_LATEX) }),
    parseHTML: () => [{ tag: `${tag}[data-type="${type}"]` }],
    renderHTML: ({ HTMLAttributes }) => [
      tag,
      { ...HTMLAttributes, 'data-type': type },
      ['code', String(HTMLAttributes['data-latex'] ?? '')],
    ],
    renderText: ({ node }) => `$${node.attrs['latex']}$`,
  };
}

/** A person, by whatever the product around knows people by, and the name that was shown when it was written. */
const Mention = Node.create({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: false,
  addAttributes: () => ({
    ...attribute('id', { default: null, read: text(200) }),
    ...attribute('label', { default: null, read: text(200) }),
    // Written by Tiptap's mention.
    mentionSuggestionChar: { default: null, rendered: false },
  }),
  parseHTML: () => [{ tag: 'span[data-type="mention"]' }],
  renderHTML: ({ HTMLAttributes }) => [
    'span',
    { ...HTMLAttributes, 'data-type': 'mention' },
    `@${HTMLAttributes['data-label'] ?? HTMLAttributes['data-id'] ?? ''}`,
  ],
  renderText: ({ node }) => `@${node.attrs['label'] ?? node.attrs['id'] ?? ''}`,
});

export const inlineNodes = [InlineMath, BlockMath, Mention];
