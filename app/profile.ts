import { type EditorUser, readUser, USER_COLORS } from '../editor/index.ts';
import { randomId } from './random-id.ts';

/** Who is writing, for whoever has no account: kept on the device. */
export type Profile = Required<EditorUser>;

const STORAGE_KEY = 'scriptorium.profile';

const ADJECTIVES = [
  'Able', 'Brave', 'Bright', 'Calm', 'Clever', 'Curious', 'Eager', 'Gentle', 'Happy', 'Honest',
  'Kind', 'Lively', 'Lucky', 'Merry', 'Patient', 'Quick', 'Quiet', 'Sunny', 'Swift', 'Wise',
]; // biome-ignore format: a list of words reads better in lines
const ANIMALS = [
  'Badger', 'Beaver', 'Crane', 'Deer', 'Dolphin', 'Finch', 'Fox', 'Hare', 'Hedgehog', 'Heron',
  'Kestrel', 'Lark', 'Lynx', 'Otter', 'Owl', 'Raven', 'Robin', 'Swan', 'Turtle', 'Wren',
]; // biome-ignore format: a list of words reads better in lines

/** The profile of this device; a friendly random one the first time. */
export function loadProfile(): Profile {
  const stored = readStored();
  if (stored) return stored;
  const profile: Profile = {
    id: randomId(),
    name: `${pick(ADJECTIVES)} ${pick(ANIMALS)}`,
    color: pick(USER_COLORS),
  };
  saveProfile(profile);
  return profile;
}

export function saveProfile(profile: Profile): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(profile));
  } catch {
    // Forbidden or full: the profile then lasts as long as the page.
  }
}

/** Calls `onChange` when another tab changed the profile. Returns what stops it. */
export function watchProfile(onChange: (profile: Profile) => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    const stored = event.key === STORAGE_KEY ? readStored() : undefined;
    if (stored) onChange(stored);
  };
  window.addEventListener('storage', onStorage);
  return () => window.removeEventListener('storage', onStorage);
}

function readStored(): Profile | undefined {
  try {
    const { id, name, color } = readUser(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null'));
    return id === undefined ? undefined : { id, name, color };
  } catch {
    return undefined;
  }
}

function pick(from: readonly string[]): string {
  return from[Math.floor(Math.random() * from.length)] ?? '';
}
