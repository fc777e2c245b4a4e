import { describe, expect, it } from 'vitest';
import { behaves, newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

const stage = setStage();

/** Two people in one document, the caret of the first in it. */
async function together(): Promise<{ ada: Writer; ben: Writer }> {
  const name = await newDocumentName(stage);
  const ada = await stage.enter('Ada');
  const ben = await stage.enter('Ben');
  for (const writer of [ada, ben]) {
    await openEmbed(stage, writer);
    await writer.page.evaluate(async ({ name, user }) => void (await window.embed(name, user).provider.whenSynced()), {
      name,
      user: writer.name,
    });
    await behaves(writer);
  }
  await ada.editor.click();
  return { ada, ben };
}

const json = (writer: Writer) => writer.page.evaluate(() => window.editor.getJSON());
const press = (writer: Writer, key: string) => writer.page.keyboard.press(key);
const type = (writer: Writer, text: string) => writer.page.keyboard.type(text);

/** The text of elements, without the names of others. */
const texts = (writer: Writer, selector: string) =>
  writer.page.locator(selector).evaluateAll((elements) =>
    elements.map((element) => {
      const shown = element.cloneNode(true) as Element;
      for (const widget of shown.querySelectorAll('.ProseMirror-widget')) widget.remove();
      return shown.textContent ?? '';
    }),
  );

/** Both have the same, and it is valid. */
async function expectSame(ada: Writer, ben: Writer): Promise<void> {
  // Both anew each time: what the one is waiting for may be the other's.
  await eventually(async () => JSON.stringify(await json(ben)) === JSON.stringify(await json(ada))).toBe(true);
  for (const { page } of [ada, ben]) await page.evaluate(() => window.editor.state.doc.check());
}

describe('what nodes can do', () => {
  it('is added to a running editor without harm to undo and to the caret', async () => {
    const { ada, ben } = await together();
    await type(ada, 'one');
    await ada.page.waitForTimeout(600);
    await type(ada, ' two');
    await press(ada, 'ArrowLeft');
    await ben.page.evaluate(() => window.editor.commands.insertContentAt(1, 'Ben '));
    await eventually(() => texts(ada, '.tiptap > p')).toEqual(['Ben one two']);
    // As when a part of the editor is loaded late.
    await ada.page.evaluate(() => {
      const Late = window.editor.state.plugins[0]?.constructor as new (spec: object) => never;
      window.editor.registerPlugin(new Late({}));
    });
    await ada.page.waitForTimeout(600);
    await type(ada, '!');
    await eventually(() => texts(ben, '.tiptap > p')).toEqual(['Ben one tw!o']);
    for (const left of ['Ben one two', 'Ben one', 'Ben ', 'Ben ']) {
      await press(ada, 'Control+z');
      await eventually(() => texts(ben, '.tiptap > p')).toEqual([left]);
    }
    for (let i = 0; i < 3; i++) await press(ada, 'Control+Shift+z');
    await eventually(() => texts(ben, '.tiptap > p')).toEqual(['Ben one tw!o']);
    await expectSame(ada, ben);
  });

  it('is nothing that changes the document for who may only read', async () => {
    const { ada, ben } = await together();
    await ada.page.evaluate(() =>
      window.editor.commands.setContent(
        '<ul data-type="taskList"><li data-type="taskItem"><p>milk</p></li></ul><div data-type="callout"><p>note</p></div>' +
          '<p><span data-type="inline-math" data-latex="x"></span></p><details><summary>S</summary><div data-type="detailsContent"><p>inside</p></div></details>',
      ),
    );
    await ben.page.getByText('note').waitFor();
    await ben.page.evaluate(() => window.handle.setEditable(false));
    const before = JSON.stringify(await json(ada));
    const box = ben.page.getByRole('checkbox', { name: 'milk' });
    await box.click();
    expect(await box.isChecked()).toBe(false);
    await ben.page.getByRole('button', { name: 'Kind: Info' }).click();
    await ben.page.locator('[data-type="inline-math"]').click();
    expect(await ben.page.getByRole('textbox', { name: 'Formula, as LaTeX' }).count()).toBe(0);
    await ben.page.getByRole('button', { name: 'Show details' }).click();
    await ben.page.getByText('inside').waitFor();
    expect(JSON.stringify(await json(ben))).toBe(before);
    await expectSame(ada, ben);
  });
});

describe('a task list', () => {
  it('is made by typing, ticked with the mouse and the keyboard, nested, and seen by others', async () => {
    const { ada, ben } = await together();
    await type(ada, '[ ] milk');
    await press(ada, 'Enter');
    await type(ada, 'bread');
    await press(ada, 'Tab');
    await press(ada, 'Control+Enter');
    await ada.page.getByRole('checkbox', { name: 'milk' }).click();
    await eventually(() => ben.page.getByRole('checkbox', { name: 'milk' }).isChecked()).toBe(true);
    await eventually(() => ben.page.getByRole('checkbox', { name: 'bread' }).isChecked()).toBe(true);
    expect(await ben.page.locator('li[data-type="taskItem"] li[data-type="taskItem"]').innerText()).toContain('bread');
    await expectSame(ada, ben);
  });
});

/** Chooses from a menu of the toolbar. */
async function choose({ page }: Writer, menu: string, command: string): Promise<void> {
  const bar = page.getByRole('toolbar', { name: 'Formatting' });
  await bar.getByRole('button', { name: menu }).click();
  await page
    .getByRole('menuitem', { name: command, exact: true })
    .or(page.getByRole('menuitemcheckbox', { name: command, exact: true }))
    .click();
}

/** The rows of the table, with bars between the cells. */
async function cells(writer: Writer): Promise<string[]> {
  const widths = await writer.page.locator('.tiptap tr').evaluateAll((rows) => rows.map((row) => row.children.length));
  const all = await texts(writer, '.tiptap :is(td, th)');
  return widths.map((width) => all.splice(0, width).join('|'));
}

describe('a table', () => {
  it('is made, filled, and changed in rows and columns, seen by others, and undone by who did it', async () => {
    const { ada, ben } = await together();
    await choose(ada, 'Insert', 'Table');
    for (const text of ['a', 'b', 'c', 'd']) {
      await type(ada, text);
      await press(ada, 'Tab');
    }
    await eventually(() => cells(ben)).toEqual(['a|b|c', 'd||', '||']);
    await press(ada, 'Shift+Tab');
    await press(ada, 'Shift+Tab');
    await choose(ada, 'Table', 'Column after');
    await choose(ada, 'Table', 'Row below');
    await eventually(() => cells(ben)).toEqual(['a|b|c|', '|||', 'd|||', '|||']);
    await ben.page.locator('.tiptap td').nth(4).click();
    await type(ben, 'Ben');
    await eventually(() => cells(ada)).toEqual(['a|b|c|', '|||', 'dBen|||', '|||']);
    await choose(ada, 'Table', 'Delete column');
    await eventually(() => cells(ben)).toEqual(['a|b|', '||', 'dBen||', '||']);
    await ada.page.waitForTimeout(600);
    await choose(ada, 'Table', 'Header row');
    await eventually(() => ben.page.locator('.tiptap th').count()).toBe(0);
    await press(ada, 'Control+z');
    await eventually(() => ben.page.locator('.tiptap th').count()).toBe(3);
    expect((await cells(ben)).join()).toContain('Ben');
    await expectSame(ada, ben);
  });

  it('gets a row from the tab key in its last cell, and cells are merged and split', async () => {
    const { ada, ben } = await together();
    await choose(ada, 'Insert', 'Table');
    for (let i = 0; i < 9; i++) await press(ada, 'Tab');
    await type(ada, 'last');
    await eventually(() => cells(ben)).toEqual(['||', '||', '||', 'last||']);
    await press(ada, 'Shift+ArrowRight');
    await press(ada, 'Shift+ArrowRight');
    await choose(ada, 'Table', 'Merge cells');
    await eventually(() => cells(ben)).toEqual(['||', '||', '||', 'last']);
    await choose(ada, 'Table', 'Split cell');
    await eventually(() => cells(ben)).toEqual(['||', '||', '||', 'last||']);
    await expectSame(ada, ben);
  });

  it('that two people changed at once is the same for both, does not grow by itself, and is mended by who edits it next', async () => {
    const { ada, ben } = await together();
    await choose(ada, 'Insert', 'Table');
    await type(ada, 'x');
    await eventually(() => cells(ben)).toEqual(['x||', '||', '||']);
    await ben.page.locator('.tiptap th').first().click();
    for (const { page } of [ada, ben]) await page.evaluate(() => window.handle.provider.disconnect());
    await choose(ada, 'Table', 'Column after');
    await choose(ben, 'Table', 'Row below');
    for (const { page } of [ada, ben]) await page.evaluate(() => window.handle.provider.connect());
    // The new row does not have the new column.
    await eventually(() => cells(ada)).toEqual(['x|||', '||', '|||', '|||']);
    await expectSame(ada, ben);
    await type(ada, 'y');
    await type(ben, 'z');
    await expectSame(ada, ben);
    expect((await cells(ada)).map((row) => row.split('|').length)).toEqual([4, 3, 4, 4]);
    await choose(ada, 'Table', 'Row below');
    await eventually(async () => (await cells(ben)).map((row) => row.split('|').length)).toEqual([4, 4, 4, 4, 4]);
    await expectSame(ada, ben);
  });

  it('has columns as wide as somebody draws them', async () => {
    const { ada, ben } = await together();
    await choose(ada, 'Insert', 'Table');
    const box = await ada.page.locator('.tiptap th').first().boundingBox();
    if (!box) throw new Error('There is no table.');
    const edge = { x: box.x + box.width - 1, y: box.y + box.height / 2 };
    await ada.page.mouse.move(edge.x, edge.y);
    await ada.page.mouse.down();
    await ada.page.mouse.move(edge.x - 80, edge.y, { steps: 4 });
    await ada.page.mouse.up();
    const width = async ({ page }: Writer) =>
      Math.round((await page.locator('.tiptap th').first().boundingBox())?.width ?? 0);
    await eventually(() => width(ada)).toBe(Math.round(box.width) - 80);
    await eventually(async () => (await width(ben)) === (await width(ada))).toBe(true);
    await expectSame(ada, ben);
  });

  it('whose cells say that they are a billion columns wide is shown for reading', async () => {
    const { ada, ben } = await together();
    await choose(ada, 'Insert', 'Table');
    await eventually(() => cells(ben)).toEqual(['||', '||', '||']);
    await ada.page.evaluate(() => {
      const { Y } = window;
      const table = window.handle.doc.getXmlFragment('default').get(0) as InstanceType<typeof Y.XmlElement>;
      const row = table.get(0) as typeof table;
      (row.get(0) as typeof table).setAttribute('colspan', '999999999');
    });
    for (const { page } of [ada, ben]) await page.getByText('property “tableHeader.colspan”').waitFor();
  });
});

describe('code', () => {
  it('is highlighted in its language, which others see, and the tab key indents it', async () => {
    const { ada, ben } = await together();
    await type(ada, '```js ');
    await type(ada, 'const a = "x"');
    await press(ada, 'Tab');
    await eventually(() => texts(ben, '.tiptap .hljs-keyword').then((all) => all.join(''))).toBe('const');
    await eventually(() => texts(ben, '.tiptap .hljs-string').then((all) => all.join(''))).toBe('"x"');
    await ada.page.getByRole('combobox', { name: 'Language of the code' }).focus();
    await ada.page.getByRole('combobox', { name: 'Language of the code' }).selectOption('Plain text');
    await eventually(() => ben.page.locator('.tiptap .hljs-keyword').count()).toBe(0);
    expect(await texts(ben, '.tiptap pre')).toEqual(['const a = "x"  ']);
    await expectSame(ada, ben);
  });

  it('is copied with a button, which says so, also for who may only read and where the page may not use the clipboard', async () => {
    const { ada, ben } = await together();
    await ada.page.evaluate(() => window.editor.commands.setContent('<pre><code>one\n  two</code></pre><p></p>'));
    await ben.page.locator('.tiptap pre').waitFor();
    await ben.page.evaluate(() => window.handle.setEditable(false));
    await ben.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await ben.page.getByRole('button', { name: 'Copy code' }).click();
    await ben.page.getByRole('status').getByText('Copied', { exact: true }).waitFor();
    expect(await ben.page.evaluate(() => navigator.clipboard.readText())).toBe('one\n  two');
    // In the old way, after which one goes on writing.
    await ada.page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      window.editor.commands.focus('end');
    });
    await ada.page.getByRole('button', { name: 'Copy code' }).click();
    await ada.page.getByRole('status').getByText('Copied', { exact: true }).waitFor();
    await press(ada, 'Control+v');
    await eventually(() => texts(ada, '.tiptap > p')).toEqual(['one', '  two']);
  });
});

