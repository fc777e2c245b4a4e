import { readUser } from '../editor/index.ts';

/** Somebody who has the document open, in however many tabs. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly isMe: boolean;
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
    // This tab's own state is newer than what another tab of mine said.
    if (!people.has(id) || client === myClient) people.set(id, { id, name, color, isMe });
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
