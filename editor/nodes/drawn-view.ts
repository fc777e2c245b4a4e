import type { Node as DocumentNode } from '@tiptap/pm/model';
import type { NodeView, ViewMutationRecord } from '@tiptap/pm/view';

/** A node whose content ProseMirror shows, and around it what is drawn here of its attributes. */
export abstract class DrawnView implements NodeView {
  abstract readonly dom: HTMLElement;
  abstract readonly contentDOM: HTMLElement;
  protected node: DocumentNode;

  constructor(node: DocumentNode) {
    this.node = node;
  }

  update(node: DocumentNode): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  /** What is drawn is not what somebody wrote. */
  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target);
  }

  /** Brings what is shown in line with the attributes. */
  protected abstract draw(): void;
}
