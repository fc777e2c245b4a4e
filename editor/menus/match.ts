import type { NamedCommand } from '../commands/catalogue.ts';

/** The commands that are meant by what somebody typed, the best first; all of them in their order when that is nothing. */
export function findCommands(commands: readonly NamedCommand[], typed: string): NamedCommand[] {
  const query = plain(typed.trim());
  if (query === '') return [...commands];
  return commands
    .map((command) => ({ command, score: scoreOf(command, query) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
}

/** How well a command fits; 0 when it does not. Commands with the same score keep their order. */
function scoreOf({ label, keywords }: NamedCommand, query: string): number {
  const name = plain(label);
  if (name.startsWith(query)) return 5;
  if (startsWord(name, query)) return 4;
  if (keywords.some((keyword) => startsWord(plain(keyword), query))) return 3;
  if (name.includes(query)) return 2;
  // A letter alone is in too many.
  return query.length > 1 && hasInOrder(name, query) ? 1 : 0;
}

function startsWord(text: string, query: string): boolean {
  return text.startsWith(query) || text.includes(` ${query}`);
}

/** Whether all letters are in the text, one after the other: `hd2` is in `heading 2`. */
function hasInOrder(text: string, query: string): boolean {
  let at = 0;
  for (const letter of query.replaceAll(' ', '')) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** In small letters, without what is above and below them. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
