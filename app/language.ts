import { type EditorLanguage, languages as editorLanguages } from '../editor/index.ts';
import { languages, type Messages, type PageTexts } from './messages/index.ts';

/** The language of the page, and of the editor in it. */
export interface PageLanguage extends PageTexts {
  readonly editor: EditorLanguage['messages'];
}

const STORAGE_KEY = 'scriptorium.language';
const listeners = new Set<() => void>();
let current: PageLanguage | undefined;

/** What the page says. Not before {@link loadLanguage} is done. */
export function messages(): Messages {
  return language().messages;
}

/** The language that the page is in. Not before {@link loadLanguage} is done. */
export function language(): PageLanguage {
  if (!current) throw new TypeError('The language has not been loaded.');
  return current;
}

/** Loads the language that was chosen on this device, else the first of the browser's that there is. */
export async function loadLanguage(): Promise<void> {
  await speak(readChoice() ?? preferred(navigator.languages));
}

/** Changes to another language and remembers it on this device. */
export async function chooseLanguage(tag: string): Promise<void> {
  try {
    localStorage.setItem(STORAGE_KEY, tag);
  } catch {
    // Forbidden or full: it then lasts as long as the page.
  }
  await speak(tag);
  for (const listener of listeners) listener();
}

/** Calls `listener` after each change of language. Returns what stops it. */
export function watchLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The first of the tags that the page speaks, in the form that was asked for, such as `de-AT`. */
export function preferred(tags: readonly string[]): string {
  return tags.find((tag) => languages.tags.includes(primaryTag(tag))) ?? 'en';
}

/** The language for a BCP 47 tag, with what it has. */
export async function findLanguage(tag: string): Promise<PageLanguage> {
  const [page, editor] = await Promise.all([languages.find(tag), editorLanguages.find(tag)]);
  return { ...page, editor: editor.messages };
}

async function speak(tag: string): Promise<void> {
  current = await findLanguage(tag);
  document.documentElement.lang = current.locale;
  document.documentElement.dir = current.direction;
}

function readChoice(): string | undefined {
  try {
    const tag = localStorage.getItem(STORAGE_KEY);
    return tag !== null && languages.tags.includes(primaryTag(tag)) ? tag : undefined;
  } catch {
    return undefined;
  }
}

function primaryTag(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}
