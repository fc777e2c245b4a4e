/** How long typing must pause before a title is sent, and how long until a failed attempt is repeated. */
const PAUSE_MS = 400;
const RETRY_MS = 3000;

/** A document's title while it is being edited: what the person sees, and what the server has. */
export interface TitleDraft {
  /** What to show. */
  readonly value: string;
  /** What the server has, as far as is known here. */
  readonly stored: string;
  /** Whether what is shown is not on the server yet. */
  readonly pending: boolean;
  /** The person typed. */
  edit(title: string): void;
  /** Somebody else changed it. Shown unless the person has typed something since. */
  receive(title: string): void;
  /** Sends what is pending now. */
  flush(): void;
  destroy(): void;
}

/**
 * Sends a title in pauses of typing, one request at a time and always the newest; repeats until it is taken.
 * @param initial what the server has, and what an earlier visit left unsent
 * @param save stores the title; rejects when it could not
 */
export function createTitleDraft(
  initial: { readonly title: string; readonly draft?: string | undefined },
  save: (title: string) => Promise<unknown>,
  onChange: () => void,
): TitleDraft {
  let stored = initial.title;
  let { draft } = initial;
  let inFlight = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(flush, delayMs);
  };
  const flush = (): void => {
    clearTimeout(timer);
    if (draft === undefined || inFlight) return;
    inFlight = true;
    const sent = draft;
    save(sent).then(
      () => settle(sent, true),
      () => settle(sent, false),
    );
  };
  const settle = (sent: string, taken: boolean): void => {
    inFlight = false;
    if (taken) {
      stored = sent;
      if (draft === sent) draft = undefined;
    }
    if (draft !== undefined) schedule(taken ? 0 : RETRY_MS);
    onChange();
  };

  return {
    get value() {
      return draft ?? stored;
    },
    get stored() {
      return stored;
    },
    get pending() {
      return draft !== undefined;
    },
    edit(title) {
      draft = title;
      schedule(PAUSE_MS);
      onChange();
    },
    receive(title) {
      stored = title;
      onChange();
    },
    flush,
    destroy() {
      clearTimeout(timer);
    },
  };
}
