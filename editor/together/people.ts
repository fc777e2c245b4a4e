import { readUser } from '../user.ts';

/** Somebody who has the document open, in however many tabs. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** `#rrggbb`, as the person chose it. */
  readonly color: string;
  readonly isMe: boolean;
  /** Has written something a moment ago, in one of the tabs. */
  readonly isTyping: boolean;
  /** The awareness client ids of the tabs. */
  readonly clients: readonly number[];
}

/**
 * Who is here, by awareness: each person once, me first, the others by name.
 * @param states awareness states by client id
 * @param myClient the client id of this tab
 */
export function readPeople(states: ReadonlyMap<number, Record<string, unknown>>, myClient: number): Person[] {
  const mine = states.get(myClient)?.['user'];
  const myId = mine === undefined ? undefined : readUser(mine).id;
  const people = new Map<string, Person>();
  for (const [client, state] of states) {
    if (state['user'] === undefined) continue; // connected, but nobody: a program that reads along
    const { id = `client ${client}`, name, color } = readUser(state['user']);
    const isMe = client === myClient || id === myId;
    const known = people.get(id);
    const clients = [...(known?.clients ?? []), client];
    const isTyping = known?.isTyping === true || state['typing'] === true;
    // This tab's own state is newer than what another tab of mine said.
    const shown = known && client !== myClient ? known : { id, name, color, isMe };
    people.set(id, { ...shown, isTyping, clients });
  }
  return [...people.values()].sort(
    (a, b) => Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
  );
}

/** One or two letters for an avatar: of the first and the last word. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const first = words[0] ?? '';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return [first, last]
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
}
