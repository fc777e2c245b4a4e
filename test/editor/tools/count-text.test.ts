import { describe, expect, it } from 'vitest';
import { textCounter } from '../../../editor/tools/count-text.ts';

describe('counting', () => {
  it.each([
    ['en', "It isn't 3.14, is it?", 5, 21],
    ['de', 'Donaudampfschiff – ahoi', 2, 23],
    ['th', 'สวัสดีครับ', 2, 7],
    ['en', '👩‍👩‍👧 and 🇩🇪', 1, 7],
    ['en', ' ', 0, 1],
  ])('%s: %s', (locale, text, words, characters) => {
    expect(textCounter(locale)(text)).toEqual({ words, characters });
  });

  it('finds words where no space is between them', () => {
    const { words, characters } = textCounter('zh')('我们在一起写作');
    expect(characters).toBe(7);
    // Which they are is the dictionary's business.
    expect(words).toBeGreaterThan(1);
    expect(words).toBeLessThan(7);
  });
});
