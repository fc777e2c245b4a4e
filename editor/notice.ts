import { html, nothing, render } from 'lit/html.js';
import { TriangleAlert } from 'lucide-static';
import { icon } from './icon.ts';

/** Something to say above the text, and what can be done about it. */
export interface NoticeContent {
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

/** A line above the text that stays in sight. Empty, it takes no room. */
export interface Notice {
  readonly element: HTMLElement;
  show(content: NoticeContent | undefined): void;
}

/** Makes a notice. Its element has to be in the page before something is shown, or it is not read out. */
export function createNotice(): Notice {
  const element = document.createElement('div');
  element.className = 'scriptorium-notice';
  element.role = 'status';
  return {
    element,
    show(content) {
      render(content ? template(content) : nothing, element);
    },
  };
}

function template({ text, action }: NoticeContent) {
  return html`<div class="scriptorium-notice-body">
    ${icon(TriangleAlert)}
    <p>${text}</p>
    ${
      action
        ? html`<button type="button" class="scriptorium-notice-action" @click=${() => action.run()}>${action.label}</button>`
        : nothing
    }
  </div>`;
}
