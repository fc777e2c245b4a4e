import { describe, expect, it } from 'vitest';
import { compile } from '../../editor/messages/catalogue.ts';
import { languages } from '../../editor/messages/index.ts';
import { createLanguages } from '../../editor/messages/languages.ts';
import { menuLanguages } from '../../editor/messages/menus.ts';

describe('a catalogue', () => {
  const en = {
    page: {
      title: 'Title',
      hello: 'Hello {name}',
      changes: { one: '{count} change', other: '{count} changes' },
    },
  } as const;

  it('gives texts as strings, and those with values or plural forms as functions', () => {
    const { page } = compile(en, []);
    expect(page.title).toBe('Title');
    expect(page.hello({ name: '<b>{count}</b>' })).toBe('Hello <b>{count}</b>');
    expect([0, 1, 12_345].map((count) => page.changes({ count }))).toEqual(['0 changes', '1 change', '12,345 changes']);
  });

  it('takes each text from the last layer that has it, with the plural rules and numbers of its language', () => {
    const arabic = { page: { changes: { zero: 'صفر', two: 'اثنان', few: 'قليل {count}', other: 'آخر {count}' } } };
    const { page } = compile(en, [
      { locale: 'ar-EG', texts: arabic },
      { locale: 'de', texts: { page: { title: 'Titel' } } },
    ]);
    expect(page.title).toBe('Titel');
    expect(page.hello({ name: 'Ada' })).toBe('Hello Ada');
    expect([0, 2, 3, 100].map((count) => page.changes({ count }))).toEqual(['صفر', 'اثنان', 'قليل ٣', 'آخر ١٠٠']);
  });
});

describe('the languages of a catalogue', () => {
  const en = { title: 'Title', text: 'Text' } as const;
  let loads = 0;
  const made = createLanguages(en, {
    de: async () => {
      loads++;
      return { title: 'Titel' };
    },
    fr: () => Promise.reject(new Error('the chunk is gone')),
  });

  it('are there at once in English, and after they were loaded once', async () => {
    expect(made.find()).toMatchObject({ locale: 'en', direction: 'ltr', messages: { title: 'Title' } });
    const first = made.find('de-AT');
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toEqual({ locale: 'de-AT', direction: 'ltr', messages: { title: 'Titel', text: 'Text' } });
    expect(made.find('de')).toMatchObject({ locale: 'de' });
    expect(loads).toBe(1);
  });

  it('are English where there is no other, and where it cannot be loaded', async () => {
    for (const tag of ['xx', 'not a tag', '', 'fr']) {
      expect(await made.find(tag)).toMatchObject({ locale: 'en', messages: { title: 'Title' } });
    }
  });

  it('can be extended by one that somebody brings, which goes before what is there', async () => {
    expect(made.find('he', { title: 'כותרת' })).toEqual({
      locale: 'he',
      direction: 'rtl',
      messages: { title: 'כותרת', text: 'Text' },
    });
    expect(await made.find('de', { text: 'Worte' })).toMatchObject({ messages: { title: 'Titel', text: 'Worte' } });
    expect(await made.find('fr', { title: 'Titre' })).toMatchObject({ locale: 'fr', messages: { title: 'Titre' } });
  });
});

describe('the editor', () => {
  it('speaks German', async () => {
    const { messages } = await languages.find('de');
    expect((await menuLanguages.find('de')).messages.commands.bold).toBe('Fett');
    expect(messages.save.offlineKept({ count: 1 })).toBe('Offline: auf diesem Gerät (1 Änderung)');
  });
});
