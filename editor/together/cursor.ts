import type { EditorState } from '@tiptap/pm/state';
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

/** Where somebody is: positions in the document on the screen. `head` is the end that moves. */
export interface Caret {
  readonly anchor: number;
  readonly head: number;
}

/** y-tiptap's state, as far as positions need it. */
interface Sync {
  readonly type: Y.XmlFragment;
  readonly binding?: Binding;
}

/** y-tiptap's binding, as far as positions need it. */
export interface Binding {
  readonly doc: Y.Doc;
  readonly type: Y.XmlFragment;
  readonly mapping: Parameters<typeof absolutePositionToRelativePosition>[2];
}

/** The position in the document on the screen. Undefined when what it is in is not there yet, or not any more. */
export function resolvePosition({ doc, type, mapping }: Binding, position: Y.RelativePosition): number | undefined {
  const found = Y.createAbsolutePositionFromRelativePosition(position, doc);
  // y-tiptap gives a place for what is in a deleted block, too.
  for (let item = found?.type._item; item; item = (item.parent as Y.AbstractType<unknown>)._item) {
    if (item.deleted) return undefined;
  }
  const place = relativePositionToAbsolutePosition(doc, type, position, mapping);
  if (place !== null) return place;
  // y-tiptap takes the beginning of the text for a mistake.
  return found && found.index === 0 && isFirstText(found.type, type) ? 1 : undefined;
}

/** Whether it is the text that the first block begins with. */
function isFirstText(text: Y.AbstractType<unknown>, root: Y.XmlFragment): boolean {
  const block = text._item?.prev === null ? text._item.parent : null;
  return text instanceof Y.XmlText && block instanceof Y.XmlElement && block.parent === root && !block.prevSibling;
}

/**
 * Reads the `cursor` of an awareness state, which is whatever that client chose to send: two relative positions in Yjs'
 * JSON, as the editors of others have them too. Undefined when it is none, or what it points at is not here yet.
 */
export function readCursor(state: EditorState, cursor: unknown): Caret | undefined {
  const { binding } = ySyncPluginKey.getState(state) as Sync;
  if (!binding || typeof cursor !== 'object' || cursor === null) return undefined;
  const { anchor, head } = cursor as Record<string, unknown>;
  try {
    const [from, to] = [anchor, head].map((position) =>
      resolvePosition(binding, Y.createRelativePositionFromJSON(position)),
    );
    if (from === undefined || to === undefined) return undefined;
    const end = state.doc.content.size;
    return { anchor: Math.min(from, end), head: Math.min(to, end) };
  } catch {
    return undefined;
  }
}

/** Tells the others where the selection is, if that is news to them. */
export function tellCursor(state: EditorState, awareness: Awareness): void {
  const { type, binding } = ySyncPluginKey.getState(state) as Sync;
  if (!binding) return;
  const [anchor, head] = [state.selection.anchor, state.selection.head].map(
    (position): Y.RelativePosition => absolutePositionToRelativePosition(position, type, binding.mapping),
  );
  const cursor = JSON.stringify({ anchor, head });
  if (JSON.stringify(awareness.getLocalState()?.['cursor']) !== cursor) {
    awareness.setLocalStateField('cursor', JSON.parse(cursor));
  }
}
