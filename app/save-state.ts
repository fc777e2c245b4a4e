/** What is known about where the changes of this page are. */
export interface SaveFacts {
  readonly status: 'connecting' | 'synced' | 'offline';
  /** Whether the server has acknowledged all of them. */
  readonly saved: boolean;
  /** How many it has not. */
  readonly unsavedChanges: number;
  /** Why the server did not take something, or wants nothing more of this page. */
  readonly refusal?: string | undefined;
  /** Whether one may read here and not write. */
  readonly isReader?: boolean;
}

/** In words, with what kind of news it is. */
export interface SaveState {
  readonly kind: 'connecting' | 'saving' | 'saved' | 'reading' | 'offline' | 'refused';
  readonly text: string;
}

/** The save state in words. "Saved" is a promise: it is said only when the server has acknowledged everything. */
export function describeSave({ status, saved, unsavedChanges, refusal, isReader }: SaveFacts): SaveState {
  const waiting = saved ? '' : `${unsavedChanges} ${unsavedChanges === 1 ? 'change' : 'changes'} not saved yet`;
  if (refusal !== undefined && !(saved && status === 'synced')) {
    return { kind: 'refused', text: saved ? `Disconnected: ${refusal}` : `Not saved: ${refusal}` };
  }
  switch (status) {
    case 'offline':
      return { kind: 'offline', text: saved ? 'Offline' : `Offline — ${waiting}` };
    case 'connecting':
      return { kind: 'connecting', text: saved ? 'Connecting…' : `Connecting… ${waiting}` };
    case 'synced':
      if (!saved) return { kind: 'saving', text: 'Saving…' };
      return isReader ? { kind: 'reading', text: 'Read only' } : { kind: 'saved', text: 'Saved' };
  }
}
