import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, settled, type Writer } from './writer.ts';

const stage = setStage();

const bubble = ({ page }: Writer) => page.locator('.scriptorium-bubble:popover-open');
const slash = ({ page }: Writer) => page.locator('#scriptorium-slash:popover-open');
const options = (writer: Writer) => slash(writer).getByRole('option');
const selected = ({ page }: Writer) => page.evaluate(() => getSelection()?.toString());
const focused = ({ page }: Writer) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

/** A document of some lines, with its menus. */
async function write(name: string, text: string): Promise<{ writer: Writer; url: string }> {
  const writer = await stage.enter(name, { permissions: ['clipboard-read', 'clipboard-write'] });
  const url = await stage.newDocument();
  await writer.open(url);
  await writer.page.locator('.scriptorium-toolbar button').first().waitFor();
  await writer.editor.click();
  await writer.page.keyboard.type(text);
  return { writer, url };
}

/** Somebody else, who writes at the beginning of the document. */
async function joinAtStart(url: string): Promise<Writer> {
  const ben = await stage.enter('Ben');
  await ben.open(url);
  await ben.editor.locator('p').first().click();
  await ben.page.keyboard.press('Control+Home');
  return ben;
}

describe('the bar at a selection', () => {
  it('is there for a selection, goes with Escape, and takes the focus by keyboard', async () => {
    const { writer: ada } = await write('Ada', 'some words');
    expect(await bubble(ada).count()).toBe(0);
    await ada.page.keyboard.press('Shift+Home');
    await bubble(ada).waitFor();
    await ada.page.keyboard.press('Escape');
    await eventually(() => bubble(ada).count()).toBe(0);
    expect(await selected(ada)).toBe('some words');
    await ada.page.keyboard.press('ArrowRight');
    await settled(ada);
    await ada.page.keyboard.press('Shift+Home');
    await bubble(ada).waitFor();
    await ada.page.keyboard.press('Alt+F10');
    await eventually(() => focused(ada)).toBe('Block type: Text');
    await ada.page.keyboard.press('ArrowRight');
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.innerHTML()).toBe('<p><strong>some words</strong></p>');
    await eventually(() => focused(ada)).toBe('Bold');
    await ada.page.keyboard.press('Escape');
    await eventually(() => focused(ada)).toBe('Document');
  });

  it('comes when the pointer is up, not while it selects', async () => {
    const { writer: ada } = await write('Ada', 'some words');
    const box = await ada.editor.locator('p').boundingBox();
    if (!box) throw new Error('There is no paragraph.');
    await ada.page.mouse.move(box.x + 2, box.y + 10);
    await ada.page.mouse.down();
    await ada.page.mouse.move(box.x + 60, box.y + 10, { steps: 5 });
    await eventually(() => selected(ada)).not.toBe('');
    expect(await bubble(ada).count()).toBe(0);
    await ada.page.mouse.up();
    await bubble(ada).waitFor();
  });

  it('stays and goes with the text while somebody else writes above', async () => {
    const { writer: ada, url } = await write('Ada', 'first\nsecond');
    await ada.page.keyboard.press('Shift+Home');
    await bubble(ada).waitFor();
    await bubble(ada).getByRole('button', { name: 'Color' }).click();
    const before = await bubble(ada).boundingBox();
    const ben = await joinAtStart(url);
    await ben.page.keyboard.type('one\ntwo\nthree\n');
    await eventually(() => ada.blocks()).toEqual(['one', 'two', 'three', 'first', 'second']);
    await eventually(async () => ((await bubble(ada).boundingBox())?.y ?? 0) - (before?.y ?? 0)).toBeGreaterThan(60);
    expect(await selected(ada)).toBe('second');
    await ada.page.getByRole('menuitemcheckbox', { name: 'Blue background' }).click();
    await eventually(() => ada.editor.locator('mark[data-color="blue"]').allTextContents()).toEqual(['second']);
  });
});

