import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

const stage = setStage();

const TABLE =
  '<p>above</p><table><tr><th><p>1</p></th><th><p>2</p></th></tr><tr><td><p>3</p></td><td><p>4</p></td></tr></table><p>below</p>';

async function join(
  name: string,
  document: string,
  options: { readonly touch?: boolean; readonly locale?: string; readonly menus?: false } = {},
): Promise<Writer> {
  const { touch = false, locale = 'en', menus } = options;
  const writer = await stage.enter(name, touch ? { hasTouch: true, isMobile: true } : {});
  await openEmbed(stage, writer);
  await writer.page.evaluate(
    async ({ document, name, options }) => void (await window.embed(document, name, options).provider.whenSynced()),
    { document, name, options: { locale, ...(menus === false && { menus }) } },
  );
  await writer.page.locator('.scriptorium-toolbar button').first().waitFor();
  return writer;
}

/** Two people in a document with a table, the pointer nowhere. */
async function together(): Promise<[ada: Writer, ben: Writer]> {
  const document = await newDocumentName(stage);
  const writers = [await join('Ada', document), await join('Ben', document)] as [Writer, Writer];
  await writers[0].page.evaluate((html) => void window.editor.commands.setContent(html), TABLE);
  await writers[1].editor.locator('table').waitFor();
  return writers;
}

/** The rows of the table, with bars between the cells. */
const rows = ({ page }: Writer) =>
  page.evaluate(() => {
    const found: string[] = [];
    window.editor.state.doc.descendants((node) => {
      if (node.type.name !== 'tableRow') return true;
      found.push(node.children.map(({ textContent }) => textContent).join('|'));
      return false;
    });
    return found;
  });
const button = ({ page }: Writer, name: string) => page.getByRole('button', { name, exact: true });
const item = ({ page }: Writer, name: string) =>
  page.getByRole('menuitem', { name, exact: true }).or(page.getByRole('menuitemcheckbox', { name, exact: true }));
const cell = ({ editor }: Writer, text: string) => editor.locator('td, th', { hasText: text });

