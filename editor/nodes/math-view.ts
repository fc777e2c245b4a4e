import type { Editor } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { Selection } from '@tiptap/pm/state';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import type { Messages } from '../messages/index.ts';
import { MAX_LATEX } from '../schema/inline.ts';
import { drawFormula } from './formula.ts';
import { openFormula } from './formula-editor.ts';

const views = new WeakMap<globalThis.Node, MathView>();

/** The view of the formula at `position`. */
export function formulaAt(view: EditorView, position: number): MathView | undefined {
  const dom = view.nodeDOM(position);
  return dom ? views.get(dom) : undefined;
}

/** A formula; a click on it opens what it was written as. */
export class MathView implements NodeView {
  readonly dom: HTMLElement;
  readonly #shown = document.createElement('span');
  readonly #editor: Editor;
  readonly #place: () => number | undefined;
  readonly #messages: Messages;
  #node: DocumentNode;
  #close: (() => void) | undefined;

  constructor(node: DocumentNode, editor: Editor, place: () => number | undefined, messages: Messages) {
    this.#node = node;
    this.#editor = editor;
    this.#place = place;
    this.#messages = messages;
    this.dom = document.createElement(node.isInline ? 'span' : 'div');
    this.dom.dataset['type'] = node.isInline ? 'inline-math' : 'block-math';
    this.dom.append(this.#shown);
    this.dom.addEventListener('click', () => this.edit());
    views.set(this.dom, this);
    this.draw(this.latex);
  }

  get latex(): string {
    const { latex } = this.#node.attrs;
    return typeof latex === 'string' ? latex.slice(0, MAX_LATEX) : '';
  }

  /** Opens the box in which it is written; the formula follows what is typed. */
  edit(): void {
    if (!this.#editor.isEditable || this.#close) return;
    this.#close = openFormula({
      anchor: this.dom,
      messages: this.#messages,
      latex: this.latex,
      onInput: (latex) => this.draw(latex),
      onClose: (latex) => this.#onClose(latex),
    });
  }

  update(node: DocumentNode): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    if (!this.#close) this.draw(this.latex);
    return true;
  }

  selectNode(): void {
    this.dom.classList.add('ProseMirror-selectednode');
  }

  deselectNode(): void {
    this.dom.classList.remove('ProseMirror-selectednode');
  }

  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    const close = this.#close;
    this.#close = undefined;
    close?.();
  }

  draw(latex: string): void {
    this.#shown.title = '';
    this.dom.toggleAttribute('data-empty', latex.trim() === '');
    if (latex.trim() === '') {
      this.#shown.textContent = this.#messages.nodes.emptyFormula;
      return;
    }
    if (!this.#shown.hasChildNodes()) this.#shown.textContent = latex;
    this.dom.removeAttribute('data-error');
    drawFormula(this.#shown, latex, !this.#node.isInline).catch((error: unknown) => {
      this.dom.toggleAttribute('data-error', true);
      this.#shown.title = error instanceof Error ? error.message : String(error);
    });
  }

  /** `latex` is what it is to be; undefined: as it was. */
  #onClose(latex: string | undefined): void {
    if (!this.#close) return;
    this.#close = undefined;
    this.draw(this.latex);
    const { view } = this.#editor;
    const at = this.#place();
    if (at === undefined || !this.#editor.isEditable) return;
    const next = latex ?? this.latex;
    const { tr } = view.state;
    if (next.trim() === '') tr.delete(at, at + this.#node.nodeSize);
    else if (next !== this.latex) tr.setNodeAttribute(at, 'latex', next);
    // Behind it, to go on writing.
    const behind = tr.mapping.map(at + this.#node.nodeSize);
    view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(behind))).scrollIntoView());
    view.focus();
  }
}
