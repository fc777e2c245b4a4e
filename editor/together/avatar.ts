import { html, type TemplateResult } from 'lit/html.js';
import { inkOn, shownColor } from '../user.ts';
import { initials } from './people.ts';

/** A person's initials on their colour. Decoration: say the name beside it. */
export function avatar({ name, color }: { readonly name: string; readonly color: string }): TemplateResult {
  const shown = shownColor(color);
  // As a property, not an attribute: a strict content security policy refuses style attributes.
  const style = `--scriptorium-user-color: ${shown}; --scriptorium-user-ink: ${inkOn(shown)}`;
  return html`<span class="scriptorium-avatar" aria-hidden="true" .style=${style}>${initials(name)}</span>`;
}
