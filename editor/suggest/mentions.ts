import type { MentionedPerson } from '../mentioned-person.ts';
import type { NodesContext } from '../nodes/attach.ts';
import { readUser } from '../user.ts';
import type { Suggestion } from './suggestion.ts';

const MAX_SHOWN = 8;

/** People behind an `@`: those who are here now, and those whom the product around the editor knows. */
export function mentionSuggestion({
  editor,
  messages,
  awareness,
  mentions,
}: NodesContext): Suggestion<MentionedPerson> {
  const here = (): MentionedPerson[] =>
    [...awareness.getStates().values()].flatMap(({ user }) => {
      if (user === undefined) return [];
      const { id, name } = readUser(user);
      return [{ id: id ?? name, label: name }];
    });
  return {
    name: 'mention',
    char: '@',
    label: messages.nodes.mentions,
    async find(query) {
      const lower = query.toLowerCase();
      const fits = ({ label }: MentionedPerson): boolean =>
        label
          .toLowerCase()
          .split(/\s+/)
          .some((word) => word.startsWith(lower)) || label.toLowerCase().startsWith(lower);
      const others = mentions ? await mentions(query).catch(() => []) : [];
      const people = new Map([...others, ...here().filter(fits)].map((person) => [person.id, person]));
      return [...people.values()].slice(0, MAX_SHOWN);
    },
    show: ({ label }) => ({ mark: '@', label }),
    choose({ id, label }, range) {
      const mention = { type: 'mention', attrs: { id, label } };
      editor
        .chain()
        .focus()
        .insertContentAt(range, [mention, { type: 'text', text: ' ' }])
        .run();
    },
  };
}
