import type { Node as DocumentNode } from '@tiptap/pm/model';
import { updateColumnsOnResize } from '@tiptap/pm/tables';
import type { NodeView, ViewMutationRecord } from '@tiptap/pm/view';

/** Narrower than this a column holds no word, in pixels. */
export const MIN_COLUMN_PX = 48;

/** A table with the widths of its columns. One that is wider than the text scrolls by itself. */
export class TableView implements NodeView {
  readonly dom = document.createElement('div');
  readonly contentDOM = document.createElement('tbody');
  readonly #table = document.createElement('table');
  readonly #columns = document.createElement('colgroup');
  #node: DocumentNode;

  constructor(node: DocumentNode) {
    this.#node = node;
    this.dom.className = 'scriptorium-table';
    // Dragging a column finds the columns as the first child of the table.
    this.#table.append(this.#columns, this.contentDOM);
    this.dom.append(this.#table);
    this.#draw();
  }

  update(node: DocumentNode): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#draw();
    return true;
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  #draw(): void {
    updateColumnsOnResize(this.#node, this.#columns, this.#table, MIN_COLUMN_PX);
  }
}
