import { html, nothing, type TemplateResult } from 'lit/html.js';
import { icon } from '../icon.ts';

/** A button of a tool. */
export interface ToolButton {
  /** What it does: its name for assistive technology, and its tooltip. */
  readonly label: string;
  /** SVG text. */
  readonly svg: string;
  readonly run: () => void;
  /** For what is switched on and off. */
  readonly pressed?: boolean;
  /** For what shows and hides something. */
  readonly expanded?: boolean;
  /** It stays focusable, so that the focus is never lost. */
  readonly disabled?: boolean;
}

/** A button with an icon, as the toolbar has them. */
export function toolButton({ label, svg, run, pressed, expanded, disabled = false }: ToolButton): TemplateResult {
  return html`<button
    type="button"
    class="scriptorium-button"
    title=${label}
    aria-label=${label}
    aria-pressed=${pressed ?? nothing}
    aria-expanded=${expanded ?? nothing}
    aria-disabled=${disabled}
    @click=${() => disabled || run()}
  >${icon(svg)}</button>`;
}
