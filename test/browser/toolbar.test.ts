import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, settled, type Writer } from './writer.ts';

const stage = setStage();

const bar = ({ page }: Writer) => page.locator('.scriptorium-toolbar');
const button = (writer: Writer, name: string) => bar(writer).getByRole('button', { name, exact: true });
const pressed = (writer: Writer, name: string) => button(writer, name).getAttribute('aria-pressed');
const blockType = (writer: Writer) => bar(writer).locator('[data-name="blockType"]');
const focused = ({ page }: Writer) =>
  page.evaluate(() => {
    const { ariaLabel, title } = document.activeElement as HTMLElement;
    return ariaLabel ?? title;
  });

async function turnInto(writer: Writer, name: string): Promise<void> {
  await blockType(writer).click();
  await writer.page.getByRole('menuitemcheckbox', { name, exact: true }).click();
}

describe('the toolbar', () => {
  it('formats what is selected and what is typed next, and shows what is on', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('plain ');
    await button(ada, 'Bold').click();
    expect(await pressed(ada, 'Bold')).toBe('true');
    await ada.page.keyboard.type('bold');
    await eventually(() => ada.editor.innerHTML()).toBe('<p>plain <strong>bold</strong></p>');
    await ada.page.keyboard.press('Control+a');
    await eventually(() => pressed(ada, 'Bold')).toBe('false'); // not all of it is
    await turnInto(ada, 'Heading 2');
    await button(ada, 'Italic').click();
    await eventually(() => ada.editor.innerHTML()).toBe('<h2><em>plain </em><strong><em>bold</em></strong></h2>');
    expect(await pressed(ada, 'Italic')).toBe('true');
    await eventually(() => blockType(ada).textContent()).toContain('Heading 2');
    await turnInto(ada, 'Code block');
    await eventually(() => button(ada, 'Bold').getAttribute('aria-disabled')).toBe('true');
    await turnInto(ada, 'Code block');
    await ada.page.keyboard.press('End');
    await button(ada, 'Numbered list').click();
    await eventually(() => pressed(ada, 'Numbered list')).toBe('true');
    expect(await pressed(ada, 'Bullet list')).toBe('false');
  });

  it('is one stop of the tab key, with arrows between the buttons', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    await button(ada, 'Undo').waitFor();
    await ada.editor.focus();
    await ada.page.keyboard.press('Shift+Tab');
    await eventually(() => focused(ada)).toBe('Undo');
    await ada.page.keyboard.press('ArrowRight');
    await ada.page.keyboard.press('ArrowRight');
    await eventually(() => focused(ada)).toBe('Block type: Text');
    await ada.page.keyboard.press('ArrowRight');
    // The button is where one was; the next stop is the text, and back again the same button.
    await ada.page.keyboard.press('Enter');
    await eventually(() => focused(ada)).toBe('Bold');
    await ada.page.keyboard.press('Tab');
    await eventually(() => focused(ada)).toBe('Document');
    await ada.page.keyboard.type('loud');
    expect(await ada.editor.innerHTML()).toBe('<p><strong>loud</strong></p>');
    await button(ada, 'Bold').focus();
    await ada.page.keyboard.press('Escape');
    await eventually(() => focused(ada)).toBe('Document');
  });

  it('opens its menus with the keyboard: Escape goes back to the button, a choice to the text', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('words');
    await blockType(ada).focus();
    await ada.page.keyboard.press('Enter');
    await eventually(() => focused(ada)).toBe('Text');
    await ada.page.keyboard.press('Escape');
    await eventually(() => focused(ada)).toBe('Block type: Text');
    expect(await ada.page.getByRole('menu').count()).toBe(0);
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.press('q'); // to "Quote"
    await eventually(() => focused(ada)).toBe('Quote');
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.innerHTML()).toBe('<blockquote><p>words</p></blockquote>');
    await eventually(() => focused(ada)).toBe('Document');
  });

  it('keeps an open menu while somebody else writes, and what is selected with it', async () => {
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    const url = await stage.newDocument();
    await ada.open(url);
    await ada.editor.click();
    await ada.page.keyboard.type('first\nsecond');
    await ben.open(url);
    await eventually(() => ben.blocks()).toEqual(['first', 'second']);
    await ada.page.keyboard.press('Shift+Home');
    await settled(ada);
    await bar(ada).getByRole('button', { name: 'Color' }).click();
    await ben.page.locator('.tiptap p').first().click();
    await ben.page.keyboard.press('Home');
    await ben.page.keyboard.type('before\n');
    await eventually(() => ada.blocks()).toEqual(['before', 'first', 'second']);
    await ada.page.getByRole('menuitemcheckbox', { name: 'Red text' }).click();
    await eventually(() => ada.editor.locator('span[data-color="red"]').allTextContents()).toEqual(['second']);
    expect(await ada.page.getByRole('menu').count()).toBe(0);
  });

  it('puts what does not fit into a menu, and takes it out again', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('words');
    const isWhole = () => bar(ada).evaluate((element) => element.scrollWidth <= element.clientWidth);
    expect(await button(ada, 'More').count()).toBe(0);
    await ada.page.setViewportSize({ width: 640, height: 600 });
    await button(ada, 'More').waitFor();
    await eventually(isWhole).toBe(true);
    expect(await button(ada, 'Numbered list').count()).toBe(0);
    await button(ada, 'More').focus();
    await ada.page.keyboard.press('Enter');
    await ada.page.getByRole('menuitemcheckbox', { name: 'Numbered list' }).click();
    await eventually(() => ada.editor.innerHTML()).toBe('<ol><li><p>words</p></li></ol>');
    await button(ada, 'More').click();
    await ada.page.getByRole('menuitem', { name: 'Alignment' }).focus();
    await ada.page.keyboard.press('ArrowRight');
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.locator('p').evaluate((p) => getComputedStyle(p).textAlign)).toBe('center');
    await ada.page.setViewportSize({ width: 1280, height: 800 });
    await eventually(() => button(ada, 'Numbered list').count()).toBe(1);
    expect(await button(ada, 'More').count()).toBe(0);
  });
});
