import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectSaved } from './writer.ts';

const stage = setStage();

describe('a browser that asks for Arabic', () => {
  it('gets the page and the editor in Arabic, from right to left, at once', async () => {
    const ada = await stage.enter('Ada', { locale: 'ar-EG' });
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('heading', { name: 'المستندات' }).waitFor();
    expect(await ada.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
      'ar-EG',
      'rtl',
    ]);
    // What is first in reading order is at the right.
    const box = async (name: string) => (await ada.page.locator(name).first().boundingBox()) ?? { x: Number.NaN };
    expect((await box('.brand')).x).toBeGreaterThan((await box('.profile')).x);
    await ada.page.getByRole('button', { name: 'مستند جديد' }).click();
    await ada.editor.waitFor();
    await ada.page.keyboard.type('عنوان\n');
    await ada.page.keyboard.type('نص عربي');
    await eventually(() => ada.saveState()).toBe('محفوظ');
    await ada.page.getByRole('button', { name: 'عريض' }).waitFor();
    expect(await ada.editor.evaluate((text) => getComputedStyle(text).direction)).toBe('rtl');
    const sideways = () => ada.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await sideways()).toBeLessThanOrEqual(0);
    await ada.page.setViewportSize({ width: 390, height: 844 });
    expect(await sideways()).toBeLessThanOrEqual(0);
  });

  it('can be told another language, in which the document goes on', async () => {
    const ada = await stage.enter('Ada', { locale: 'ar' });
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('Before');
    await eventually(() => ada.saveState()).toBe('محفوظ');
    await ada.page.getByRole('button', { name: /Ada/ }).first().click();
    await ada.page.getByLabel('اللغة').selectOption('English');
    await expectSaved(ada);
    await ada.page.keyboard.press('Escape');
    await ada.editor.click();
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.type(', after');
    await eventually(() => ada.blocks()).toEqual(['Before, after']);
    expect(await ada.page.evaluate(() => document.documentElement.dir)).toBe('ltr');
    await ada.page.getByRole('button', { name: 'Bold' }).waitFor();
  });
});
