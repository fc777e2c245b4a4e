import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const KEYBOARD_PX = 336;

/** Has the page see a keyboard of this height: a headless browser has none. */
const openKeyboard = (writer: Writer, heightPx: number) =>
  writer.page.evaluate((covered) => {
    const viewport = window.visualViewport;
    if (!viewport) throw new Error('There is no visual viewport.');
    Object.defineProperty(viewport, 'height', { configurable: true, value: innerHeight - covered });
    viewport.dispatchEvent(new Event('resize'));
  }, heightPx);
const toolbar = (writer: Writer) => writer.page.locator('.scriptorium-toolbar');
const bottom = async (writer: Writer) => {
  const box = await toolbar(writer).boundingBox();
  return Math.round((box?.y ?? 0) + (box?.height ?? 0));
};
const overflow = (writer: Writer) =>
  writer.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe('on a phone', () => {
  it('the toolbar stands on the keyboard while one writes, and the line that is written in above it', async () => {
    const url = await stage.newDocument();
    const phone = await stage.enter('Ada', PHONE);
    const ben = await stage.enter('Ben');
    await phone.open(url);
    await ben.open(url);
    expect(await toolbar(phone).isVisible()).toBe(false);
    await phone.editor.tap();
    await eventually(() => toolbar(phone).isVisible()).toBe(true);
    await eventually(() => bottom(phone)).toBe(844);
    await phone.page.keyboard.type('line\n'.repeat(16));
    await openKeyboard(phone, KEYBOARD_PX);
    await eventually(() => bottom(phone)).toBe(844 - KEYBOARD_PX);
    await phone.page.keyboard.type('here');
    const line = phone.page.locator('.tiptap > p', { hasText: 'here' });
    const lowerEdge = async () => {
      const box = await line.boundingBox();
      return (box?.y ?? 0) + (box?.height ?? 0);
    };
    const upperEdge = async () => (await toolbar(phone).boundingBox())?.y ?? 0;
    await eventually(async () => (await lowerEdge()) <= (await upperEdge())).toBe(true);
    // Somebody else writes: it stays where it is.
    const before = await lowerEdge();
    await ben.page.locator('.tiptap > p').first().click();
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.type('Ben: ');
    await expectBlocks([phone], ['Ben: line', ...Array(15).fill('line'), 'here']);
    expect(Math.abs((await lowerEdge()) - before)).toBeLessThan(2);
    await phone.page.keyboard.type('!');
    await expectBlocks([phone, ben], ['Ben: line', ...Array(15).fill('line'), 'here!']);
    await openKeyboard(phone, 0);
    await eventually(() => bottom(phone)).toBe(844);
  });

  it('and on the smallest, nothing is wider than the screen, and all that can be touched is as large as a fingertip', async () => {
    const phone = await stage.enter('Ada', { ...PHONE, viewport: { width: 320, height: 568 } });
    await phone.open(await stage.newDocument());
    await phone.editor.tap();
    await phone.page.keyboard.type('# A heading\nand text');
    await phone.page.keyboard.press('Control+Alt+f');
    const find = phone.page.getByRole('search');
    await find.getByRole('textbox').first().fill('and');
    expect(await overflow(phone)).toBe(0);
    const small = await phone.page
      .locator('.scriptorium-find :is(button, input):visible, .scriptorium-toolbar button:visible')
      .evaluateAll((targets) =>
        targets
          .map((target) => ({ name: target.ariaLabel, box: target.getBoundingClientRect() }))
          .filter(({ box }) => box.width < 44 || box.height < 44)
          .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`),
      );
    expect(small).toEqual([]);
    const outside = await find
      .locator('button, input')
      .evaluateAll((parts) =>
        parts
          .filter((part) => part.getBoundingClientRect().right > innerWidth || part.getBoundingClientRect().left < 0)
          .map(({ ariaLabel }) => ariaLabel),
      );
    expect(outside).toEqual([]);
  });
});

describe('at twice the size', () => {
  it('nothing is cut off', async () => {
    // A window of 1280 by 800 at 200 %.
    const ada = await stage.enter('Ada', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('# A heading\nand text');
    await ada.editor.press('Control+Alt+f');
    const find = ada.page.getByRole('search');
    await find.getByRole('textbox').first().waitFor();
    expect(await overflow(ada)).toBe(0);
    const box = await find.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(640);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(400);
  });
});
