import type { Node } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';
import { html, nothing, render } from 'lit/html.js';
import { ImageOff } from 'lucide-static';
import { icon } from '../icon.ts';
import type { MediaMessages } from '../messages/media.ts';
import { imageHandle } from './image-handle.ts';
import { imageTools } from './image-tools.ts';

/** What ProseMirror gives a node view. */
export interface ImageViewContext {
  readonly dom: HTMLElement;
  readonly node: Node;
  readonly view: EditorView;
  readonly getPos: () => number | undefined;
}

/** What an image needs from its surroundings. */
export interface ImageSurroundings {
  readonly messages: MediaMessages;
  /** The address that the browser can show; undefined for an image that is not fetched. Rejects when there is none. */
  resolve(src: string): Promise<string | undefined>;
}

export type ImageAttributes = Readonly<Record<'src' | 'alt' | 'title' | 'caption' | 'align', string | null>> &
  Readonly<Record<'width' | 'height', number | null>>;

/** What is shown of an image. */
type Shown = { readonly state: 'loading' | 'broken' | 'elsewhere' } | { readonly state: 'ready'; readonly url: string };

/** An image in the text, with what changes it while it is selected: size, place, alternative text and caption. */
export class ImageView {
  readonly #context: ImageViewContext;
  readonly #surroundings: ImageSurroundings;
  #node: Node;
  #shown: Shown = { state: 'loading' };
  #selected = false;
  /** While the handle is dragged, in pixels. */
  #width: number | undefined;
  #editsAlt = false;
  #isDestroyed = false;

  constructor(context: ImageViewContext, surroundings: ImageSurroundings) {
    this.#context = context;
    this.#surroundings = surroundings;
    this.#node = context.node;
    void this.#load();
  }

  update(node: Node): void {
    const hasOtherSource = node.attrs['src'] !== this.#node.attrs['src'];
    this.#node = node;
    if (hasOtherSource) void this.#load();
    else this.#render();
  }

  setSelected(selected: boolean): void {
    this.#selected = selected;
    if (!selected) this.#editsAlt = false;
    this.#render();
  }

  /** Whether an event is the business of a control of the image. */
  ownsEvent({ target }: Event): boolean {
    return target instanceof Element && target.closest('button, input, textarea, a') !== null;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  get #attributes(): ImageAttributes {
    return this.#node.attrs as ImageAttributes;
  }

  async #load(): Promise<void> {
    const { src } = this.#attributes;
    this.#shown = { state: 'loading' };
    this.#render();
    let shown: Shown;
    try {
      const url = src === null ? undefined : await this.#surroundings.resolve(src);
      shown = url === undefined ? { state: src === null ? 'broken' : 'elsewhere' } : { state: 'ready', url };
    } catch {
      shown = { state: 'broken' };
    }
    // Somebody may have put another image in its place meanwhile.
    if (this.#isDestroyed || src !== this.#attributes.src) return;
    this.#shown = shown;
    this.#render();
  }

  #set(attributes: Partial<ImageAttributes>): void {
    const { view, getPos } = this.#context;
    const position = getPos();
    if (position === undefined || !view.editable) return;
    const { tr } = view.state;
    for (const [name, value] of Object.entries(attributes)) tr.setNodeAttribute(position, name, value);
    view.dispatch(tr);
  }

  #resize(width: number): void {
    const { width: before, height } = this.#attributes;
    const image = this.#context.dom.querySelector('img');
    const ratio = before && height ? height / before : image ? image.naturalHeight / image.naturalWidth : undefined;
    this.#width = undefined;
    this.#set({ width, height: ratio ? Math.max(1, Math.round(width * ratio)) : null });
  }

  #render(): void {
    const { dom, view } = this.#context;
    const { messages } = this.#surroundings;
    const { alt, align, width, height } = this.#attributes;
    const shownWidth = this.#width ?? width;
    const isEdited = this.#selected && view.editable;
    dom.dataset['state'] = this.#shown.state;
    dom.dataset['align'] = align ?? 'start';
    dom.style.setProperty('--scriptorium-image-width', shownWidth ? `${shownWidth}px` : 'auto');
    dom.style.setProperty('--scriptorium-image-ratio', width && height ? `${width} / ${height}` : 'auto');
    const focusText = (): void => view.focus();
    render(
      html`
        <div class="scriptorium-image-frame">
          ${this.#picture(alt ?? '')}
          ${
            isEdited && this.#shown.state === 'ready'
              ? imageHandle({
                  label: messages.width,
                  image: () => dom.querySelector('img'),
                  isCentered: align === 'center',
                  onMove: (to) => {
                    this.#width = to;
                    this.#render();
                  },
                  onEnd: (to) => this.#resize(to),
                  onLeave: focusText,
                })
              : nothing
          }
          ${
            isEdited
              ? imageTools({
                  messages,
                  attributes: this.#attributes,
                  editsAlt: this.#editsAlt,
                  set: (attributes) => this.#set(attributes),
                  toggleAlt: (editsAlt) => {
                    this.#editsAlt = editsAlt;
                    this.#render();
                  },
                  focusText,
                })
              : nothing
          }
        </div>
        ${this.#caption(isEdited)}
      `,
      dom,
    );
  }

  #picture(alt: string) {
    const { messages } = this.#surroundings;
    switch (this.#shown.state) {
      case 'ready':
        return html`<img src=${this.#shown.url} alt=${alt} title=${this.#attributes.title ?? nothing}
          draggable="false" @error=${() => this.#break()}>`;
      case 'loading':
        return html`<div class="scriptorium-image-place" role="img" aria-label=${alt || messages.loading}></div>`;
      case 'elsewhere':
        return html`<div class="scriptorium-image-place">
          ${icon(ImageOff)}<span>${alt || messages.elsewhere({ host: hostOf(this.#attributes.src) })}</span>
          <a href=${this.#attributes.src ?? ''} target="_blank" rel="noopener noreferrer">${messages.open}</a>
        </div>`;
      case 'broken':
        return html`<div class="scriptorium-image-place">
          ${icon(ImageOff)}<span>${messages.broken}${alt ? `: ${alt}` : ''}</span>
          <button type="button" @click=${() => void this.#load()}>${messages.retry}</button>
        </div>`;
    }
  }

  #break(): void {
    this.#shown = { state: 'broken' };
    this.#render();
  }

  #caption(isEdited: boolean) {
    const { messages } = this.#surroundings;
    const { view } = this.#context;
    const caption = this.#attributes.caption ?? '';
    if (!isEdited) return caption === '' ? nothing : html`<figcaption>${caption}</figcaption>`;
    const commit = ({ currentTarget }: Event): void => {
      const { value } = currentTarget as HTMLInputElement;
      if (value !== caption) this.#set({ caption: value === '' ? null : value });
    };
    return html`<figcaption>
      <input class="scriptorium-image-field" aria-label=${messages.caption} placeholder=${messages.caption} maxlength="1000" .value=${caption}
        @change=${commit}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === 'Escape') (event.currentTarget as HTMLInputElement).value = caption;
          else commit(event);
          view.focus();
        }}>
    </figcaption>`;
  }
}

/** The name of the server of an address; empty where there is none. */
export function hostOf(src: string | null): string {
  try {
    return new URL(src ?? '').host;
  } catch {
    return '';
  }
}
