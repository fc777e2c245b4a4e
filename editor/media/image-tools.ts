import { html, nothing, type TemplateResult } from 'lit/html.js';
import { AlignHorizontalJustifyCenter, AlignHorizontalJustifyEnd, AlignHorizontalJustifyStart } from 'lucide-static';
import { icon } from '../icon.ts';
import type { MediaMessages } from '../messages/media.ts';
import type { ImageAttributes } from './image-view.ts';

/** What the tools need. */
export interface ToolsOptions {
  readonly messages: MediaMessages;
  readonly attributes: ImageAttributes;
  readonly editsAlt: boolean;
  set(attributes: Partial<ImageAttributes>): void;
  toggleAlt(editsAlt: boolean): void;
  /** Gives the focus back to the text. */
  focusText(): void;
}

const ALIGNMENTS = [
  ['start', AlignHorizontalJustifyStart, 'alignStart'],
  ['center', AlignHorizontalJustifyCenter, 'alignCenter'],
  ['end', AlignHorizontalJustifyEnd, 'alignEnd'],
] as const;

/** The buttons of a selected image: where it stands, and the words for who does not see it. */
export function imageTools({
  messages,
  attributes,
  editsAlt,
  set,
  toggleAlt,
  focusText,
}: ToolsOptions): TemplateResult {
  const align = attributes.align ?? 'start';
  const leaveOnEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    toggleAlt(false);
    focusText();
  };
  const commit = ({ currentTarget }: Event): void => {
    const { value } = currentTarget as HTMLInputElement;
    if (value !== (attributes.alt ?? '')) set({ alt: value === '' ? null : value });
  };
  return html`<div class="scriptorium-image-tools" role="toolbar" aria-label=${messages.tools} @keydown=${leaveOnEscape}>
    ${ALIGNMENTS.map(
      ([value, svg, name]) => html`<button type="button" aria-label=${messages[name]} title=${messages[name]}
        aria-pressed=${align === value ? 'true' : 'false'}
        @click=${() => set({ align: value === 'start' ? null : value })}>${icon(svg)}</button>`,
    )}
    <button type="button" aria-expanded=${editsAlt ? 'true' : 'false'}
      @click=${() => toggleAlt(!editsAlt)}>${messages.alt}</button>
    ${
      editsAlt
        ? html`<input class="scriptorium-image-field" aria-label=${messages.alt} placeholder=${messages.altHint}
            maxlength="1000" .value=${attributes.alt ?? ''} @change=${commit}
            @keydown=${(event: KeyboardEvent) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              event.stopPropagation();
              commit(event);
              toggleAlt(false);
              focusText();
            }}>`
        : nothing
    }
  </div>`;
}
