import { describe, expect, it } from 'vitest';
import { en as page } from '../../app/messages/en.ts';
import { languages as pageLanguages } from '../../app/messages/index.ts';
import type { Catalogue } from '../../editor/messages/catalogue.ts';
import { languages as editorLanguages } from '../../editor/messages/index.ts';
import { translations } from '../../editor/messages/translation.ts';

/** English is in several files: each is loaded with what says it. */
const editorEnglish = import.meta.glob<Record<string, Catalogue>>('../../editor/messages/en*.ts', { eager: true });
const pageTranslations = import.meta.glob<Record<string, Catalogue>>('../../app/messages/??.ts', { eager: true });

/** The texts of a catalogue by their paths; one with plural forms is an object. */
function texts(catalogue: Catalogue, path = ''): Map<string, string | Record<string, string>> {
  const found = new Map<string, string | Record<string, string>>();
  for (const [name, entry] of Object.entries(catalogue)) {
    if (typeof entry === 'string') found.set(path + name, entry);
    else if (typeof entry['other'] === 'string') found.set(path + name, entry as Record<string, string>);
    else for (const [inner, text] of texts(entry as Catalogue, `${path}${name}.`)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

/** What is wrong with a translation, in words. */
function problems(english: readonly Catalogue[], translation: Catalogue, locale: string): string[] {
  const translated = texts(translation);
  const originals = new Map(english.flatMap((catalogue) => [...texts(catalogue)]));
  const wrong = [...translated.keys()].filter((name) => !originals.has(name)).map((name) => `${name} is of no use`);
  const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
  for (const [name, original] of originals) {
    const text = translated.get(name);
    if (text === undefined) wrong.push(`${name} is missing`);
    else if (typeof original === 'string') {
      if (typeof text !== 'string') wrong.push(`${name} has plural forms`);
      else if (placeholders(text).join() !== placeholders(original).join()) wrong.push(`${name} has other values`);
    } else if (typeof text === 'string') wrong.push(`${name} has no plural forms`);
    else {
      const allowed = placeholders(original['other'] ?? '');
      // Millions ("de" in French and Spanish) are as any other number: nobody counts so many changes.
      const needed = pluralCategories.filter((category) => category !== 'many' || locale === 'ar');
      for (const category of needed) if (text[category] === undefined) wrong.push(`${name} has no form "${category}"`);
      for (const [category, form] of Object.entries(text)) {
        if (!(pluralCategories as string[]).includes(category)) wrong.push(`${name}: no number is "${category}"`);
        const used = placeholders(form);
        // "One change" and "two changes" may be said without a number.
        const said = new Set(category === 'other' ? allowed : used);
        if (
          used.some((value) => !allowed.includes(value)) ||
          allowed.some((value) => value !== '{count}' && !said.has(value))
        )
          wrong.push(`${name} (${category}) has other values`);
      }
    }
  }
  return wrong;
}

describe('the languages', () => {
  it('are the same for the page and for the editor: English and at least four more, one from right to left', async () => {
    expect(pageLanguages.tags).toEqual(editorLanguages.tags);
    expect(pageLanguages.tags).toEqual(['en', 'ar', 'de', 'es', 'fr', 'ja']);
    expect((await pageLanguages.find('ar')).direction).toBe('rtl');
  });

  it.each(Object.keys(translations))(
    'have every text of the editor, with its values and plural forms: %s',
    async (tag) => {
      const english = Object.values(editorEnglish).flatMap((file) => Object.values(file));
      expect(problems(english, (await translations[tag]?.()) as Catalogue, tag)).toEqual([]);
    },
  );

  it.each(Object.keys(translations))('have every text of the page, with its values and plural forms: %s', (tag) => {
    expect(problems([page], pageTranslations[`../../app/messages/${tag}.ts`]?.[tag] ?? {}, tag)).toEqual([]);
  });

  it('count as their speakers do', async () => {
    const count = async (tag: string, number: number): Promise<string> =>
      (await pageLanguages.find(tag)).messages.documents.count({ count: number });
    expect(await Promise.all([1, 2, 3, 11, 100].map((number) => count('ar', number)))).toEqual([
      'مستند واحد',
      'مستندان',
      '٣ مستندات'.replace('٣', new Intl.NumberFormat('ar').format(3)),
      `${new Intl.NumberFormat('ar').format(11)} مستندًا`,
      `${new Intl.NumberFormat('ar').format(100)} مستند`,
    ]);
    expect(await count('fr', 0)).toBe('0 document');
    expect(await count('ja', 1)).toBe('1件の文書');
  });
});
