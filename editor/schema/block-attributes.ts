import { Extension } from '@tiptap/core';
import { oneOf, token } from './attributes.ts';

export const ALIGNMENTS = ['left', 'center', 'right', 'justify'] as const;

const readAlignment = oneOf(ALIGNMENTS);

/** Blocks that a link can lead to. */
const LINKABLE = [
  ...['paragraph', 'heading', 'blockquote', 'codeBlock', 'bulletList', 'orderedList', 'taskList', 'table', 'image'],
  ...['details', 'callout', 'blockMath', 'horizontalRule'],
];

/** Attributes that several nodes have. Absent until somebody sets them, so that no client writes them by itself. */
export const BlockAttributes = Extension.create({
  name: 'blockAttributes',
  addGlobalAttributes: () => [
    {
      types: ['paragraph', 'heading'],
      attributes: {
        textAlign: {
          default: null,
          // In what is pasted, the attribute: a strict policy keeps styles from being read.
          parseHTML: (element) =>
            readAlignment(element.style.textAlign) ?? readAlignment(element.getAttribute('align')) ?? null,
          renderHTML: ({ textAlign }) => {
            const alignment = readAlignment(textAlign);
            return alignment === undefined ? {} : { style: `text-align: ${alignment}` };
          },
        },
      },
    },
    {
      types: LINKABLE,
      attributes: {
        // What a link to the block says. A copy of the block is another one.
        id: {
          default: null,
          keepOnSplit: false,
          parseHTML: () => null,
          renderHTML: ({ id }) => (token(id) === undefined ? {} : { 'data-id': id }),
        },
      },
    },
  ],
});
