import type { Node } from '@tiptap/pm/model';
import { textRuns } from './find/block-text.ts';

/** How long a text is. */
export interface TextCounts {
  /** As the language has them: also where no space is between them, as in Chinese and Thai. */
  readonly words: number;
  /** What a reader takes for one, with spaces, without line breaks. */
  readonly characters: number;
}

export const NO_COUNTS: TextCounts = { words: 0, characters: 0 };

/** Text in which every UTF-16 unit is a character. */
const SIMPLE = /^[\x20-\x7e\u00a0-\u02af]*$/;

/** What counts texts in a language, given as a BCP 47 tag. */
export function textCounter(locale: string): (text: string) => TextCounts {
  // Firefox has it since version 125.
  if (!('Segmenter' in Intl)) return countWithoutSegmenter;
  const words = new Intl.Segmenter(locale, { granularity: 'word' });
  const characters = new Intl.Segmenter(locale, { granularity: 'grapheme' });
  return (text) => {
    let count = 0;
    for (const { isWordLike } of words.segment(text)) if (isWordLike) count++;
    return { words: count, characters: SIMPLE.test(text) ? text.length : [...characters.segment(text)].length };
  };
}

function countWithoutSegmenter(text: string): TextCounts {
  return { words: text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)?.length ?? 0, characters: [...text].length };
}

/** What counts blocks and other nodes. What is not text does not count. */
export function nodeCounter(locale: string): (node: Node) => TextCounts {
  const count = textCounter(locale);
  return (node) =>
    textRuns(node)
      .flatMap(({ text }) => text.split(/[\n\ufffc]+/))
      .map(count)
      .reduce(plus, NO_COUNTS);
}

export function plus(a: TextCounts, b: TextCounts): TextCounts {
  return { words: a.words + b.words, characters: a.characters + b.characters };
}
