import { html, type TemplateResult } from 'lit';
import { Check, CloudOff, Eye, LoaderCircle, TriangleAlert } from 'lucide-static';
import { icon } from '../editor/index.ts';
import { LightElement } from './light-element.ts';
import type { SaveState } from './save-state.ts';

/** How long everything must have been saved before it is said again: at every keystroke the words would flicker. */
const CALM_MS = 350;

const ICONS: Record<SaveState['kind'], string> = {
  connecting: LoaderCircle,
  saving: LoaderCircle,
  saved: Check,
  reading: Eye,
  offline: CloudOff,
  refused: TriangleAlert,
};

/** The save state. Bad news shows at once, "Saved" when it has been true for a moment. */
export class SaveStatus extends LightElement {
  static override properties = { state: { attribute: false }, shown: { state: true } };

  declare state: SaveState;
  declare shown: SaveState;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.state = { kind: 'connecting', text: 'Connecting…' };
    this.shown = this.state;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('state')) return;
    clearTimeout(this.#timer);
    if (this.state.kind === 'saved' && this.shown.kind === 'saving') {
      this.#timer = setTimeout(() => {
        this.shown = this.state;
      }, CALM_MS);
    } else {
      this.shown = this.state;
    }
  }

  protected override render(): TemplateResult {
    const { kind, text } = this.shown;
    // Read out when the connection goes and comes, and what one may do changes, not at every keystroke.
    const isTrouble = kind === 'offline' || kind === 'refused' || kind === 'reading';
    return html`<span class="save-status" data-kind=${kind}>${icon(ICONS[kind])}<span>${text}</span></span>
      <span class="visually-hidden" role="status">${isTrouble ? text : ''}</span>`;
  }
}

customElements.define('save-status', SaveStatus);
