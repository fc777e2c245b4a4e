/** A text with one form for each plural category of its language (CLDR's, as `Intl.PluralRules` has them), by `count`. */
export type Plural = { readonly other: string } & { readonly [category in Intl.LDMLPluralRule]?: string };

/** Texts by their names, in sections. `{name}` in a text stands for a value. No section has an entry called `other`. */
export interface Catalogue {
  readonly [name: string]: string | Plural | Catalogue;
}

/** The names of the values in a text. */
type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Name extends string> = { readonly [N in Name]: N extends 'count' ? number : string | number };

/** A catalogue that is ready to use: a text is a string, and one with values or plural forms a function of these. */
export type Compiled<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? [Names<T[K]>] extends [never]
      ? string
      : (values: Values<Names<T[K]>>) => string
    : T[K] extends { readonly other: infer Form }
      ? (values: Values<'count' | Names<Form>>) => string
      : Compiled<T[K]>;
};

/** Texts in another language, or other texts, in the place of those of the same name. What it lacks stays as it is. */
export type Translation<T> = {
  readonly [K in keyof T]?: T[K] extends string
    ? string
    : T[K] extends { readonly other: string }
      ? Plural
      : Translation<T[K]>;
};

/** A translation, and the language that it is in as a BCP 47 tag. */
interface Layer {
  readonly locale: string;
  readonly texts: Catalogue;
}

/** Each text of `base`, which is in English, in the words of the last layer that has it. */
export function compile<T extends Catalogue>(base: T, layers: readonly Layer[]): Compiled<T> {
  return compileSection([{ locale: 'en', texts: base }, ...layers]) as Compiled<T>;
}

function compileSection(layers: readonly Layer[]): Record<string, unknown> {
  const names = Object.keys(layers[0]?.texts ?? {});
  return Object.fromEntries(names.map((name) => [name, compileEntry(name, layers)]));
}

function compileEntry(name: string, layers: readonly Layer[]): unknown {
  if (isSection(layers[0]?.texts[name])) {
    const sections = layers.flatMap(({ locale, texts }) => {
      const section = texts[name];
      return isSection(section) ? [{ locale, texts: section }] : [];
    });
    return compileSection(sections);
  }
  for (const { locale, texts } of layers.toReversed()) {
    const entry = texts[name];
    if (typeof entry === 'string')
      return entry.includes('{') ? (values: Filling) => fill(entry, values, locale) : entry;
    if (isPlural(entry)) return (values: Filling) => fill(formOf(entry, values, locale), values, locale);
  }
  return undefined;
}

type Filling = Readonly<Record<string, string | number>>;

function formOf(plural: Plural, { count }: Filling, locale: string): string {
  return plural[new Intl.PluralRules(locale).select(Number(count))] ?? plural.other;
}

function fill(text: string, values: Filling, locale: string): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (typeof value === 'number') return new Intl.NumberFormat(locale).format(value);
    return value ?? place;
  });
}

function isPlural(entry: Catalogue[string] | undefined): entry is Plural {
  return typeof entry === 'object' && typeof entry['other'] === 'string';
}

function isSection(entry: Catalogue[string] | undefined): entry is Catalogue {
  return typeof entry === 'object' && !isPlural(entry);
}
