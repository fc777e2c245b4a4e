import { Check, Copy } from 'lucide-static';
import { copyPlain } from '../copy-plain.ts';
import type { Messages } from '../messages/index.ts';

/** How long it says that something was copied, in milliseconds. */
const SAID_MS = 2000;

/** A button that copies a text, and says so. */
export class CopyButton {
  readonly button = document.createElement('button');
  /** Says that it was copied, to screen readers as well. */
  readonly status = document.createElement('span');
  readonly #text: () => string;
  readonly #messages: Messages;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(text: () => string, messages: Messages) {
    this.#text = text;
    this.#messages = messages;
    const { button, status } = this;
    button.type = 'button';
    button.className = 'scriptorium-copy';
    button.ariaLabel = messages.nodes.copyCode;
    button.title = messages.nodes.copyCode;
    button.innerHTML = Copy;
    status.className = 'scriptorium-copied';
    status.role = 'status';
    // The caret stays where it is, and on a phone the keyboard.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', () => void this.#copy());
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  async #copy(): Promise<void> {
    if (!(await copyPlain(this.#text()))) return;
    this.#say(true);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(false), SAID_MS);
  }

  #say(copied: boolean): void {
    this.status.textContent = copied ? this.#messages.nodes.copied : '';
    this.button.innerHTML = copied ? Check : Copy;
  }
}
