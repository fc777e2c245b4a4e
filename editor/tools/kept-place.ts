import type { EditorState, Transaction } from '@tiptap/pm/state';
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import type { RelativePosition } from 'yjs';

type Binding = {
  readonly doc: Parameters<typeof relativePositionToAbsolutePosition>[0];
  readonly type: Parameters<typeof relativePositionToAbsolutePosition>[1];
  readonly mapping: Parameters<typeof relativePositionToAbsolutePosition>[3];
};

/**
 * A place in the document that stays at its text while people write. A change of others may write blocks anew, for
 * ProseMirror, and its mapping knows nothing of what is in them; where the place is then is looked up in the Yjs document.
 */
export interface KeptPlace {
  readonly at: number;
  readonly relative: RelativePosition | undefined;
}

/** Keeps `at` by the character behind it. To be asked when the editor and its Yjs document agree: after a transaction, not in it. */
export function keepPlace(state: EditorState, at: number): KeptPlace {
  const binding = bindingOf(state);
  // Relative positions are those of the character before.
  return { at, relative: binding && absolutePositionToRelativePosition(at + 1, binding.type, binding.mapping) };
}

/** Where a place is after `transaction`, which changed the document in `state`. */
export function movePlace(place: KeptPlace, transaction: Transaction, state: EditorState): KeptPlace {
  const isOfOthers = (transaction.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin;
  const binding = isOfOthers ? bindingOf(state) : undefined;
  const behind =
    binding && place.relative
      ? relativePositionToAbsolutePosition(binding.doc, binding.type, place.relative, binding.mapping)
      : transaction.mapping.map(place.at) + 1;
  return { at: Math.min((behind ?? place.at + 1) - 1, transaction.doc.content.size), relative: place.relative };
}

function bindingOf(state: EditorState): Binding | undefined {
  return (ySyncPluginKey.getState(state) as { binding?: Binding } | undefined)?.binding;
}
