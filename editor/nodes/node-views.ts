import type { NodeViewConstructor } from '@tiptap/pm/view';
import type { NodesContext } from './attach.ts';
import { CalloutView } from './callout-view.ts';
import { CodeBlockView } from './code-block-view.ts';
import { DetailsView } from './details-view.ts';
import type { NodeViews } from './late-views.ts';
import { MathView } from './math-view.ts';
import { TableView } from './table-view.ts';
import { TaskItemView } from './task-item-view.ts';

/** How a node view knows where it is, and whom to tell. */
export type Place = Parameters<NodeViewConstructor>[2];

/** What draws the nodes that are more than their HTML. */
export function nodeViews({ editor, messages }: NodesContext): NodeViews {
  return {
    callout: (node, _, place) => new CalloutView(node, editor, place, messages),
    codeBlock: (node, _, place) => new CodeBlockView(node, editor, place, messages),
    details: (node) => new DetailsView(node, editor, messages),
    inlineMath: (node, _, place) => new MathView(node, editor, place, messages),
    blockMath: (node, _, place) => new MathView(node, editor, place, messages),
    table: (node) => new TableView(node),
    taskItem: (node, _, place) => new TaskItemView(node, editor, place, messages),
  };
}
