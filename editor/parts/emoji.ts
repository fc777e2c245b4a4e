import data from 'unicode-emoji-json/data-by-emoji.json' with { type: 'json' };

export interface Emoji {
  readonly character: string;
  /** In English. */
  readonly name: string;
}

/** Newer ones are a box on many devices. */
const MAX_VERSION = 15.1;

/** All emoji, in the order in which keyboards show them. */
export const EMOJI: readonly Emoji[] = Object.entries(data)
  .filter(([, { emoji_version }]) => Number(emoji_version) <= MAX_VERSION)
  .map(([character, { name }]) => ({ character, name: name.toLowerCase() }));
