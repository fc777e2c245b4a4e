/** What this device remembers of documents beside their content: stars, and when they were opened. */
interface Marks {
  readonly starred: readonly string[];
  readonly opened: Readonly<Record<string, number>>;
}

const STORAGE_KEY = 'scriptorium.marks';
/** Of so many it is remembered when they were opened. */
const MAX_OPENED = 100;

const listeners = new Set<() => void>();
let marks = readStored();

export function starredDocuments(): ReadonlySet<string> {
  return new Set(marks.starred);
}

/** When documents were opened on this device, epoch ms. */
export function openedDocuments(): ReadonlyMap<string, number> {
  return new Map(Object.entries(marks.opened));
}

export function setStar(document: string, isStarred: boolean): void {
  const others = marks.starred.filter((other) => other !== document);
  keep({ ...marks, starred: isStarred ? [...others, document] : others });
}

export function rememberOpened(document: string, at: number): void {
  const newest = Object.entries({ ...marks.opened, [document]: at })
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_OPENED);
  keep({ ...marks, opened: Object.fromEntries(newest) });
}

/** A document that is gone has neither. */
export function forgetMarks(document: string): void {
  const { [document]: _, ...opened } = marks.opened;
  keep({ starred: marks.starred.filter((other) => other !== document), opened });
}

/** Calls `listener` after each change, also of another tab. Returns what stops it. */
export function watchMarks(listener: () => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key !== STORAGE_KEY) return;
    marks = readStored();
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

function keep(next: Marks): void {
  marks = next;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(marks));
  } catch {
    // Forbidden or full: they then last as long as the page.
  }
  for (const listener of listeners) listener();
}

function readStored(): Marks {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
    const { starred, opened } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    return {
      starred: Array.isArray(starred) ? starred.filter((name) => typeof name === 'string') : [],
      opened: Object.fromEntries(Object.entries(opened ?? {}).filter(([, at]) => typeof at === 'number')),
    };
  } catch {
    return { starred: [], opened: {} };
  }
}
