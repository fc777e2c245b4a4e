import { html, type TemplateResult } from 'lit';
import { inkOn } from '../editor/index.ts';
import { initials } from './people.ts';

/** A person's initials on their colour. Decoration: say the name beside it. */
export function avatar({ name, color }: { readonly name: string; readonly color: string }): TemplateResult {
  // As a property, not an attribute: a strict content security policy refuses style attributes.
  return html`<span class="avatar" aria-hidden="true" .style=${`--avatar-color: ${color}; --avatar-ink: ${inkOn(color)}`}
    >${initials(name)}</span
  >`;
}
