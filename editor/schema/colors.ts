import type { Attributes } from '@tiptap/core';
import type { Read } from './attributes.ts';

/** The colours that the editor offers, for text and behind it. They are names: each theme has its own shade of them. */
export const COLORS = ['gray', 'brown', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'red'] as const;

/** A colour as CSS writes it, from a document of another editor: a word, or a function of numbers. Never anything else. */
const SAFE_COLOR = /^(#[\da-f]{3,8}|[a-z]{3,24}|(rgb|hsl)a?\([\d\s.,%/]{1,40}\))$/i;

export const readColor: Read<string> = (value) =>
  typeof value === 'string' && SAFE_COLOR.test(value) ? value : undefined;

/** An attribute `color`. One of ours is shown as the theme has it, any other as it is, in this property. */
export function colorAttribute(property: 'color' | 'background-color'): Attributes {
  return {
    color: {
      default: null,
      parseHTML: (element) => readColor(element.getAttribute('data-color')) ?? null,
      renderHTML: ({ color }) => {
        const safe = readColor(color);
        if (safe === undefined) return {};
        const isOurs = COLORS.some((name) => name === safe);
        return { 'data-color': safe, ...(!isOurs && { style: `${property}: ${safe}` }) };
      },
    },
  };
}