describe('a link', () => {
  // A program presses keys faster than a browser says what is selected.
  it('is made, changed and removed by keyboard; the address of a script is refused', { retry: 3 }, async () => {
    const { writer: ada } = await write('Ada', 'read this');
    await ada.page.keyboard.press('Shift+Home');
    await bubble(ada).waitFor();
    await settled(ada);
    await ada.page.keyboard.press('Control+k');
    const field = ada.page.getByRole('textbox', { name: 'Address' });
    await field.waitFor();
    await ada.page.keyboard.type('javascript:alert(1)');
    await ada.page.keyboard.press('Enter');
    await eventually(() => field.getAttribute('aria-invalid')).toBe('true');
    await field.fill('example.com/a');
    await ada.page.keyboard.press('Enter');
    const link = ada.editor.locator('a');
    await eventually(() => link.getAttribute('href')).toBe('https://example.com/a');
    await settled(ada);
    await ada.page.keyboard.type(' now');
    expect(await link.textContent()).toBe('read this');
    for (let step = 0; step < 6; step++) await ada.page.keyboard.press('ArrowLeft');
    await ada.page.getByRole('button', { name: 'Edit link' }).waitFor();
    await settled(ada);
    await ada.page.keyboard.press('Control+k');
    await field.waitFor();
    expect(await field.inputValue()).toBe('https://example.com/a');
    await ada.page.keyboard.type('somebody@example.com');
    await ada.page.keyboard.press('Enter');
    await eventually(() => link.getAttribute('href')).toBe('mailto:somebody@example.com');
    await ada.page.keyboard.press('ArrowLeft');
    await settled(ada);
    await ada.page.keyboard.press('Control+k');
    await field.waitFor();
    await ada.page.keyboard.press('Escape');
    await eventually(() => focused(ada)).toBe('Document');
    await settled(ada);
    await ada.page.keyboard.press('Control+k');
    await ada.page.getByRole('button', { name: 'Remove link' }).click();
    await eventually(() => ada.editor.innerHTML()).toBe('<p>read this now</p>');
  });

  it('is made when an address is pasted over a selection', async () => {
    const { writer: ada } = await write('Ada', 'read this');
    await ada.page.keyboard.press('Shift+Home');
    await bubble(ada).waitFor();
    await ada.page.evaluate(() => navigator.clipboard.writeText('https://example.com/pasted'));
    await ada.page.keyboard.press('Control+v');
    await eventually(() => ada.editor.locator('a').getAttribute('href')).toBe('https://example.com/pasted');
    expect(await ada.editor.locator('a').textContent()).toBe('read this');
  });

  it('keeps its form open, on the same text, while somebody else writes above', async () => {
    const { writer: ada, url } = await write('Ada', 'first\nsecond');
    await ada.page.keyboard.press('Shift+Home');
    await bubble(ada).waitFor();
    await ada.page.keyboard.press('Control+k');
    await ada.page.getByRole('textbox', { name: 'Address' }).waitFor();
    await ada.page.keyboard.type('example');
    const ben = await joinAtStart(url);
    await ben.page.keyboard.type('before\n');
    await eventually(() => ada.blocks()).toEqual(['before', 'first', 'second']);
    await ada.page.keyboard.type('.com');
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.locator('a').getAttribute('href')).toBe('https://example.com');
    expect(await ada.editor.locator('a').textContent()).toBe('second');
  });
});

describe('the slash menu', () => {
  it('finds by label, keyword and letters in order, and says when there is nothing', async () => {
    const { writer: ada } = await write('Ada', '/');
    await slash(ada).waitFor();
    expect(await slash(ada).getByRole('group').count()).toBeGreaterThan(1);
    expect(await ada.editor.getAttribute('aria-activedescendant')).toBe('scriptorium-slash-0');
    await ada.page.keyboard.type('todo');
    await eventually(async () => (await options(ada).allTextContents()).join()).toContain('Task list');
    for (let letter = 0; letter < 4; letter++) await ada.page.keyboard.press('Backspace');
    await ada.page.keyboard.type('hd2');
    await eventually(() => options(ada).first().getAttribute('data-name')).toBe('heading2');
    await ada.page.keyboard.type('zzz');
    await eventually(() => slash(ada).getByRole('status').textContent()).toBe('Nothing found');
    await ada.page.keyboard.press('Escape');
    await eventually(() => slash(ada).count()).toBe(0);
    expect(await ada.blocks()).toEqual(['/hd2zzz']);
    expect(await ada.editor.getAttribute('aria-activedescendant')).toBeNull();
  });

  it('turns the block into what is chosen, by keyboard and by mouse', async () => {
    const { writer: ada } = await write('Ada', 'Title');
    await ada.page.keyboard.type(' /head');
    await eventually(() => options(ada).count()).toBe(3);
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.innerHTML()).toContain('<h2>Title </h2>');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('/');
    await slash(ada).getByRole('option', { name: 'Quote' }).click();
    await ada.page.keyboard.type('wise');
    await eventually(() => ada.editor.locator('blockquote').textContent()).toBe('wise');
  });

  it('stays while somebody else writes, and is no menu within a word or in code', async () => {
    const { writer: ada, url } = await write('Ada', 'first\nand/or');
    expect(await slash(ada).count()).toBe(0);
    await ada.page.keyboard.type(' /bul');
    await slash(ada).waitFor();
    const ben = await joinAtStart(url);
    await ben.page.keyboard.type('before\n');
    await eventually(() => ada.blocks()).toEqual(['before', 'first', 'and/or /bul']);
    expect(await slash(ada).count()).toBe(1);
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.locator('ul').textContent()).toBe('and/or ');
  });
});