async function boxOf(
  locator: ReturnType<typeof cell>,
): Promise<{ x: number; y: number; right: number; bottom: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not to be seen.');
  return { x: box.x, y: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

describe('the buttons at a table', () => {
  it('are there for the pointer and for the caret, beside its edges, and not elsewhere', async () => {
    const [ada] = await together();
    expect(await button(ada, 'Menu of the row').count()).toBe(0);
    await cell(ada, '4').hover();
    await button(ada, 'Menu of the row').waitFor();
    const [table, d] = [await boxOf(ada.editor.locator('table')), await boxOf(cell(ada, '4'))];
    const column = await boxOf(button(ada, 'Menu of the column'));
    expect((column.x + column.right) / 2).toBeCloseTo((d.x + d.right) / 2, 0);
    expect((column.y + column.bottom) / 2).toBeCloseTo(table.y, 0);
    const row = await boxOf(button(ada, 'Menu of the row'));
    expect((row.y + row.bottom) / 2).toBeCloseTo((d.y + d.bottom) / 2, 0);
    expect((row.x + row.right) / 2).toBeCloseTo(table.x, 0);
    expect((await boxOf(button(ada, 'Add a column at the end'))).x).toBeGreaterThanOrEqual(table.right);
    expect((await boxOf(button(ada, 'Add a row at the end'))).y).toBeGreaterThanOrEqual(table.bottom);
    await ada.page.mouse.move(5, 5);
    await eventually(() => button(ada, 'Menu of the row').count()).toBe(0);
    await cell(ada, '3').click();
    await ada.page.mouse.move(5, 5);
    await button(ada, 'Menu of the row').waitFor();
    await ada.page.evaluate(() => window.editor.commands.setTextSelection(2));
    await eventually(() => button(ada, 'Menu of the row').count()).toBe(0);
  });

  it('add a row and a column at the end, in which one writes on', async () => {
    const [ada, ben] = await together();
    await cell(ada, '1').hover();
    await button(ada, 'Add a column at the end').click();
    await ada.page.keyboard.type('x');
    await button(ada, 'Add a row at the end').click();
    await ada.page.keyboard.type('y');
    await eventually(() => rows(ben)).toEqual(['1|2|x', '3|4|', 'y||']);
    expect(await ben.editor.locator('th').count()).toBe(3);
  });

  it('open the menus of a row and a column, which do what they say to that one', async () => {
    const [ada, ben] = await together();
    const choose = async (text: string, menu: string, name: string): Promise<void> => {
      await cell(ada, text).hover();
      await button(ada, menu).click();
      await item(ada, name).click();
    };
    await choose('1', 'Menu of the column', 'Column after');
    await eventually(() => rows(ben)).toEqual(['1||2', '3||4']);
    await choose('4', 'Menu of the row', 'Row above');
    await eventually(() => rows(ben)).toEqual(['1||2', '||', '3||4']);
    await choose('1', 'Menu of the row', 'Header row');
    await eventually(() => ben.editor.locator('th').count()).toBe(0);
    // Only the first can be one of heads.
    await cell(ada, '4').hover();
    await button(ada, 'Menu of the row').click();
    expect(await item(ada, 'Header row').count()).toBe(0);
    expect(await button(ada, 'Menu of the row').getAttribute('aria-expanded')).toBe('true');
    await ada.page.keyboard.press('Escape');
    await eventually(() => button(ada, 'Menu of the row').getAttribute('aria-expanded')).toBe('false');
    await choose('4', 'Menu of the column', 'Delete column');
    await eventually(() => rows(ben)).toEqual(['1|', '|', '3|']);
    await choose('3', 'Menu of the row', 'Delete row');
    await eventually(() => rows(ben)).toEqual(['1|', '|']);
    await ada.page.keyboard.type('!');
    await ben.page.evaluate(() => window.editor.state.doc.check());
  });

  it('keep a menu open at its column while others change the table, until that column goes', async () => {
    const [ada, ben] = await together();
    await cell(ada, '2').hover();
    await button(ada, 'Menu of the column').click();
    const menu = ada.page.getByRole('menu', { name: 'Menu of the column' });
    await menu.waitFor();
    await ben.page.evaluate(() => window.editor.commands.insertContentAt(0, '<p>new</p><p>new</p>'));
    await cell(ben, '1').hover();
    await button(ben, 'Menu of the column').click();
    await item(ben, 'Column before').click();
    await eventually(() => rows(ada)).toEqual(['|1|2', '|3|4']);
    await eventually(async () => {
      const [own, b] = [await boxOf(button(ada, 'Menu of the column')), await boxOf(cell(ada, '2'))];
      return Math.abs((own.x + own.right) / 2 - (b.x + b.right) / 2) < 1.5 && Math.abs(own.bottom - 6 - b.y) < 2;
    }).toBe(true);
    expect(await menu.isVisible()).toBe(true);
    await item(ada, 'Column after').click();
    await eventually(() => rows(ben)).toEqual(['|1|2|', '|3|4|']);
    await cell(ada, '2').hover();
    await button(ada, 'Menu of the column').click();
    await menu.waitFor();
    await cell(ben, '2').hover();
    await button(ben, 'Menu of the column').click();
    await item(ben, 'Delete column').click();
    await eventually(() => menu.count()).toBe(0);
    await eventually(() => rows(ada)).toEqual(['|1|', '|3|']);
  });

  it('are not there on paper and for who may only read', async () => {
    const [ada] = await together();
    await cell(ada, '1').click();
    await button(ada, 'Menu of the row').waitFor();
    await ada.page.emulateMedia({ media: 'print' });
    expect(await button(ada, 'Menu of the row').count()).toBe(0);
    await ada.page.emulateMedia({ media: 'screen' });
    await button(ada, 'Menu of the row').waitFor();
    await ada.page.evaluate(() => window.handle.setEditable(false));
    await eventually(() => button(ada, 'Menu of the row').count()).toBe(0);
  });

  it('are not there for fingers, which have the menu of the toolbar, and without menus', async () => {
    const document = await newDocumentName(stage);
    const ada = await join('Ada', document, { touch: true });
    await ada.page.evaluate((html) => void window.editor.commands.setContent(html), TABLE);
    await cell(ada, '1').tap();
    await eventually(() => ada.page.locator('.scriptorium-table-handles').getAttribute('hidden')).toBe(null);
    expect(await button(ada, 'Menu of the row').count()).toBe(0);
    const ben = await join('Ben', document, { menus: false });
    await cell(ben, '1').click();
    expect(await ben.page.locator('.scriptorium-table-handles').count()).toBe(0);
  });

  it('are the other way round where one writes from right to left', async () => {
    const document = await newDocumentName(stage);
    const ada = await join('Ada', document, { locale: 'ar' });
    await ada.page.evaluate((html) => void window.editor.commands.setContent(html), TABLE);
    await cell(ada, '1').hover();
    const table = await boxOf(ada.editor.locator('table'));
    const row = button(ada, 'قائمة الصف');
    await row.waitFor();
    expect((await boxOf(row)).right).toBeGreaterThan(table.right);
    expect((await boxOf(button(ada, 'إضافة عمود في النهاية'))).right).toBeLessThanOrEqual(table.x);
    await button(ada, 'إضافة عمود في النهاية').click();
    await ada.page.keyboard.type('x');
    await eventually(() => rows(ada)).toEqual(['1|2|x', '3|4|']);
  });
});
