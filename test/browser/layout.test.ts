import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved, type Writer } from './writer.ts';

const stage = setStage();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

const overflow = (writer: Writer) =>
  writer.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Whatever can be touched and is smaller than a fingertip: 44 by 44 px. */
const tooSmall = (writer: Writer) =>
  writer.page.locator('button:visible, a:visible, input:visible, .scriptorium-person:visible').evaluateAll((targets) =>
    targets
      .filter((target) => !target.closest('.tiptap'))
      .map((target) => ({ name: target.ariaLabel ?? target.textContent, box: target.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ name, box }) => `${name?.trim()}: ${box.width} x ${box.height}`),
  );

describe('on a phone', () => {
  it('nothing is wider than the screen, whatever people write and wherever their carets are', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const phone = await stage.enter('A person with quite a long name', PHONE);
    await ada.open(url);
    await ada.page
      .getByRole('textbox', { name: 'Title' })
      .fill(`A title that does not end ${'and goes on '.repeat(10)}`);
    await ada.editor.click();
    await ada.page.keyboard.type(`${'Donaudampfschifffahrtsgesellschaft'.repeat(4)} `);
    await ada.page.keyboard.type(
      '\n```ts\nconst line = "that is far too long for such a small screen, and has no end";',
    );
    await expectSaved(ada);
    await phone.open(url);
    await eventually(() => phone.caretNames()).toEqual(['Ada']);
    expect(await overflow(phone)).toBe(0);
    expect(await tooSmall(phone)).toEqual([]);
    await phone.page.getByRole('link', { name: 'All documents' }).click();
    await phone.page.locator('a.document-link').waitFor();
    expect(await overflow(phone)).toBe(0);
    expect(await tooSmall(phone)).toEqual([]);
  });

  it('the save state stays in sight when one scrolls', async () => {
    const phone = await stage.enter('Ada', PHONE);
    await phone.open(await stage.newDocument());
    await phone.editor.click();
    await phone.page.keyboard.type('line\n'.repeat(40));
    await expectSaved(phone);
    await phone.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const box = await phone.page.locator('.scriptorium-save').boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeLessThan(60);
  });
});

describe('a page that loads', () => {
  it('shows nothing that moves afterwards', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await ben.open(url);
    await ben.page.getByRole('textbox', { name: 'Title' }).fill('A title');
    await ben.editor.click();
    await ben.page.keyboard.type('Text\n'.repeat(30));
    await expectSaved(ben);
    for (const address of [url, stage.server.url]) {
      await ada.page.goto(address);
      await ada.page.locator('.tiptap[contenteditable="true"] p, a.document-link').first().waitFor();
      await eventually(() => ada.page.evaluate(() => document.readyState)).toBe('complete');
      // The browser keeps what it has seen from the start. A shift soon after somebody clicked or typed does not count.
      const shifts = await ada.page.evaluate(
        () =>
          new Promise<string[]>((resolve) => {
            const describe = (entry: PerformanceEntry): string => JSON.stringify(entry);
            const observer = new PerformanceObserver((list) => resolve(list.getEntries().map(describe)));
            observer.observe({ type: 'layout-shift', buffered: true });
            // Two frames on, an entry would have been reported.
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(observer.takeRecords().map(describe))));
          }),
      );
      expect(shifts).toEqual([]);
    }
  });
});

describe('the name at a caret', () => {
  it('does not move the text, and is within the window also at the right edge', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Somebody with a longer name');
    await ada.open(url);
    await ben.open(url);
    await ada.editor.click();
    // Short words fill a line to its end.
    await ada.page.keyboard.type('so on and '.repeat(30));
    await expectBlocks([ben], await ada.blocks());
    const letters = () =>
      ada.page.locator('.tiptap p').evaluate((paragraph) => {
        const places: string[] = [];
        const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
          if (text.parentElement?.closest('.ProseMirror-widget')) continue;
          for (let i = 0; i < (text.nodeValue ?? '').length; i++) {
            const letter = document.createRange();
            letter.setStart(text, i);
            letter.setEnd(text, i + 1);
            const { left, top } = letter.getBoundingClientRect();
            places.push(`${Math.round(left)}, ${Math.round(top)}`);
          }
        }
        return places;
      });
    const before = await letters();
    await ben.editor.click({ position: { x: 300, y: 48 } });
    // Near the end of the first line, where there is the least room; the very end is the beginning of the next line, too.
    await ben.page.keyboard.press('End');
    for (let i = 0; i < 3; i++) await ben.page.keyboard.press('ArrowLeft');
    const label = ada.page.locator('.scriptorium-caret[data-moved] > .scriptorium-caret-label');
    await label.waitFor();
    const page = await ada.page.locator('.tiptap').boundingBox();
    await eventually(async () => {
      const box = await label.boundingBox();
      return box !== null && page !== null && box.x + box.width <= page.x + page.width && box.y > 100;
    }).toBe(true);
    expect(await letters()).toEqual(before);
  });
});
