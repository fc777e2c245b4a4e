import type { Editor } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import type { Messages } from '../messages/index.ts';
import { token } from '../schema/attributes.ts';
import { CODE_LANGUAGES, languageNamed } from './code-languages.ts';
import { CopyButton } from './copy-button.ts';
import { DrawnView } from './drawn-view.ts';
import { setAttribute } from './set-attribute.ts';

/** Code, with the language that it is in, and a button that copies it. */
export class CodeBlockView extends DrawnView {
  override readonly dom = document.createElement('div');
  override readonly contentDOM = document.createElement('code');
  readonly #tools = document.createElement('div');
  readonly #picker = document.createElement('select');
  readonly #copy: CopyButton;

  constructor(node: DocumentNode, editor: Editor, place: () => number | undefined, messages: Messages) {
    super(node);
    this.dom.className = 'scriptorium-code';
    const pre = document.createElement('pre');
    pre.append(this.contentDOM);
    this.#picker.className = 'scriptorium-code-language';
    this.#picker.ariaLabel = messages.nodes.codeLanguage;
    this.#picker.append(new Option(messages.nodes.plainText, ''));
    // A document may have a hundred of these, and few are ever opened.
    for (const event of ['focus', 'pointerdown'])
      this.#picker.addEventListener(event, () => this.#fill(), { once: true });
    this.#copy = new CopyButton(() => this.node.textContent, messages);
    this.#tools.className = 'scriptorium-code-tools';
    this.#tools.contentEditable = 'false';
    this.#tools.append(this.#copy.status, this.#picker, this.#copy.button);
    this.dom.append(this.#tools, pre);
    this.#picker.addEventListener('change', () => {
      const { value } = this.#picker;
      if (!editor.isEditable || !setAttribute(editor, place(), 'language', value || null)) this.draw();
      else editor.commands.focus();
    });
    this.#picker.addEventListener('mousedown', (event) => {
      if (!editor.isEditable) event.preventDefault();
    });
    this.draw();
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof Node && this.#tools.contains(event.target);
  }

  destroy(): void {
    this.#copy.destroy();
  }

  protected override draw(): void {
    const language = languageNamed(token(this.node.attrs['language']) ?? '');
    const label = CODE_LANGUAGES.find(([name]) => name === language)?.[1] ?? language;
    if (!this.#has(language)) this.#picker.append(new Option(label, language));
    if (this.#picker.value !== language) this.#picker.value = language;
  }

  #fill(): void {
    for (const [name, label] of CODE_LANGUAGES) if (!this.#has(name)) this.#picker.append(new Option(label, name));
  }

  #has(language: string): boolean {
    return [...this.#picker.options].some(({ value }) => value === language);
  }
}
