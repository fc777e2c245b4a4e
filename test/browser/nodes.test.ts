import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
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

/** Until what nodes can do is loaded. */
const behaves = (writer: Writer) =>
  eventually(() =>
    writer.page.evaluate(() => window.editor.state.plugins.some(({ spec }) => 'nodeViews' in (spec.props ?? {}))),
  ).toBe(true);
const json = (writer: Writer) => writer.page.evaluate(() => window.editor.getJSON());
const press = (writer: Writer, key: string) => writer.page.keyboard.press(key);
const type = (writer: Writer, text: string) => writer.page.keyboard.type(text);

/** Both have the same, and it is valid. */
async function expectSame(ada: Writer, ben: Writer): Promise<void> {
  await eventually(async () => JSON.stringify(await json(ben))).toBe(JSON.stringify(await json(ada)));
  for (const { page } of [ada, ben]) await page.evaluate(() => window.editor.state.doc.check());
}

describe('what nodes can do', () => {
  it('is added to a running editor without harm to undo', async () => {
    const { ada } = await together();
    await type(ada, 'one');
    await press(ada, 'Control+z');
    expect(await ada.blocks()).toEqual(['']);
    await press(ada, 'Control+Shift+z');
    expect(await ada.blocks()).toEqual(['one']);
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
