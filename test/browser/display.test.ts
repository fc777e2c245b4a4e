import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

const stage = setStage();

/** Two people in a document, with the toolbar that comes late. */
async function together(): Promise<{ ada: Writer; ben: Writer }> {
  const url = await stage.newDocument();
  const [ada, ben] = [await stage.enter('Ada'), await stage.enter('Ben')];
  for (const writer of [ada, ben]) await writer.open(url);
  await ada.page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button').first().waitFor();
  await ben.editor.click();
  await ben.page.keyboard.type('one\ntwo');
  await eventually(() => ada.caretNames()).toEqual(['Ben']);
  return { ada, ben };
}

/** How wide the line around an element is, or within its edge: what forced colours leave of how it looks. */
const lineWidth = (element: Locator): Promise<number> =>
  element.evaluate((element) => {
    const { outlineStyle, outlineWidth, borderBlockStartStyle, borderBlockStartWidth } = getComputedStyle(element);
    const outline = outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth);
    const border = borderBlockStartStyle === 'none' ? 0 : Number.parseFloat(borderBlockStartWidth);
    return Math.max(outline, border);
  });

describe('with forced colors', () => {
  it('a button shows that it is on, a menu where one is, and a caret whose it is', async () => {
    const { ada, ben } = await together();
    const { page } = ada;
    await page.emulateMedia({ forcedColors: 'active' });
    const toolbar = page.getByRole('toolbar', { name: 'Formatting' });
    const bold = toolbar.getByRole('button', { name: 'Bold' });
    await ada.editor.click();
    expect(await lineWidth(bold)).toBe(0);
    await page.keyboard.press('Control+b');
    await eventually(() => lineWidth(bold)).toBeGreaterThan(0);

    const insert = toolbar.getByRole('button', { name: 'Insert' });
    await insert.click();
    await eventually(() => lineWidth(insert)).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' /');
    const options = page.locator('#scriptorium-slash:popover-open [role="option"]');
    await eventually(() => lineWidth(options.first())).toBeGreaterThan(0);
    expect(await lineWidth(options.nth(1))).toBe(0);
    await page.keyboard.press('ArrowDown');
    await eventually(() => lineWidth(options.nth(1))).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    const matchCase = page.getByRole('button', { name: 'Match case' });
    await matchCase.click();
    expect(await lineWidth(matchCase)).toBeGreaterThan(0);

    const barColor = () =>
      page.locator('.scriptorium-caret').evaluate((caret) => getComputedStyle(caret, '::before').backgroundColor);
    expect(await barColor()).toBe('rgb(47, 111, 224)');
    await ben.page.keyboard.press('Shift+Home');
    const decoration = () =>
      page.locator('.scriptorium-selection').evaluate((selection) => getComputedStyle(selection).textDecorationLine);
    await page.locator('.scriptorium-selection').waitFor();
    expect(await decoration()).toBe('underline');
  });
});

describe('with reduced motion', () => {
  it('nothing moves: what comes, changes and goes does so at once', async () => {
    const { ada, ben } = await together();
    const { page } = ada;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const moving = () =>
      page.evaluate(() => {
        const seconds = (list: string): number => Math.max(...list.split(',').map((each) => Number.parseFloat(each)));
        return [...document.querySelectorAll('*')].flatMap((element) =>
          ['', '::before', '::after'].flatMap((pseudo) => {
            const style = getComputedStyle(element, pseudo);
            const transition = seconds(style.transitionDuration);
            const animation = style.animationName === 'none' ? 0 : seconds(style.animationDuration);
            return Math.max(transition, animation) > 0.001
              ? [`${element.parentElement?.className} > ${element.tagName}.${element.classList}${pseudo}`]
              : [];
          }),
        );
      });
    await ben.page.keyboard.type(' and more');
    expect(await moving(), 'somebody types').toEqual([]);
    await ada.editor.click();
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').waitFor();
    expect(await moving(), 'the palette').toEqual([]);
    await page.keyboard.type('details');
    await page.keyboard.press('Enter');
    await page.locator('.scriptorium-details-toggle').waitFor();
    await page.getByRole('button', { name: 'Go to Ben and follow' }).click();
    await page.locator('.scriptorium-following').waitFor();
    expect(await moving(), 'following').toEqual([]);
    await page.getByRole('button', { name: 'Stop following' }).click();
    await page.setViewportSize({ width: 390, height: 800 });
    await ada.editor.click();
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('outline');
    await page.keyboard.press('Enter');
    await page.locator('.scriptorium-outline-panel').waitFor();
    expect(await moving(), 'the outline on a phone').toEqual([]);
    await page.goto(stage.server.url);
    await page.locator('.document-row').first().waitFor();
    expect(await moving(), 'the documents').toEqual([]);
  });
});
