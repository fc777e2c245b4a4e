import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { perBlock } from './per-block.ts';

/** Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

const hasRightToLeft = perBlock((block) => !block.isTextblock && RIGHT_TO_LEFT.test(block.textContent));

/**
 * Lists, quotes and tables are laid out in the direction of their text, whatever is around them. Lines of text need no
 * more than the style sheet for that.
 */
export function textDirection(): Plugin {
  const key = new PluginKey<DecorationSet>('textDirection');
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: (_, state) => directions(state),
      apply: (transaction, drawn, _, state) => (transaction.docChanged ? directions(state) : drawn),
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

function directions({ doc }: EditorState): DecorationSet {
  const found: Decoration[] = [];
  doc.forEach((block, at) => {
    if (hasRightToLeft(block)) found.push(Decoration.node(at, at + block.nodeSize, { dir: 'auto' }));
  });
  return found.length > 0 ? DecorationSet.create(doc, found) : DecorationSet.empty;
}