describe('details', () => {
  it('are open for who opens them alone, also while others write in them', async () => {
    const { ada, ben } = await together();
    await choose(ada, 'Insert', 'Details');
    await type(ada, 'Title');
    await press(ada, 'Enter');
    await type(ada, 'inside');
    await eventually(() => ben.page.locator('.tiptap summary').allTextContents()).toEqual(['Title']);
    const inside = (writer: Writer) => writer.page.getByText('inside').isVisible();
    expect([await inside(ada), await inside(ben)]).toEqual([true, false]);
    const toggle = ben.page.getByRole('button', { name: 'Show details' });
    await toggle.click();
    expect(await inside(ben)).toBe(true);
    await type(ada, ' more');
    await ben.page.getByText('inside more').waitFor();
    await ben.page.getByRole('button', { name: 'Hide details' }).click();
    expect([await inside(ada), await inside(ben)]).toEqual([true, false]);
    // Enter in an empty last line goes on below.
    await press(ada, 'Enter');
    await press(ada, 'Enter');
    await type(ada, 'below');
    await eventually(() => texts(ben, '.tiptap > p')).toContain('below');
    await expectSame(ada, ben);
  });
});

describe('a callout', () => {
  it('is around what I write, and its kind changes with a press', async () => {
    const { ada, ben } = await together();
    await type(ada, 'care');
    await choose(ada, 'Insert', 'Warning callout');
    const kind = () => ben.page.locator('[data-type="callout"]').getAttribute('data-kind');
    await eventually(kind).toBe('warning');
    await ada.page.getByRole('button', { name: 'Kind: Warning' }).click();
    await eventually(kind).toBe('danger');
    await press(ada, 'Enter');
    await press(ada, 'Enter');
    await type(ada, 'out');
    await eventually(() => texts(ben, '.tiptap > p')).toContain('out');
    await expectSame(ada, ben);
  });
});

