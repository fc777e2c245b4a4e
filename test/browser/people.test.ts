import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved, type Writer } from './writer.ts';

const stage = setStage();

async function open(url: string, ...names: string[]): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (const name of names) {
    // Without it each scroll takes its time.
    const writer = await stage.enter(name, { reducedMotion: 'reduce' });
    await writer.open(url);
    writers.push(writer);
  }
  return writers;
}

const avatar = (writer: Writer, name: string) => writer.page.getByRole('button', { name: `Go to ${name} and follow` });
const following = (writer: Writer) => writer.page.locator('.scriptorium-following');
const scrolled = (writer: Writer) => writer.page.evaluate(() => Math.round(window.scrollY));
/** Whether the caret of the other is in sight. */
const seesCaret = (writer: Writer) =>
  writer.page.locator('.scriptorium-caret').evaluateAll(([caret]) => {
    const box = caret?.getBoundingClientRect();
    return box !== undefined && box.top > 100 && box.bottom < innerHeight;
  });

describe('who is here', () => {
  it('is in avatars, each person once, me marked; those for whom there is no room are in a menu', async () => {
    const url = await stage.newDocument();
    const [ada] = (await open(url, 'Ada', 'Ben', 'Cleo', 'Dora', 'Emil')) as [Writer];
    const more = ada.page.getByRole('button', { name: '2 more people' });
    await more.waitFor();
    expect(await ada.page.locator('.scriptorium-person').count()).toBe(4);
    await ada.page.getByRole('button', { name: 'Ada (you): change name and colour' }).waitFor();

    await more.focus();
    await ada.page.keyboard.press('Enter');
    const items = ada.page.getByRole('menuitem');
    await eventually(() => items.allTextContents()).toEqual([
      expect.stringContaining('Dora'),
      expect.stringContaining('Emil'),
    ]);
    const focused = () => ada.page.evaluate(() => document.activeElement?.textContent ?? '');
    await eventually(focused).toContain('Dora');
    await ada.page.keyboard.press('ArrowDown');
    await eventually(focused).toContain('Emil');
    // Somebody else writes: the menu stays open, with the focus where it is.
    const menuBefore = await ada.page.locator('.scriptorium-people-menu').boundingBox();
    const other = await stage.enter('Ben');
    await other.open(url);
    await other.editor.click();
    await other.page.keyboard.type('Hello');
    await expectBlocks([ada], ['Hello']);
    expect(await focused()).toContain('Emil');
    expect(await ada.page.locator('.scriptorium-people-menu').boundingBox()).toEqual(menuBefore);
    await ada.page.keyboard.press('Escape');
    expect(await items.count()).toBe(0);
    expect(await more.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('says who types', async () => {
    const [ada, ben] = (await open(await stage.newDocument(), 'Ada', 'Ben')) as [Writer, Writer];
    await avatar(ada, 'Ben').waitFor();
    await ben.editor.click();
    await eventually(() => ada.caretNames()).toEqual(['Ben']);
    expect(await ada.page.locator('.scriptorium-typing').count()).toBe(0);
    await ben.page.keyboard.type('x');
    await ada.page.locator('.scriptorium-typing').waitFor();
    expect(await avatar(ada, 'Ben').getAttribute('data-tip')).toBe('Ben is typing…');
    await eventually(() => ada.page.locator('.scriptorium-typing').count()).toBe(0);
  });
});

describe('a click on an avatar', () => {
  it('goes to the caret of that person and follows it until I scroll, click or press a key', async () => {
    const [ada, ben] = (await open(await stage.newDocument(), 'Ada', 'Ben')) as [Writer, Writer];
    await ben.editor.click();
    await ben.page.keyboard.insertText('line\n'.repeat(120));
    await expectSaved(ben);
    await eventually(async () => (await ada.blocks()).length).toBeGreaterThan(100);
    expect(await seesCaret(ada)).toBe(false);
    await ada.page.locator('.scriptorium-direction').waitFor();
    await eventually(() => avatar(ada, 'Ben').getAttribute('data-tip')).toBe('Ben, further down');

    const ways: ((page: Writer['page']) => Promise<unknown>)[] = [
      (page) => page.mouse.wheel(0, -50),
      (page) => page.mouse.click(5, 400),
      (page) => page.keyboard.press('ArrowDown'),
      (page) => page.getByRole('button', { name: 'Stop following' }).click(),
    ];
    for (const [i, act] of ways.entries()) {
      await ada.page.evaluate(() => window.scrollTo(0, 0));
      await avatar(ada, 'Ben').click();
      await eventually(() => seesCaret(ada), `way ${i}`).toBe(true);
      expect(await following(ada).textContent()).toContain('Following Ben');
      expect(await avatar(ada, 'Ben').getAttribute('aria-pressed')).toBe('true');
      // He goes to the beginning and back, and she with him.
      await ben.page.keyboard.press('Control+Home');
      await eventually(() => scrolled(ada), `way ${i}`).toBeLessThan(300);
      await eventually(() => seesCaret(ada)).toBe(true);
      await act(ada.page);
      await eventually(() => following(ada).count(), `way ${i}`).toBe(0);
      const place = await scrolled(ada);
      await ben.page.keyboard.press('Control+End');
      await avatar(ada, 'Ben').and(ada.page.locator('[data-tip="Ben, further down"]')).waitFor();
      expect(Math.abs((await scrolled(ada)) - place), `way ${i}`).toBeLessThan(120);
    }
    await avatar(ada, 'Ben').click();
    await following(ada).waitFor();
    await ben.page.close();
    await eventually(() => following(ada).count()).toBe(0);
  }, 60_000);
});

describe('a tab that ends', () => {
  it('takes its caret with it within a second, also when it crashes', async () => {
    const [ada, ben] = (await open(await stage.newDocument(), 'Ada', 'Ben')) as [Writer, Writer];
    ben.expectOnConsole(/./);
    await ben.editor.click();
    await ben.page.keyboard.type('Here I am');
    await eventually(() => ada.caretNames()).toEqual(['Ben']);
    // No event comes in a page that crashes.
    const devtools = await ben.page.context().newCDPSession(ben.page);
    devtools.send('Page.crash').catch(() => {});
    await expect.poll(() => ada.caretNames(), { timeout: 1000, interval: 20 }).toEqual([]);
    await eventually(() => ada.page.locator('.scriptorium-person').count()).toBe(1);
  });
});