describe('whatever is open', () => {
  it('stays open, at the same line, while somebody else writes', async () => {
    const { writer: ada, url } = await write('Ada', 'first\nsecond ');
    const ben = await joinAtStart(url);
    const { page } = ada;
    const lines = page.locator(':is([role="option"][aria-selected="true"], [role^="menuitem"]:focus):visible');
    const openings: readonly [string, () => Promise<void>][] = [
      ['the slash menu', () => page.keyboard.type('/')],
      ['a menu of the bar at a selection', () => bubble(ada).getByRole('button', { name: 'Color' }).press('Enter')],
      ['the menu of a block', () => page.keyboard.press('Control+Shift+.')],
      ['the palette', () => page.keyboard.press('Control+Shift+P')],
    ];
    let written = '';
    for (const [where, open] of openings) {
      await open();
      await lines.first().waitFor();
      await page.keyboard.press('ArrowDown');
      const before = await lines.evaluateAll((all) => all.map((line) => line.getAttribute('data-name')));
      expect(before.length, where).toBe(1);
      await ben.page.keyboard.type('more ');
      written += 'more ';
      await eventually(async () => (await ada.blocks())[0]).toBe(`${written}first`);
      expect(await lines.evaluateAll((all) => all.map((line) => line.getAttribute('data-name'))), where).toEqual(
        before,
      );
      await page.keyboard.press('Escape');
      await eventually(() => lines.count()).toBe(0);
      if (where === 'the slash menu') {
        await page.keyboard.press('Shift+Home');
        await bubble(ada).waitFor();
      } else if (where === 'a menu of the bar at a selection') await ada.editor.focus();
      await settled(ada);
    }
  });
});

describe('the palette and the list of shortcuts', () => {
  it('finds any command, runs it on what is selected, and gives the focus back', async () => {
    const { writer: ada } = await write('Ada', 'some words');
    await ada.page.keyboard.press('Shift+Home');
    await bubble(ada).waitFor();
    await ada.page.keyboard.press('Control+Shift+P');
    const field = ada.page.getByRole('combobox');
    await field.waitFor();
    await ada.page.keyboard.type('under');
    await eventually(() => ada.page.getByRole('option').first().getAttribute('data-name')).toBe('underline');
    await ada.page.keyboard.press('Enter');
    await eventually(() => ada.editor.innerHTML()).toBe('<p><u>some words</u></p>');
    await eventually(() => focused(ada)).toBe('Document');
    await ada.page.keyboard.press('Control+Shift+P');
    await field.waitFor();
    await ada.page.keyboard.press('Escape');
    await eventually(() => focused(ada)).toBe('Document');
    await eventually(() => selected(ada)).toBe('some words');
  });

  it('shows every shortcut in a dialog that keeps the focus', async () => {
    const { writer: ada } = await write('Ada', 'some words');
    await ada.page.keyboard.press('Control+/');
    const dialog = ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.waitFor();
    expect(await dialog.getByText('Ctrl+Shift+8').count()).toBe(1);
    await eventually(() => focused(ada)).toBe('Close');
    await ada.page.keyboard.press('Enter');
    await eventually(() => dialog.count()).toBe(0);
    await eventually(() => focused(ada)).toBe('Document');
  });
});
