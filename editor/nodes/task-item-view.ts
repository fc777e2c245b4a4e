import type { Editor } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import type { Messages } from '../messages/index.ts';
import { DrawnView } from './drawn-view.ts';
import { setAttribute } from './set-attribute.ts';

/** A task, with a box to tick. */
export class TaskItemView extends DrawnView {
  override readonly dom = document.createElement('li');
  override readonly contentDOM = document.createElement('div');
  readonly #box = document.createElement('input');
  readonly #messages: Messages;

  constructor(node: DocumentNode, editor: Editor, place: () => number | undefined, messages: Messages) {
    super(node);
    this.#messages = messages;
    this.dom.dataset['type'] = 'taskItem';
    const label = document.createElement('label');
    label.contentEditable = 'false';
    this.#box.type = 'checkbox';
    label.append(this.#box);
    this.dom.append(label, this.contentDOM);
    // The caret, and on a phone the keyboard, stays where it is.
    label.addEventListener('mousedown', (event) => event.preventDefault());
    this.#box.addEventListener('change', () => {
      if (!editor.isEditable || !setAttribute(editor, place(), 'checked', this.#box.checked)) this.draw();
    });
    this.draw();
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#box;
  }

  protected override draw(): void {
    const checked = this.node.attrs['checked'] === true;
    this.#box.checked = checked;
    this.dom.dataset['checked'] = String(checked);
    this.#box.ariaLabel = this.#messages.nodes.taskDone({
      text: this.node.firstChild?.textContent.slice(0, 80) ?? '',
    });
  }
}
