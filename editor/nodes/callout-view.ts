import type { Editor } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-static';
import type { Messages } from '../messages/index.ts';
import { CALLOUT_KINDS } from '../schema/blocks.ts';
import { DrawnView } from './drawn-view.ts';
import { setAttribute } from './set-attribute.ts';

type Kind = (typeof CALLOUT_KINDS)[number];

const ICONS: Readonly<Record<Kind, string>> = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
};

/** A box with an icon that says what kind it is; pressing the icon makes it the next kind. */
export class CalloutView extends DrawnView {
  override readonly dom = document.createElement('div');
  override readonly contentDOM = document.createElement('div');
  readonly #button = document.createElement('button');
  readonly #messages: Messages;

  constructor(node: DocumentNode, editor: Editor, place: () => number | undefined, messages: Messages) {
    super(node);
    this.#messages = messages;
    this.dom.dataset['type'] = 'callout';
    this.#button.type = 'button';
    this.#button.className = 'scriptorium-callout-icon';
    this.#button.contentEditable = 'false';
    this.dom.append(this.#button, this.contentDOM);
    this.#button.addEventListener('mousedown', (event) => event.preventDefault());
    this.#button.addEventListener('click', () => {
      const next = CALLOUT_KINDS[(CALLOUT_KINDS.indexOf(this.#kind) + 1) % CALLOUT_KINDS.length];
      if (editor.isEditable) setAttribute(editor, place(), 'kind', next);
    });
    this.draw();
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof Node && this.#button.contains(event.target);
  }

  get #kind(): Kind {
    return CALLOUT_KINDS.find((kind) => kind === this.node.attrs['kind']) ?? 'info';
  }

  protected override draw(): void {
    if (this.dom.dataset['kind'] === this.#kind) return;
    this.dom.dataset['kind'] = this.#kind;
    this.#button.innerHTML = ICONS[this.#kind];
    const { calloutKinds, calloutKind } = this.#messages.nodes;
    this.#button.ariaLabel = calloutKind({ kind: calloutKinds[this.#kind] });
    this.#button.title = this.#button.ariaLabel;
  }
}
