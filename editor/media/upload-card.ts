import { html, nothing, render } from 'lit/html.js';
import { TriangleAlert } from 'lucide-static';
import { icon } from '../icon.ts';
import type { MediaMessages } from '../messages/media.ts';

/** What a person can do with an upload. */
export interface CardActions {
  retry(): void;
  remove(): void;
}

type Stage =
  | { readonly name: 'sending'; readonly share: number }
  | { readonly name: 'failed'; readonly reason: string; readonly canRetry: boolean };

/** Stands in the text for an image that is on its way: how far it is, or why it did not get there. */
export class UploadCard {
  readonly element = document.createElement('div');
  readonly #name: string;
  readonly #messages: MediaMessages;
  readonly #actions: CardActions;
  readonly #preview: string | undefined;
  #abort = new AbortController();
  #stage: Stage = { name: 'sending', share: 0 };

  constructor(file: File | undefined, messages: MediaMessages, actions: CardActions) {
    this.#name = file?.name ?? '';
    this.#messages = messages;
    this.#actions = actions;
    this.#preview = file?.type.startsWith('image/') ? URL.createObjectURL(file) : undefined;
    this.element.className = 'scriptorium-upload';
    this.element.contentEditable = 'false';
    this.#render();
  }

  /** Sending begins, perhaps not for the first time. Answers what says that it is to end. */
  begin(): AbortSignal {
    this.#abort = new AbortController();
    this.progress(0);
    return this.#abort.signal;
  }

  /** @param share of what has been sent, from 0 to 1 */
  progress(share: number): void {
    this.#stage = { name: 'sending', share };
    this.#render();
  }

  fail(reason: string, canRetry: boolean): void {
    this.#stage = { name: 'failed', reason, canRetry };
    this.#render();
  }

  destroy(): void {
    this.#abort.abort();
    if (this.#preview !== undefined) URL.revokeObjectURL(this.#preview);
  }

  #render(): void {
    const stage = this.#stage;
    const name = this.#name;
    const messages = this.#messages;
    this.element.dataset['stage'] = stage.name;
    render(
      html`
        ${
          this.#preview === undefined
            ? nothing
            : html`<img src=${this.#preview} alt=""
                @error=${({ currentTarget }: Event) => {
                  (currentTarget as HTMLElement).hidden = true;
                }}>`
        }
        <div class="scriptorium-upload-text" role=${stage.name === 'failed' ? 'alert' : 'status'}>
          ${
            stage.name === 'sending'
              ? html`<span>${messages.uploading({ name })}</span>
                <progress max="1" value=${stage.share} aria-label=${messages.uploading({ name })}></progress>`
              : html`<span class="scriptorium-upload-reason">${icon(TriangleAlert)}<span>${stage.reason}</span></span>`
          }
        </div>
        ${
          stage.name === 'failed' && stage.canRetry
            ? html`<button type="button" @click=${() => this.#actions.retry()}>${messages.retry}</button>`
            : nothing
        }
        <button type="button" @click=${() => this.#actions.remove()}>
          ${stage.name === 'failed' ? messages.dismiss : messages.cancel}
        </button>
      `,
      this.element,
    );
  }
}
