import { createPopup } from '../menus/popup.ts';
import type { Messages } from '../messages/index.ts';
import { MAX_LATEX } from '../schema/inline.ts';

interface FormulaOptions {
  readonly anchor: HTMLElement;
  readonly messages: Messages;
  readonly latex: string;
  onInput(latex: string): void;
  /** Called once; undefined: leave it as it was. */
  onClose(latex: string | undefined): void;
}

/** A box below a formula in which it is written. Enter or a click elsewhere keep it, Escape does not. Returns what closes it. */
export function openFormula({ anchor, messages, latex, onInput, onClose }: FormulaOptions): () => void {
  const parent = anchor.closest<HTMLElement>('.scriptorium') ?? document.body;
  const popup = createPopup(parent, { className: 'scriptorium-formula', placement: 'bottom-start' });
  const field = document.createElement('textarea');
  field.value = latex;
  field.maxLength = MAX_LATEX;
  field.rows = Math.min(6, latex.split('\n').length + 1);
  field.spellcheck = false;
  field.dir = 'ltr';
  field.ariaLabel = messages.nodes.formula;
  field.placeholder = messages.nodes.formulaExample;
  const hint = document.createElement('p');
  hint.textContent = messages.nodes.formulaHint;
  popup.element.append(field, hint);

  let isOpen = true;
  const close = (kept: string | undefined): void => {
    if (!isOpen) return;
    isOpen = false;
    popup.destroy();
    onClose(kept);
  };
  field.addEventListener('input', () => onInput(field.value));
  field.addEventListener('blur', () => close(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') close(undefined);
    else if (event.key === 'Enter' && !event.shiftKey) close(field.value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  popup.show(anchor);
  field.focus();
  field.select();
  return () => close(undefined);
}
