import { html, nothing, type TemplateResult } from 'lit';
import { USER_COLORS } from '../editor/index.ts';
import { avatar } from './avatar.ts';
import { LightElement } from './light-element.ts';
import type { Profile } from './profile.ts';

/** Asks for name and colour. Fires `profile-change` with the new {@link Profile} as detail. */
export class ProfileDialog extends LightElement {
  static override properties = { draft: { state: true } };

  declare draft: Profile | undefined;

  /** Opens it with what is to be changed. */
  async open(profile: Profile): Promise<void> {
    this.draft = profile;
    await this.updateComplete;
    this.querySelector('dialog')?.showModal();
    this.querySelector('input')?.select();
  }

  protected override render(): TemplateResult | typeof nothing {
    const draft = this.draft;
    if (!draft) return nothing;
    return html`<dialog class="dialog" aria-labelledby="profile-heading" @close=${this.#onClose}>
      <form method="dialog" class="dialog-form" @submit=${this.#onSubmit}>
        <h2 id="profile-heading">You, as others see you</h2>
        <div class="profile-name">
          ${avatar(draft)}
          <label class="field">
            <span>Name</span>
            <input
              type="text"
              name="name"
              maxlength="60"
              autocomplete="nickname"
              required
              .value=${draft.name}
              @input=${(event: InputEvent) => this.#change({ name: textOf(event) })}
            >
          </label>
        </div>
        <fieldset class="swatches">
          <legend>Colour</legend>
          ${USER_COLORS.map(
            (color, index) => html`<label class="swatch" .style=${`--avatar-color: ${color}`}>
              <input
                type="radio"
                name="color"
                class="visually-hidden"
                aria-label="Colour ${index + 1}"
                .checked=${color === draft.color}
                @change=${() => this.#change({ color })}
              ><span aria-hidden="true"></span>
            </label>`,
          )}
        </fieldset>
        <p class="hint">Kept on this device. Everybody in the document sees it.</p>
        <div class="dialog-actions">
          <button type="button" class="button" @click=${this.#cancel}>Cancel</button>
          <button type="submit" class="button button-primary">Done</button>
        </div>
      </form>
    </dialog>`;
  }

  #change(part: Partial<Profile>): void {
    if (this.draft) this.draft = { ...this.draft, ...part };
  }

  #onSubmit = (event: SubmitEvent): void => {
    const name = this.draft?.name.trim();
    if (!this.draft || !name) return event.preventDefault(); // only spaces: `required` lets them pass
    this.dispatchEvent(new CustomEvent('profile-change', { detail: { ...this.draft, name } }));
  };

  #cancel = (): void => this.querySelector('dialog')?.close();

  #onClose = (): void => {
    this.draft = undefined;
  };
}

function textOf(event: InputEvent): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}

customElements.define('profile-dialog', ProfileDialog);
