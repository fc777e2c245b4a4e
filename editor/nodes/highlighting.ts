import type { Node as DocumentNode } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { createLowlight } from 'lowlight';
import { changedRange, drawBlocks, type Range, wholeRange } from '../block-decorations.ts';
import { token } from '../schema/attributes.ts';
import { languageNamed } from './code-languages.ts';

/** Longer code is shown as it is: it would be parsed anew with each key. */
const MAX_LENGTH = 20_000;

type Lowlight = ReturnType<typeof createLowlight>;

/** A part of some code, from its start, that is shown in its own way. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

interface Block {
  readonly node: DocumentNode;
  readonly at: number;
}

interface Shown {
  readonly decorations: DecorationSet;
  /** Whether there was any code in a language. */
  readonly hasCode: boolean;
}

const NOTHING: Shown = { decorations: DecorationSet.empty, hasCode: false };

const key = new PluginKey<Shown>('highlighting');

/** Colours the code in code blocks. What knows about languages is loaded with the first block that is in one. */
export function highlighting(): Plugin {
  let lowlight: Lowlight | undefined;
  let isAsked = false;
  // A block that did not change is the same node.
  const known = new WeakMap<DocumentNode, readonly Part[]>();

  const partsOf = (node: DocumentNode): readonly Part[] => {
    const parts = known.get(node) ?? (lowlight && highlight(lowlight, node)) ?? [];
    if (lowlight) known.set(node, parts);
    return parts;
  };
  const draw = (shown: Shown, doc: DocumentNode, range: Range): Shown => {
    let { hasCode } = shown;
    const decorations = drawBlocks(shown.decorations, doc, range, (top, start) =>
      codeIn(top, start).flatMap(({ node, at }) => {
        hasCode = true;
        return partsOf(node).map(({ from, to, className }) =>
          Decoration.inline(at + 1 + from, at + 1 + to, { class: className }),
        );
      }),
    );
    return { decorations, hasCode };
  };
  const load = (view: EditorView): void => {
    if (isAsked || !key.getState(view.state)?.hasCode) return;
    isAsked = true;
    import('../parts/highlighting.ts')
      .then(({ common, createLowlight }) => {
        lowlight = createLowlight(common);
        if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, true));
      })
      .catch((error: unknown) => console.warn('Code cannot be highlighted.', error));
  };

  return new Plugin<Shown>({
    key,
    state: {
      init: (_, { doc }) => draw(NOTHING, doc, wholeRange(doc)),
      apply(tr, shown) {
        const { doc } = tr;
        if (tr.getMeta(key) === true) return draw(NOTHING, doc, wholeRange(doc));
        if (!tr.docChanged) return shown;
        return draw({ ...shown, decorations: shown.decorations.map(tr.mapping, doc) }, doc, changedRange(tr));
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
    view(view) {
      load(view);
      return { update: load };
    },
  });
}

/** The code blocks in a block at the top of the document that say a language: that one itself, or those in it. */
function codeIn(top: DocumentNode, start: number): Block[] {
  const blocks: Block[] = [];
  const visit = (node: DocumentNode, at: number): void => {
    if (node.type.name === 'codeBlock' && token(node.attrs['language']) !== undefined) blocks.push({ node, at });
    if (node.inlineContent) return;
    node.forEach((child, offset) => {
      visit(child, at + 1 + offset);
    });
  };
  visit(top, start);
  return blocks;
}

function highlight(lowlight: Lowlight, node: DocumentNode): Part[] {
  const language = languageNamed(token(node.attrs['language']) ?? '');
  const code = node.textContent;
  if (code.length > MAX_LENGTH || !lowlight.registered(language)) return [];
  const parts: Part[] = [];
  let at = 0;
  const walk = (children: ReturnType<Lowlight['highlight']>['children'], className: string): void => {
    for (const child of children) {
      if (child.type === 'text') {
        const from = at;
        at += child.value.length;
        if (className !== '') parts.push({ from, to: at, className });
      } else if (child.type === 'element') {
        const names = child.properties['className'];
        walk(child.children as typeof children, Array.isArray(names) ? names.join(' ') : className);
      }
    }
  };
  walk(lowlight.highlight(language, code).children, '');
  return parts;
}