describe('a formula', () => {
  it('is typed between dollars, or in a box that shows it, and errors are said', async () => {
    const { ada, ben } = await together();
    await type(ada, 'so $x^2$ holds');
    await ben.page.locator('.tiptap math msup').waitFor();
    await press(ada, 'Enter');
    await choose(ada, 'Insert', 'Formula');
    const box = ada.page.getByRole('textbox', { name: 'Formula, as LaTeX' });
    await box.fill('\\frac{1}{2}');
    await ada.page.locator('.tiptap [data-type="block-math"] mfrac').waitFor();
    expect(await ben.page.locator('.tiptap mfrac').count()).toBe(0);
    await press(ada, 'Enter');
    await ben.page.locator('.tiptap [data-type="block-math"] mfrac').waitFor();
    await ada.page.locator('[data-type="inline-math"]').click();
    await box.fill('\\nonsense{');
    await ada.page.locator('[data-type="inline-math"][data-error]').waitFor();
    await press(ada, 'Escape');
    await ada.page.locator('[data-type="inline-math"] msup').waitFor();
    await ada.page.locator('[data-type="inline-math"]').click();
    await box.fill('\\href{javascript:alert(1)}{x} \\includegraphics{//evil.example/x.png}');
    await press(ada, 'Enter');
    await eventually(async () => JSON.stringify(await json(ben))).toContain('javascript:alert');
    expect(await ben.page.locator('.tiptap :is(a, img)').count()).toBe(0);
    await expectSame(ada, ben);
  });
});

