import { Extension } from '@tiptap/core';
import { Fragment, type Node } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { readUndoManager } from '../undo-manager.ts';
import { type Binding, resolvePosition } from './cursor.ts';
import { findRewritten, type RewrittenBlock } from './lost-letters.ts';

/** A block that was written anew, as it was in my editor, with where in it I was. */
interface Rescue extends RewrittenBlock {
  readonly node: Node;
  readonly anchor: number | undefined;
  readonly head: number | undefined;
}

/**
 * Puts what I typed in a block while somebody moved it into the block that they wrote in its place. `shared` is the
 * document that `copy`, which the editor is bound to, follows.
 *
 * Yjs has no move. What I typed before the deletion arrived went with the old block, and whoever moved it could not know of
 * it. I know: the letters are mine, and only I put them back, so nobody else does it a second time. It is an edit of mine
 * like any other, to undo, and there is none where I may not write.
 */
export function rescue(shared: Y.Doc, copy: Y.Doc, isWritable: () => boolean): Extension {
  return Extension.create({
    name: 'rescue',
    addProseMirrorPlugins() {
      return [new Plugin({ key: new PluginKey('rescue'), view: (view) => watch(view, shared, copy, isWritable) })];
    },
  });
}

function watch(view: EditorView, shared: Y.Doc, copy: Y.Doc, isWritable: () => boolean) {
  /** Letters of mine that somebody deleted where the block stayed: those are not to come back. */
  const unwanted = new Set<number>();
  let rescues: Rescue[] = [];

  const onShared = (transaction: Y.Transaction): void => {
    if (transaction.deleteSet.clients.has(copy.clientID)) noteUnwanted(transaction, copy.clientID, unwanted);
  };
  const onArrived = (transaction: Y.Transaction): void => {
    if (transaction.local) return;
    const { binding } = ySyncPluginKey.getState(view.state) as { binding: Binding };
    // Before the binding draws it and Yjs forgets it.
    for (const block of findRewritten(transaction, copy.clientID, (clock) => unwanted.has(clock))) {
      const node = binding.mapping.get(block.element);
      if (!isTextblock(node) || node.content.size !== block.units.filter(({ wasThere }) => wasThere).length) continue;
      const { $anchor, $head } = view.state.selection;
      const within = ($place: typeof $head) => ($place.parent === node ? $place.parentOffset : undefined);
      rescues.push({ ...block, node, anchor: within($anchor), head: within($head) });
    }
    unwanted.clear();
  };
  const onDrawn = (): void => {
    if (rescues.length === 0) return;
    const due = rescues;
    rescues = [];
    if (!isWritable()) return;
    const transaction = view.state.tr;
    for (const each of due) putBack(transaction, view.state, each);
    if (!transaction.docChanged) return;
    const undoManager = readUndoManager(view.state);
    undoManager?.stopCapturing();
    view.dispatch(transaction);
    undoManager?.stopCapturing();
  };
  shared.on('afterTransaction', onShared);
  copy.on('beforeObserverCalls', onArrived);
  copy.on('afterAllTransactions', onDrawn);
  return {
    destroy() {
      shared.off('afterTransaction', onShared);
      copy.off('beforeObserverCalls', onArrived);
      copy.off('afterAllTransactions', onDrawn);
    },
  };
}

function isTextblock(node: Node | Node[] | undefined): node is Node {
  return node !== undefined && !Array.isArray(node) && node.isTextblock;
}

function noteUnwanted(transaction: Y.Transaction, me: number, unwanted: Set<number>): void {
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    if (!(struct instanceof Y.Item) || struct.id.client !== me || isInDeleted(struct)) return;
    for (let i = 0; i < struct.length; i++) unwanted.add(struct.id.clock + i);
  });
}

function isInDeleted({ parent }: Y.Item): boolean {
  return parent instanceof Y.AbstractType && parent._item?.deleted === true;
}

/** Letters as they can be in a block: in one of code they have no marks. */
function fitting(content: Fragment, { type }: Node): Fragment {
  const nodes: Node[] = [];
  content.forEach((node) => void nodes.push(node.mark(type.allowedMarks(node.marks))));
  return Fragment.fromArray(nodes);
}

/** Adds to a transaction what a copy lacks, and puts my caret where it was. */
function putBack(
  transaction: Transaction,
  state: EditorState,
  { node, copy, units, fates, anchor, head }: Rescue,
): void {
  const { binding } = ySyncPluginKey.getState(state) as { binding: Binding };
  const start = resolvePosition(binding, Y.createRelativePositionFromTypeIndex(copy, 0));
  if (start === undefined || start > state.doc.content.size) return;
  const { parent } = state.doc.resolve(start);
  if (!parent.isTextblock || parent.content.size !== fates.filter((fate) => fate === 'copied').length) return;
  const from = transaction.mapping.map(start);
  // How far it is in the old block and in the new one, and since where letters are missing.
  let old = 0;
  let at = from;
  let since: number | undefined;
  const places = new Map<number, number>();
  const insert = (): void => {
    const content = since === undefined ? Fragment.empty : fitting(node.content.cut(since, old), parent);
    if (content.size > 0) transaction.insert(at - content.size, content);
    since = undefined;
  };
  for (const [i, { wasThere }] of units.entries()) {
    if (!places.has(old)) places.set(old, at);
    if (fates[i] === 'missing') since ??= old;
    else insert();
    if (fates[i] !== 'gone') at++;
    if (wasThere) old++;
  }
  insert();
  if (!places.has(old)) places.set(old, at);
  if (anchor === undefined && head === undefined) return;
  const { selection, doc } = transaction;
  const placeOf = (offset: number | undefined, mapped: number): number =>
    (offset === undefined ? undefined : places.get(offset)) ?? mapped;
  transaction.setSelection(
    TextSelection.between(doc.resolve(placeOf(anchor, selection.anchor)), doc.resolve(placeOf(head, selection.head))),
  );
}
