import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { changedRange, drawBlocks, wholeRange } from '../block-decorations.ts';
import { perBlock } from './per-block.ts';

type Direction = 'ltr' | 'rtl';

/** Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;

/** What has something at the side where its lines begin: a point, a box, a bar, or its first column. */
const SIDED = new Set(['listItem', 'taskItem', 'blockquote', 'callout', 'details', 'table']);

interface Sided {
  /** From the place before its block. */
  readonly from: number;
  readonly to: number;
  readonly dir: Direction;
}

const against: Record<Direction, (block: Node) => readonly Sided[]> = {
  // Most blocks are paragraphs, and have no sides to look for.
  ltr: perBlock((block) => (!block.isTextblock && RIGHT_TO_LEFT.test(block.textContent) ? sidedIn(block, 'ltr') : [])),
  rtl: perBlock((block) => sidedIn(block, 'rtl')),
};

/**
 * Lists, quotes and the like are laid out in the direction of their text, whatever is around them. Lines of text need no
 * more than the style sheet for that. What says nothing, such as a new point of a list, is as what is around it.
 * @param root what tells, as its `dir`, the direction of all that says nothing
 */
export function textDirection(root: HTMLElement): Plugin {
  const key = new PluginKey<DecorationSet>('textDirection');
  const decorate = (block: Node, at: number): Decoration[] =>
    against[root.dir === 'rtl' ? 'rtl' : 'ltr'](block).map(({ from, to, dir }) =>
      Decoration.node(at + from, at + to, { dir }),
    );
  const drawAll = (doc: Node): DecorationSet => drawBlocks(DecorationSet.empty, doc, wholeRange(doc), decorate);
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: (_, { doc }) => drawAll(doc),
      apply(transaction, drawn) {
        const { doc } = transaction;
        if (transaction.getMeta(key)) return drawAll(doc);
        if (!transaction.docChanged) return drawn;
        return drawBlocks(drawn.map(transaction.mapping, doc), doc, changedRange(transaction), decorate);
      },
    },
    view(view) {
      const observer = new MutationObserver(() => view.dispatch(view.state.tr.setMeta(key, true)));
      observer.observe(root, { attributeFilter: ['dir'] });
      return { destroy: () => observer.disconnect() };
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

/** What in a block is not as what is around it. */
function sidedIn(block: Node, around: Direction): Sided[] {
  const sided: Sided[] = [];
  const visit = (node: Node, at: number, around: Direction): void => {
    if (node.isTextblock) return;
    const own = SIDED.has(node.type.name) ? directionOf(node.textContent) : undefined;
    if (own && own !== around) sided.push({ from: at, to: at + node.nodeSize, dir: own });
    node.forEach((child, offset) => {
      visit(child, at + 1 + offset, own ?? around);
    });
  };
  visit(block, 0, around);
  return sided;
}

/** That of its first letter, as for `dir="auto"`; undefined where there is none. */
function directionOf(text: string): Direction | undefined {
  const letter = LETTER.exec(text)?.[0];
  if (letter === undefined) return undefined;
  return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
}
