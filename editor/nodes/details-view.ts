import type { Editor } from '@tiptap/core';
import type { Node as DocumentNode, ResolvedPos } from '@tiptap/pm/model';
import type { EditorView, NodeView, ViewMutationRecord } from '@tiptap/pm/view';
import { ChevronRight } from 'lucide-static';
import type { Messages } from '../messages/index.ts';

const OPEN = 'data-open';
const views = new WeakMap<globalThis.Node, DetailsView>();

/** The view of the details at `position`. */
export function detailsAt(view: EditorView, position: number): DetailsView | undefined {
  const dom = view.nodeDOM(position);
  return dom ? views.get(dom) : undefined;
}

/** Opens all details that hide a position. */
export function openAround(view: EditorView, $position: ResolvedPos): void {
  for (let depth = $position.depth; depth > 0; depth--) {
    if ($position.node(depth).type.name !== 'detailsContent') continue;
    const details = detailsAt(view, $position.before(depth - 1));
    if (details && !details.isOpen) details.toggle(true);
  }
}

/** What can be folded up. Open or not is a matter of this page alone. */
export class DetailsView implements NodeView {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('div');
  readonly #button = document.createElement('button');
  readonly #messages: Messages;
  readonly #type: DocumentNode['type'];

  constructor(node: DocumentNode, editor: Editor, messages: Messages) {
    this.#type = node.type;
    this.#messages = messages;
    this.dom.dataset['type'] = 'details';
    this.#button.type = 'button';
    this.#button.className = 'scriptorium-details-toggle';
    this.#button.contentEditable = 'false';
    this.#button.innerHTML = ChevronRight;
    this.dom.append(this.#button, this.contentDOM);
    this.#button.addEventListener('mousedown', (event) => event.preventDefault());
    this.#button.addEventListener('click', () => this.toggle(!this.isOpen));
    views.set(this.dom, this);
    // What I make is open; what I find is closed.
    this.toggle(editor.isFocused && isAround(node, editor.view.state.selection.$from));
  }

  get isOpen(): boolean {
    return this.dom.hasAttribute(OPEN);
  }

  toggle(open: boolean): void {
    this.dom.toggleAttribute(OPEN, open);
    this.#button.ariaExpanded = String(open);
    this.#button.ariaLabel = open ? this.#messages.nodes.detailsClose : this.#messages.nodes.detailsOpen;
  }

  update(node: DocumentNode): boolean {
    return node.type === this.#type;
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof Node && this.#button.contains(event.target);
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return (
      mutation.type !== 'selection' && (this.dom === mutation.target || !this.contentDOM.contains(mutation.target))
    );
  }
}

function isAround(node: DocumentNode, $position: ResolvedPos): boolean {
  for (let depth = $position.depth; depth > 0; depth--) if ($position.node(depth) === node) return true;
  return false;
}
