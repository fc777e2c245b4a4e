import type { EditorState } from '@tiptap/pm/state';
import { getRelativeSelection, type ProsemirrorBinding } from '@tiptap/y-tiptap';

type Relative = ReturnType<typeof getRelativeSelection>;
type Place = Pick<EditorState, 'doc' | 'selection'>;

/** Where the selection is in the shared document. To find it, that is walked through from its beginning. */
export interface RelativeSelection {
  /** Looked up once for each document and selection. */
  read(state: EditorState): Relative;
  /** Says that `after` has the same letters selected as `before`, and that nothing around them changed. */
  carry(before: Place, after: Place): void;
}

const all = new WeakMap<ProsemirrorBinding, RelativeSelection>();

/** That of the editor that a binding is for. */
export function relativeSelection(binding: ProsemirrorBinding): RelativeSelection {
  const known = all.get(binding) ?? create(binding);
  all.set(binding, known);
  return known;
}

function create(binding: ProsemirrorBinding): RelativeSelection {
  let known: (Place & { readonly relative: Relative }) | undefined;
  const isKnown = ({ doc, selection }: Place): boolean => known?.doc === doc && known.selection.eq(selection);
  return {
    read(state) {
      const { doc, selection } = state;
      if (!known || !isKnown(state)) known = { doc, selection, relative: getRelativeSelection(binding, state) };
      return { ...known.relative, absAnchor: selection.anchor, absHead: selection.head };
    },
    carry(before, { doc, selection }) {
      known = known && isKnown(before) ? { doc, selection, relative: known.relative } : undefined;
    },
  };
}
