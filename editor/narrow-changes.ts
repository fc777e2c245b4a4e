import { Fragment, type Node } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { ProsemirrorBinding } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';
import { replaceWhatDiffers } from './drawn-step.ts';
import { relativeSelection } from './relative-selection.ts';

/** With more blocks that changed at once, it is as quick to look at all. */
const FEW = 20;

/** y-tiptap's binding. The selection that it restores after a change of somebody else is null where there is none to. */
interface Binding extends Omit<ProsemirrorBinding, 'beforeTransactionSelection'> {
  beforeTransactionSelection: ProsemirrorBinding['beforeTransactionSelection'] | null;
}

/** A block at the top of the document in which somebody else changed something. */
interface ChangedBlock {
  readonly type: Y.XmlElement;
  /** Its place in the editor. */
  readonly index: number;
}

/**
 * Has a change of somebody else replace what differs, and nothing around it. y-tiptap asks for all blocks and replaces the
 * whole document each time: whatever has a place in it loses that, and a long document is walked through again and again.
 */
export function narrowChanges(own: ProsemirrorBinding): void {
  const binding: Binding = own;
  const selections = relativeSelection(own);
  /** What is being drawn; undefined when it may be anything. */
  let changed: readonly ChangedBlock[] | undefined;

  binding.beforeAllTransactions = () => {
    // Not while it writes: then the editor is ahead of what is shared, and nothing is drawn.
    binding.mux(() => {
      if (binding.prosemirrorView)
        binding.beforeTransactionSelection ??= selections.read(binding.prosemirrorView.state);
    });
  };

  const observe = binding._observeFunction;
  binding._observeFunction = (events: unknown, transaction: Y.Transaction) => {
    const kept = binding.beforeTransactionSelection;
    binding.mux(() => {
      changed = changedBlocks(binding, transaction);
    });
    const few = changed;
    // It is asked for once, and others ask, too.
    if (few) {
      binding.type.toArray = () => {
        Reflect.deleteProperty(binding.type, 'toArray');
        return few.map(({ type }) => type);
      };
    }
    try {
      observe(events, transaction);
    } finally {
      changed = undefined;
      Reflect.deleteProperty(binding.type, 'toArray');
    }
    if (!kept || !binding.prosemirrorView) return;
    // The same change may draw once more.
    const { anchor, head } = binding.prosemirrorView.state.selection;
    binding.beforeTransactionSelection = { ...kept, absAnchor: anchor, absHead: head };
  };

  Object.defineProperty(binding, '_tr', {
    get(): Transaction {
      const transaction: Transaction = binding.prosemirrorView.state.tr.setMeta('addToHistory', false);
      transaction.replace = (_from, _to, slice) => {
        Reflect.deleteProperty(transaction, 'replace');
        const { doc, selection } = transaction;
        const drawn = changed ? changed.map(drawBlock(binding)) : [() => slice?.content ?? Fragment.empty];
        // Block by block: of two that change, those in between do not.
        const isTouched = drawn.map((draw) => replace(transaction, draw(transaction.doc.content))).includes(true);
        if (!isTouched) {
          selections.carry({ doc, selection }, transaction);
          // The step maps it, and it need not be looked up.
          binding.beforeTransactionSelection = null;
        }
        return transaction;
      };
      return transaction;
    },
  });
}

/** The few blocks in which something changed, if that is all: no block came, went or moved. */
function changedBlocks(
  { type: root, mapping, prosemirrorView }: Binding,
  { changed, changedParentTypes }: Y.Transaction,
) {
  if (!prosemirrorView || changed.has(root as never)) return undefined;
  const { children } = (prosemirrorView as EditorView).state.doc;
  const blocks: ChangedBlock[] = [];
  for (const type of changedParentTypes.keys()) {
    if (type.parent !== root) continue;
    const node = mapping.get(type) as Node | undefined;
    const index = node ? children.indexOf(node) : -1;
    // A block and its copy may be the same node.
    if (!node || index < 0 || children.includes(node, index + 1) || blocks.length === FEW) return undefined;
    blocks.push({ type: type as unknown as Y.XmlElement, index });
  }
  return blocks;
}

/** Gives content a block as it is now. One that nobody can show stays as it was: that it goes is the next change. */
function drawBlock({ mapping }: Binding) {
  return ({ type, index }: ChangedBlock) => {
    const node = mapping.get(type) as Node | undefined;
    return (content: Fragment): Fragment => (node ? content.replaceChild(index, node) : content);
  };
}

/** Gives the document this content. Returns whether what is selected is in a block that is another then. */
function replace(transaction: Transaction, content: Fragment): boolean {
  const { ranges } = transaction.selection;
  const touched = replaceWhatDiffers(transaction, content);
  return touched !== undefined && ranges.some(({ $from, $to }) => $to.pos >= touched.from && $from.pos <= touched.to);
}
