import { html, nothing, type TemplateResult } from 'lit';
import { avatar, USER_COLORS } from '../editor/index.ts';
import { chooseLanguage, language, messages } from './language.ts';
import { LightElement } from './light-element.ts';
import { languages } from './messages/index.ts';
import type { Profile } from './profile.ts';
import { chooseTheme, chosenTheme, THEMES } from './theme.ts';

/** Asks for name and colour, and how the page is to look. Fires `profile-change` with the new {@link Profile} as detail. */
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
    const t = messages().settings;
    return html`<dialog class="dialog" aria-labelledby="profile-heading" @close=${this.#onClose}>
      <form method="dialog" class="dialog-form" @submit=${this.#onSubmit}>
        <h2 id="profile-heading">${t.heading}</h2>
        <div class="profile-name">
          ${avatar(draft)}
          <label class="field">
            <span>${t.name}</span>
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
          <legend>${t.color}</legend>
          ${USER_COLORS.map(
            (color, index) => html`<label class="swatch" .style=${`--avatar-color: ${color}`}>
              <input
                type="radio"
                name="color"
                class="visually-hidden"
                aria-label=${t.colorNumber({ number: index + 1 })}
                .checked=${color === draft.color}
                @change=${() => this.#change({ color })}
              ><span aria-hidden="true"></span>
            </label>`,
          )}
        </fieldset>
        <p class="hint">${t.kept}</p>
        ${this.#look()}
        <div class="dialog-actions">
          <button type="button" class="button" @click=${this.#cancel}>${messages().common.cancel}</button>
          <button type="submit" class="button button-primary">${messages().common.done}</button>
        </div>
      </form>
    </dialog>`;
  }

  /** Changes at once, and stays when the rest is cancelled: one sees what it does. */
  #look(): TemplateResult {
    const t = messages().settings;
    const chosen = chosenTheme();
    return html`<fieldset class="field-group">
        <legend>${t.appearance}</legend>
        <div class="segments">
        ${THEMES.map(
          (theme) => html`<label class="segment">
            <input
              type="radio"
              name="theme"
              .checked=${theme === chosen}
              @change=${() => chooseTheme(theme)}
            ><span>${t[theme]}</span>
          </label>`,
        )}
      </div>
      </fieldset>
      <label class="field">
        <span>${t.language}</span>
        <select @change=${(event: Event) => event.target instanceof HTMLSelectElement && void chooseLanguage(event.target.value)}>
          ${languages.tags.map(
            (tag) =>
              html`<option value=${tag} lang=${tag} ?selected=${tag === language().locale.split('-')[0]}>${nameOf(tag)}</option>`,
          )}
        </select>
      </label>`;
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

/** What those who speak it call a language. */
function nameOf(tag: string): string {
  const name = new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

function textOf(event: InputEvent): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}

customElements.define('profile-dialog', ProfileDialog);
