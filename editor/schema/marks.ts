import { Mark } from '@tiptap/core';
import { colorAttribute } from './colors.ts';

/** Text with a colour behind it. */
const Highlight = Mark.create({
  name: 'highlight',
  addAttributes: () => colorAttribute('background-color'),
  parseHTML: () => [{ tag: 'mark' }],
  renderHTML: ({ HTMLAttributes }) => ['mark', HTMLAttributes, 0],
});

/** Text in a colour. */
const TextStyle = Mark.create({
  name: 'textStyle',
  addAttributes: () => colorAttribute('color'),
  // Not every colour that a page has: black text is not to be read on a dark ground.
  parseHTML: () => [{ tag: 'span[data-color]' }],
  renderHTML: ({ HTMLAttributes }) => ['span', HTMLAttributes, 0],
});

const Subscript = Mark.create({
  name: 'subscript',
  parseHTML: () => [{ tag: 'sub' }, { style: 'vertical-align=sub' }],
  renderHTML: () => ['sub', 0],
});

const Superscript = Mark.create({
  name: 'superscript',
  parseHTML: () => [{ tag: 'sup' }, { style: 'vertical-align=super' }],
  renderHTML: () => ['sup', 0],
});

export const marks = [Highlight, TextStyle, Subscript, Superscript];
