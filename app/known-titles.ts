/** What this device knows of a document's title. */
export interface KnownTitle {
  /** As the server has it. */
  readonly title: string;
  /** As it was changed here, while the server does not have that yet. */
  readonly draft?: string | undefined;
}

const PREFIX = 'scriptorium.title ';

/** The title of a document that was open on this device. */
export function readTitle(document: string): KnownTitle | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + document) ?? 'null');
    if (typeof value !== 'object' || value === null) return undefined;
    const { title, draft } = value as Record<string, unknown>;
    return {
      title: typeof title === 'string' ? title : '',
      draft: typeof draft === 'string' ? draft : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Remembers a title. False where storage is forbidden or full. */
export function keepTitle(document: string, known: KnownTitle): boolean {
  try {
    localStorage.setItem(PREFIX + document, JSON.stringify(known));
    return true;
  } catch {
    return false;
  }
}

export function forgetTitle(document: string): void {
  try {
    localStorage.removeItem(PREFIX + document);
  } catch {
    // Then there is none.
  }
}

/** The documents of which a changed title was left behind. */
export function documentsWithDraft(): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length))
      .filter((document) => readTitle(document)?.draft !== undefined);
  } catch {
    return [];
  }
}
