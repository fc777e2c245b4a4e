import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { html, type TemplateResult } from 'lit/html.js';

/** An icon of `lucide-static` (an SVG string of that package, never anything else) for a template. Decoration only: name what it stands for beside it. */
export function icon(svg: string): TemplateResult {
  return html`<span class="scriptorium-icon" aria-hidden="true">${unsafeHTML(svg)}</span>`;
}
