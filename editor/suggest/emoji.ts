import type { NodesContext } from '../nodes/attach.ts';
import type { Emoji } from '../parts/emoji.ts';
import type { Suggestion } from './suggestion.ts';

const MAX_SHOWN = 8;

/** Characters by their names, behind a colon. They are loaded when somebody first looks for one. */
export function emojiSuggestion({ editor, messages }: NodesContext): Suggestion<Emoji> {
  return {
    name: 'emoji',
    char: ':',
    // A colon alone is mostly meant as one.
    minLength: 2,
    label: messages.nodes.emoji,
    async find(query) {
      const { EMOJI } = await import('../parts/emoji.ts');
      return bestOf(EMOJI, query.toLowerCase().replaceAll('_', ' '));
    },
    show: ({ character, name }) => ({ mark: character, label: name }),
    choose: ({ character }, range) => editor.chain().focus().insertContentAt(range, character).run(),
  };
}

/** Those whose name begins with it, then those with a word that begins with it, then those that have it anywhere. */
function bestOf(all: readonly Emoji[], query: string): Emoji[] {
  const rank = ({ name }: Emoji): number =>
    name.startsWith(query) ? 0 : name.includes(` ${query}`) ? 1 : name.includes(query) ? 2 : 3;
  return all
    .map((emoji) => ({ emoji, rank: rank(emoji) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_SHOWN)
    .map(({ emoji }) => emoji);
}
