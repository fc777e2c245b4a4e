import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, settled, type Writer } from './writer.ts';

const stage = setStage();

const grip = ({ page }: Writer) => page.locator('.scriptorium-handle:popover-open [data-grip]');
const block = ({ editor }: Writer, text: string) => editor.locator('p', { hasText: text }).first();
const item = ({ page }: Writer, name: string) => page.getByRole('menuitem', { name, exact: true });

async function write(text: string): Promise<{ ada: Writer; url: string }> {
  const ada = await stage.enter('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
  const url = await stage.newDocument();
  await ada.open(url);
  await ada.page.locator('.scriptorium-toolbar button').first().waitFor();
  await ada.editor.click();
  await ada.page.keyboard.type(text);
  return { ada, url };
}

async function centerOf(locator: ReturnType<typeof grip>): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not to be seen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Takes the handle of a block. */
async function take(writer: Writer, text: string): Promise<void> {
  await block(writer, text).hover();
  const { x, y } = await centerOf(grip(writer));
  await writer.page.mouse.move(x, y);
  await writer.page.mouse.down();
}

describe('a block', () => {
  it('is moved, copied, turned into another and deleted with its handle', async () => {
    const { ada } = await write('one\ntwo\nthree');
    const choose = async (text: string, name: string): Promise<void> => {
      await block(ada, text).hover();
      await grip(ada).click();
      await item(ada, name).click();
    };
    await choose('three', 'Move up');
    await eventually(() => ada.blocks()).toEqual(['one', 'three', 'two']);
    await choose('one', 'Duplicate');
    await eventually(() => ada.blocks()).toEqual(['one', 'one', 'three', 'two']);
    await choose('three', 'Delete block');
    await eventually(() => ada.blocks()).toEqual(['one', 'one', 'two']);
    await block(ada, 'two').hover();
    await grip(ada).click();
    await item(ada, 'Turn into').hover();
    await ada.page.getByRole('menuitemcheckbox', { name: 'Heading 1' }).click();
    await eventually(() => ada.editor.locator('h1').textContent()).toBe('two');
  });

  it('that is a table is taken as a whole, wherever in it the pointer is', async () => {
    const { ada } = await write('one\n/table');
    await ada.page.getByRole('option', { name: 'Table' }).waitFor();
    await ada.page.keyboard.press('Enter');
    const table = ada.editor.locator('table');
    await table.locator('td').last().hover();
    await grip(ada).waitFor();
    const [left, edge] = [(await centerOf(grip(ada))).x, (await table.boundingBox())?.x ?? 0];
    expect(left).toBeLessThan(edge);
    await grip(ada).click();
    await item(ada, 'Move up').click();
    await eventually(() => ada.editor.locator(':scope > *').first().locator('table').count()).toBe(1);
    await table.locator('td').last().hover();
    await grip(ada).click();
    await item(ada, 'Delete block').click();
    await eventually(() => table.count()).toBe(0);
    await eventually(() => ada.blocks()).toContain('one');
  });

  it('is moved and its menu opened by keyboard alone, also several at once', async () => {
    const { ada } = await write('one\ntwo\nthree\nfour');
    await ada.page.keyboard.press('Alt+Shift+ArrowUp');
    await eventually(() => ada.blocks()).toEqual(['one', 'two', 'four', 'three']);
    await ada.page.keyboard.press('Shift+ArrowUp'); // two and four
    await settled(ada);
    await ada.page.keyboard.press('Alt+Shift+ArrowUp');
    await eventually(() => ada.blocks()).toEqual(['two', 'four', 'one', 'three']);
    await ada.page.keyboard.press('Alt+Shift+ArrowUp'); // there is no further
    await ada.page.keyboard.press('Control+Shift+.');
    await eventually(() => ada.page.evaluate(() => document.activeElement?.getAttribute('data-name'))).toBe('turnInto');
    await ada.page.keyboard.press('ArrowRight');
    await ada.page.keyboard.press('b'); // to "Bullet list"
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.locator('ul > li').allTextContents()).toEqual(['two', 'four']);
    await ada.page.keyboard.press('Control+z');
    await eventually(() => ada.editor.locator('ul').count()).toBe(0);
    await ada.page.keyboard.press('Control+Shift+.');
    await ada.page.keyboard.press('Escape');
    await eventually(() => ada.page.evaluate(() => document.activeElement?.role)).toBe('textbox');
  });

  it('is dragged to another place, while somebody else writes above both', async () => {
    const { ada, url } = await write('one\ntwo\nthree\nfour');
    const ben = await stage.enter('Ben');
    await ben.open(url);
    await block(ben, 'one').click();
    await ben.page.keyboard.press('Control+Home');
    await take(ada, 'four');
    const target = await block(ada, 'two').boundingBox();
    if (!target) throw new Error('There is no second block.');
    await ada.page.mouse.move(target.x + 30, target.y + 2, { steps: 5 });
    await ada.page.locator('.scriptorium-drop-line').waitFor();
    await ben.page.keyboard.type('zero ');
    await eventually(() => ada.blocks()).toEqual(['zero one', 'two', 'three', 'four']);
    await ada.page.mouse.up();
    for (const writer of [ada, ben]) {
      await eventually(() => writer.blocks(), writer.name).toEqual(['zero one', 'four', 'two', 'three']);
    }
  });

  it('stays where it is when a drag ends with Escape', async () => {
    const { ada } = await write('one\ntwo\nthree');
    await take(ada, 'three');
    const target = await block(ada, 'one').boundingBox();
    await ada.page.mouse.move((target?.x ?? 0) + 30, target?.y ?? 0, { steps: 5 });
    await ada.page.locator('.scriptorium-drop-line').waitFor();
    await ada.page.keyboard.press('Escape');
    await ada.page.mouse.up();
    expect(await ada.page.locator('.scriptorium-drop-line').count()).toBe(0);
    expect(await ada.blocks()).toEqual(['one', 'two', 'three']);
  });

  it('keeps its menu while somebody else writes, and loses it when somebody deletes the block', async () => {
    const { ada, url } = await write('one\ntwo\nthree');
    const ben = await stage.enter('Ben');
    await ben.open(url);
    await block(ada, 'two').hover();
    await grip(ada).click();
    await item(ada, 'Duplicate').waitFor();
    await block(ben, 'one').click();
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.type('zero\n');
    await eventually(() => ada.blocks()).toEqual(['zero', 'one', 'two', 'three']);
    expect(await item(ada, 'Duplicate').count()).toBe(1);
    await block(ben, 'two').click();
    await settled(ben);
    await ben.page.keyboard.press('Control+Shift+Backspace');
    await eventually(() => ada.blocks()).toEqual(['zero', 'one', 'three']);
    await eventually(() => ada.page.getByRole('menu').count()).toBe(0);
  });

  it('gets an id when somebody copies a link to it, and the link leads there', async () => {
    const { ada, url } = await write(`one${'\nmore'.repeat(40)}\nlast`);
    expect(await ada.editor.locator('[data-id]').count()).toBe(0);
    await block(ada, 'last').hover();
    await grip(ada).click();
    await item(ada, 'Copy link to block').click();
    await eventually(() => ada.editor.locator('[data-id]').allTextContents()).toEqual(['last']);
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    expect(link.startsWith(`${url}#block-`)).toBe(true);
    const ben = await stage.enter('Ben');
    await ben.open(link);
    await eventually(() => ben.page.evaluate(() => scrollY)).toBeGreaterThan(300);
    await eventually(async () => {
      const box = await block(ben, 'last').boundingBox();
      return box !== null && box.y > 0 && box.y < 800;
    }).toBe(true);
  });
});
