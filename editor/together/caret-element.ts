import { inkOn, readUser, shownColor } from '../user.ts';

/** An empty inline element with a bar and a name that take no room: see styles/carets.css. */
export function createCaret(client: number): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'scriptorium-caret';
  caret.dataset['client'] = String(client);
  // Read out in the middle of a sentence a name would be noise.
  caret.ariaHidden = 'true';
  const label = document.createElement('span');
  label.className = 'scriptorium-caret-label';
  caret.append(label);
  return caret;
}

/** Gives a caret the name and the colour of a user as awareness has it. */
export function paintCaret(caret: HTMLElement, value: unknown): void {
  const { name, color } = readUser(value);
  const shown = shownColor(color);
  caret.style.setProperty('--scriptorium-user-color', shown);
  caret.style.setProperty('--scriptorium-user-ink', inkOn(shown));
  const label = caret.firstElementChild;
  if (label && label.textContent !== name) label.textContent = name;
}

/** The caret of a client in the text, if it is drawn. */
export function caretOf(text: Element, client: number): HTMLElement | null {
  return text.querySelector(`.scriptorium-caret[data-client="${client}"]`);
}
