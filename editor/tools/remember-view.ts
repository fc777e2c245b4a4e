import { STORAGE_KEY, type StoredView, storedView, type ViewMode } from './view-modes.ts';

/** Of how many documents it is remembered that they are only read. */
const MAX_READING = 100;

/** Keeps on this device which modes are on; `name` is that of the document. */
export function rememberView(modes: ReadonlySet<ViewMode>, name: string | undefined): void {
  const others = storedView().reading.filter((document) => document !== name);
  const reading = name !== undefined && modes.has('reading') ? [...others, name] : others;
  const stored: StoredView = {
    modes: [...modes].filter((mode) => mode !== 'reading'),
    reading: reading.slice(-MAX_READING),
  };
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(stored));
  } catch {
    // Then it holds for as long as the page is open.
  }
}