describe('suggestions', () => {
  it('of people are those who are here and those whom the product knows, by keyboard', async () => {
    const { ada, ben } = await together();
    await type(ada, 'ask @b');
    const list = ada.page.getByRole('listbox', { name: 'People' });
    await list.getByRole('option', { name: 'Ben' }).waitFor();
    expect(await list.getByRole('option').count()).toBe(1);
    const active = await ada.editor.getAttribute('aria-activedescendant');
    expect(await ada.page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true');
    await press(ada, 'Enter');
    await type(ada, 'now');
    await eventually(() => ben.blocks()).toEqual(['ask @Ben now']);
    expect(await ben.page.locator('[data-type="mention"]').getAttribute('data-id')).toBe('Ben');
    expect(await list.isVisible()).toBe(false);
    expect(await ada.editor.getAttribute('aria-activedescendant')).toBeNull();
    // The other never had a list: what others type opens none.
    expect(await ben.page.getByRole('listbox').count()).toBe(0);
    await press(ada, 'Control+z');
    await eventually(() => ben.blocks()).not.toEqual(['ask @Ben now']);
    await expectSame(ada, ben);
  });

  it('of emoji are plain characters, and Escape leaves what was typed', async () => {
    const { ada, ben } = await together();
    await type(ada, ':roc');
    const list = ada.page.getByRole('listbox', { name: 'Emoji' });
    await list.getByRole('option', { name: 'rocket' }).waitFor();
    await list.getByRole('option', { name: 'rocket' }).click();
    await eventually(() => ben.blocks()).toEqual(['🚀']);
    await type(ada, ' :roc');
    await list.waitFor();
    await press(ada, 'Escape');
    expect(await list.isVisible()).toBe(false);
    await type(ada, 'k');
    expect(await list.isVisible()).toBe(false);
    await eventually(() => ben.blocks()).toEqual(['🚀 :rock']);
    await type(ada, ' 10:30');
    expect(await list.isVisible()).toBe(false);
    await expectSame(ada, ben);
  });
});

describe('an address', () => {
  it('becomes a link when I type it, also when I paste it over words', async () => {
    const { ada, ben } = await together();
    await type(ada, 'see example.org and');
    await eventually(() => ben.page.locator('.tiptap a').getAttribute('href')).toBe('https://example.org');
    await ada.page.evaluate(() => {
      window.editor.commands.setTextSelection({ from: 1, to: 4 });
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'https://example.com/page');
      window.editor.view.dom.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    await eventually(() => ben.page.locator('.tiptap a').first().getAttribute('href')).toBe('https://example.com/page');
    expect(await texts(ben, '.tiptap a')).toEqual(['see', 'example.org']);
    await expectSame(ada, ben);
  });
});
