import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { X } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { messages } from './language.ts';
import { LightElement } from './light-element.ts';

/** Something that happened, said for a while at the lower edge of the page. */
export interface Toast {
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
  /** How long it stays, in milliseconds. Default: {@link TOAST_MS}. */
  readonly lastsMs?: number;
}

export const TOAST_MS = 8_000;
/** For what needs no answer. */
export const SHORT_TOAST_MS = 4_000;
const MAX_SHOWN = 3;

interface Shown extends Toast {
  readonly id: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

let shown: readonly Shown[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Shows it. Returns what takes it away before its time. */
export function showToast(toast: Toast): () => void {
  const id = ++lastId;
  const remove = (): void => change(shown.filter((other) => other.id !== id));
  const timer = setTimeout(remove, toast.lastsMs ?? TOAST_MS);
  change([...shown, { ...toast, id, timer }].slice(-MAX_SHOWN));
  return remove;
}

function change(next: readonly Shown[]): void {
  for (const toast of shown) if (!next.includes(toast)) clearTimeout(toast.timer);
  shown = next;
  for (const listener of listeners) listener();
}

/** Where toasts are shown. It has to be in the page before the first one, or that is not read out. */
export class ToastStack extends LightElement {
  readonly #draw = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    listeners.add(this.#draw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    listeners.delete(this.#draw);
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status">
      ${repeat(
        shown,
        (toast) => toast.id,
        (toast) => this.#toast(toast),
      )}
    </div>`;
  }

  #toast({ id, text, action }: Shown): TemplateResult {
    const remove = (): void => change(shown.filter((other) => other.id !== id));
    const run = (): void => {
      remove();
      action?.run();
    };
    return html`<div class="toast">
      <p>${text}</p>
      ${action && html`<button type="button" class="toast-action" @click=${run}>${action.label}</button>`}
      <button type="button" class="icon-button" aria-label=${messages().common.dismiss} @click=${remove}>${icon(X)}</button>
    </div>`;
  }
}

customElements.define('toast-stack', ToastStack);
