import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { DecorationSet, type EditorView } from '@tiptap/pm/view';

/** What a tool is asked for at each transaction. */
export interface DrawingContext {
  readonly transaction: Transaction;
  /** What the transaction led to. */
  readonly state: EditorState;
  /** What the tool showed before, with the places of then. */
  readonly drawn: DecorationSet;
  /** Whether the tool itself asked to be drawn again. */
  readonly isAsked: boolean;
}

/** What a tool shows over the text. */
export type Drawing = (context: DrawingContext) => DecorationSet;

/**
 * A place for the decorations of a tool that is loaded later. The place is there from the start: a plugin that came late
 * would make all plugin views anew, and with them the binding to Yjs and the undo manager.
 */
export interface DrawingSlot {
  readonly plugin: Plugin;
  /** Draws by this from now on; undefined ends it. */
  use(view: EditorView, drawing: Drawing | undefined): void;
  /** Draws again, though nothing in the document changed. */
  redraw(view: EditorView): void;
}

/** A slot of this name, which is part of its plugin's key. */
export function drawingSlot(name: string): DrawingSlot {
  const key = new PluginKey<DecorationSet>(name);
  let drawing: Drawing | undefined;
  const redraw = (view: EditorView): void => view.dispatch(view.state.tr.setMeta(key, true));
  return {
    plugin: new Plugin<DecorationSet>({
      key,
      state: {
        init: () => DecorationSet.empty,
        apply: (transaction, drawn, _, state) =>
          drawing?.({ transaction, state, drawn, isAsked: transaction.getMeta(key) === true }) ?? DecorationSet.empty,
      },
      props: { decorations: (state) => key.getState(state) },
    }),
    use(view, next) {
      drawing = next;
      redraw(view);
    },
    redraw,
  };
}
