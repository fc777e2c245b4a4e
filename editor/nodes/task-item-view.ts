import type { Editor } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import type { NodeView, ViewMutationRecord } from '@tiptap/pm/view';
import type { Messages } from '../messages/index.ts';
import { setAttribute } from './set-attribute.ts';

/** A task, with a box to tick. */
export class TaskItemView implements NodeView {
  readonly dom = document.createElement('li');
  readonly contentDOM = document.createElement('div');
  readonly #box = document.createElement('input');
  readonly #messages: Messages;
  #node: DocumentNode;

  constructor(node: DocumentNode, editor: Editor, place: () => number | undefined, messages: Messages) {
    this.#node = node;
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
      if (!editor.isEditable || !setAttribute(editor, place(), 'checked', this.#box.checked)) this.#draw();
    });
    this.#draw();
  }

  update(node: DocumentNode): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#draw();
    return true;
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#box;
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  #draw(): void {
    const checked = this.#node.attrs['checked'] === true;
    this.#box.checked = checked;
    this.dom.dataset['checked'] = String(checked);
    this.#box.ariaLabel = this.#messages.nodes.taskDone({
      text: this.#node.firstChild?.textContent.slice(0, 80) ?? '',
    });
  }
}
