import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';

/** How somebody looks at the document. It is theirs alone, and stays so on this device. */
export const VIEW_MODES = [
  /** All but the block that is written in fades. */
  'focus',
  /** The text is as wide as there is room. */
  'wide',
  /** The headings are shown beside the text. */
  'outline',
  /** Words and characters are counted. */
  'counts',
  /** Nothing can be changed by accident. Of one document; the others are of all. */
  'reading',
] as const;

export type ViewMode = (typeof VIEW_MODES)[number];

/** The name in the storage of this device. */
export const STORAGE_KEY = 'scriptorium.view';

/** What is kept on a device. */
export interface StoredView {
  readonly modes: readonly string[];
  /** Names of documents that are only read here, the latest last. */
  readonly reading: readonly string[];
}

const KEY = new PluginKey<ReadonlySet<ViewMode>>('viewModes');

/** The modes that are on. */
export function viewModesIn(state: EditorState): ReadonlySet<ViewMode> {
  return KEY.getState(state) ?? new Set();
}

/** Has `transaction` switch a mode on or off. */
export function switchMode(transaction: Transaction, mode: ViewMode, on: boolean): Transaction {
  return transaction.setMeta(KEY, { mode, on });
}

/**
 * The modes of an editor: those that this device remembers, and what was switched since.
 * @param name of the document, to know whether it is only read; undefined: that is not remembered
 * @param onChange called after each change
 */
export function viewModes(name: string | undefined, onChange: () => void): Plugin {
  return new Plugin<ReadonlySet<ViewMode>>({
    key: KEY,
    state: {
      init() {
        const { modes, reading } = storedView();
        return new Set(
          VIEW_MODES.filter((mode) => modes.includes(mode) || (mode === 'reading' && reading.includes(name ?? ''))),
        );
      },
      apply(transaction, modes) {
        const change = transaction.getMeta(KEY) as { mode: ViewMode; on: boolean } | undefined;
        if (change === undefined) return modes;
        return new Set(VIEW_MODES.filter((mode) => (mode === change.mode ? change.on : modes.has(mode))));
      },
    },
    view: () => ({
      update({ state }, before) {
        if (viewModesIn(state) !== viewModesIn(before)) onChange();
      },
    }),
  });
}

/** What this device remembers; nothing where it keeps nothing. */
export function storedView(): StoredView {
  let value: Partial<StoredView> | null = null;
  try {
    value = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
  } catch {
    // It is as if nothing had been switched.
  }
  return { modes: value?.modes ?? [], reading: value?.reading ?? [] };
}
