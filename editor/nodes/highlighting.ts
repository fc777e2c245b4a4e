import type { Node as DocumentNode } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { createLowlight } from 'lowlight';
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

const key = new PluginKey<DecorationSet>('highlighting');

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
  const draw = (doc: DocumentNode): DecorationSet => {
    const decorations = blocksOf(doc).flatMap(({ node, at }) =>
      partsOf(node).map(({ from, to, className }) =>
        Decoration.inline(at + 1 + from, at + 1 + to, { class: className }),
      ),
    );
    return decorations.length === 0 ? DecorationSet.empty : DecorationSet.create(doc, decorations);
  };
  const load = (view: EditorView): void => {
    if (isAsked || blocksOf(view.state.doc).length === 0) return;
    isAsked = true;
    import('../parts/highlighting.ts')
      .then(({ common, createLowlight }) => {
        lowlight = createLowlight(common);
        if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, true));
      })
      .catch((error: unknown) => console.warn('Code cannot be highlighted.', error));
  };

  return new Plugin<DecorationSet>({
    key,
    state: {
      init: (_, { doc }) => draw(doc),
      apply: (tr, shown) => (tr.docChanged || tr.getMeta(key) === true ? draw(tr.doc) : shown),
    },
    props: { decorations: (state) => key.getState(state) },
    view(view) {
      load(view);
      return { update: (view, before) => view.state.doc !== before.doc && load(view) };
    },
  });
}

/** The code blocks that say a language. */
function blocksOf(doc: DocumentNode): Block[] {
  const blocks: Block[] = [];
  doc.descendants((node, at) => {
    if (node.type.name === 'codeBlock' && token(node.attrs['language']) !== undefined) blocks.push({ node, at });
    return !node.inlineContent;
  });
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
