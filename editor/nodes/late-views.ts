import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { NodeViewConstructor } from '@tiptap/pm/view';

/** The nodes that are more than their HTML, once what draws them is loaded. */
const DRAWN_LATER = ['callout', 'codeBlock', 'details', 'inlineMath', 'blockMath', 'table', 'taskItem'] as const;

export type NodeViews = Readonly<Record<(typeof DRAWN_LATER)[number], NodeViewConstructor>>;

/**
 * The place of node views that are loaded later. With node views that it has not had before, ProseMirror draws the whole
 * document again, also where there is nothing that they would draw. Here they are known from the start.
 */
export class LateViews {
  #views: NodeViews | undefined;

  /** Draws what there will be of such nodes. False if there are some already: those have to be drawn again. */
  fill(views: NodeViews, doc: Node): boolean {
    if (hasAny(doc)) return false;
    this.#views = views;
    return true;
  }

  get extension(): Extension {
    const lateView =
      (name: keyof NodeViews): NodeViewConstructor =>
      // ProseMirror draws the HTML of the node for undefined, whatever its types say.
      (...node) =>
        this.#views?.[name](...node) as never;
    const nodeViews = Object.fromEntries(DRAWN_LATER.map((name) => [name, lateView(name)]));
    return Extension.create({
      name: 'lateViews',
      addProseMirrorPlugins: () => [new Plugin({ key: new PluginKey('lateViews'), props: { nodeViews } })],
    });
  }
}

function hasAny(doc: Node): boolean {
  const names: readonly string[] = DRAWN_LATER;
  let found = false;
  doc.descendants((node) => {
    found ||= names.includes(node.type.name);
    return !found;
  });
  return found;
}
