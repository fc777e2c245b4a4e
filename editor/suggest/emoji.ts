import type { NodesContext } from '../nodes/attach.ts';
import type { Suggestion } from './suggestion.ts';

interface Emoji {
  readonly character: string;
  /** In English. */
  readonly name: string;
}

const MAX_SHOWN = 8;
/** Newer ones are a box on many devices. */
const MAX_VERSION = 15.1;

let loaded: Promise<readonly Emoji[]> | undefined;

async function load(): Promise<readonly Emoji[]> {
  const { default: data } = await import('unicode-emoji-json/data-by-emoji.json', { with: { type: 'json' } });
  return Object.entries(data)
    .filter(([, { emoji_version }]) => Number(emoji_version) <= MAX_VERSION)
    .map(([character, { name }]) => ({ character, name: name.toLowerCase() }));
}

/** Characters by their names, behind a colon. They are loaded when somebody first looks for one. */
export function emojiSuggestion({ editor, messages }: NodesContext): Suggestion<Emoji> {
  return {
    name: 'emoji',
    char: ':',
    // A colon alone is mostly meant as one.
    minLength: 2,
    label: messages.nodes.emoji,
    async find(query) {
      loaded ??= load();
      return bestOf(await loaded, query.toLowerCase().replaceAll('_', ' '));
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
