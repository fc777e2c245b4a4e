import { type Catalogue, type Compiled, compile, type Translation } from './catalogue.ts';

/** A language to speak in. */
export interface Language<T extends Catalogue> {
  /** As a BCP 47 tag, also for numbers and dates: the one that was asked for where its texts are there, else `en`. */
  readonly locale: string;
  readonly direction: Direction;
  readonly messages: Compiled<T>;
}

export type Direction = 'ltr' | 'rtl';

/** The languages of a catalogue. */
export interface Languages<T extends Catalogue> {
  /** Their tags, English first. */
  readonly tags: readonly string[];
  /**
   * The language for a BCP 47 tag such as `de-AT`. At once where its texts are here already, else when they have been
   * loaded; English when there are none, or they cannot be loaded.
   * @param texts go before those of the language, and make one of what there is none of here
   */
  find(locale?: string, texts?: Translation<T>): Language<T> | Promise<Language<T>>;
}

const RIGHT_TO_LEFT = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/**
 * Makes languages of a catalogue: English, which is always here, and translations that are loaded when they are needed.
 * @param loaders by primary language tag, such as `de`
 */
export function createLanguages<T extends Catalogue>(
  english: T,
  loaders: Readonly<Record<string, () => Promise<Translation<T>>>>,
): Languages<T> {
  const loaded = new Map<string, Translation<T>>();

  const speak = (locale: string, own: Translation<T> | undefined): Language<T> => {
    const translation = loaded.get(primaryTag(locale));
    const layers = [translation, own].flatMap((texts) => (texts ? [{ locale, texts: texts as Catalogue }] : []));
    const spoken = layers.length > 0 || primaryTag(locale) === 'en' ? locale : 'en';
    const direction = RIGHT_TO_LEFT.has(primaryTag(spoken)) ? 'rtl' : 'ltr';
    return { locale: spoken, direction, messages: compile(english, layers) };
  };

  return {
    tags: ['en', ...Object.keys(loaders)],
    find(locale = 'en', texts) {
      const wanted = checkedTag(locale);
      const tag = primaryTag(wanted);
      const load = loaded.has(tag) ? undefined : loaders[tag];
      if (!load) return speak(wanted, texts);
      return load().then(
        (translation) => {
          loaded.set(tag, translation);
          return speak(wanted, texts);
        },
        () => speak(texts ? wanted : 'en', texts),
      );
    },
  };
}

/** What `Intl` would throw at is English: a tag may come from anywhere. */
function checkedTag(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

function primaryTag(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? 'en';
}
