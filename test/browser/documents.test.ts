import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved, type Writer } from './writer.ts';

const stage = setStage();

/** Makes documents with these titles, the last one edited last. */
async function make(...titles: readonly string[]): Promise<void> {
  for (const title of titles) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ title });
    await fetch(`${stage.server.url}/api/documents`, { method: 'POST', headers, body });
  }
}

async function titlesOnServer(): Promise<string[]> {
  const response = await fetch(`${stage.server.url}/api/documents`);
  const { documents } = (await response.json()) as { documents: { title: string }[] };
  return documents.map(({ title }) => title);
}

/** A person at the list of which only the documents with `search` in their titles show. */
async function atList(search: string): Promise<Writer> {
  const ada = await stage.enter('Ada');
  await ada.page.goto(stage.server.url);
  await ada.page.locator('.document-link').first().waitFor();
  await ada.page.keyboard.press('/');
  await ada.page.keyboard.type(search);
  return ada;
}

const shown = (writer: Writer): Promise<string[]> =>
  writer.page.locator('.document-title').evaluateAll((titles) => titles.map((title) => title.textContent ?? ''));
const focused = (writer: Writer): Promise<string> =>
  writer.page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

describe('the list of documents', () => {
  it('is gone through by keyboard: searched, opened, renamed, starred', async () => {
    await make('Keys one', 'Keys two', 'Keys three');
    const ada = await atList('keys');
    await eventually(() => shown(ada)).toEqual(['Keys three', 'Keys two', 'Keys one']);
    const { keyboard } = ada.page;
    await keyboard.press('ArrowDown');
    expect(await focused(ada)).toBe('Keys three');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    expect(await focused(ada)).toBe('Keys one');
    await keyboard.press('Home');
    await keyboard.press('F2');
    await keyboard.type('Keys, renamed');
    await keyboard.press('Escape');
    expect(await focused(ada)).toBe('Keys three');
    await keyboard.press('F2');
    await keyboard.type('Keys, renamed');
    await keyboard.press('Enter');
    await eventually(() => focused(ada)).toBe('Keys, renamed');
    await eventually(titlesOnServer).toContain('Keys, renamed');
    await keyboard.press('s');
    await ada.page.getByText('Starred', { exact: true }).click();
    await eventually(() => shown(ada)).toEqual(['Keys, renamed']);
    await ada.page.reload();
    await ada.page.locator('.document-row[data-starred]', { hasText: 'Keys, renamed' }).waitFor();
    await ada.page.getByText('Starred', { exact: true }).click();
    await ada.page.getByRole('link', { name: 'Keys, renamed' }).focus();
    await keyboard.press('Enter');
    await ada.editor.waitFor();
  });

  it('is sorted, and knows what was opened here', async () => {
    await make('Sorted b', 'Sorted c', 'Sorted a');
    const ada = await atList('sorted');
    await eventually(() => shown(ada)).toEqual(['Sorted a', 'Sorted c', 'Sorted b']);
    await ada.page.getByLabel('Sort by').selectOption('Title');
    await eventually(() => shown(ada)).toEqual(['Sorted a', 'Sorted b', 'Sorted c']);
    await ada.page.getByRole('link', { name: 'Sorted c' }).click();
    await ada.editor.waitFor();
    await ada.page.goBack();
    await ada.page.getByText('Recent', { exact: true }).click();
    await eventually(() => shown(ada)).toEqual(['Sorted c']);
    await ada.page.getByLabel('Search titles').fill('nothing like it');
    await ada.page.getByRole('heading', { name: 'No title has “nothing like it” in it' }).waitFor();
  });

  it('deletes after a while in which that can be taken back', async () => {
    await make('Deleted, and back', 'Deleted');
    const ada = await atList('deleted');
    await eventually(() => shown(ada)).toEqual(['Deleted', 'Deleted, and back']);
    await ada.page.getByRole('link', { name: 'Deleted, and back' }).focus();
    await ada.page.keyboard.press('Delete');
    await eventually(() => shown(ada)).toEqual(['Deleted']);
    await eventually(() => focused(ada)).toBe('Deleted');
    expect(await titlesOnServer()).toContain('Deleted, and back');
    await ada.page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await eventually(() => shown(ada)).toEqual(['Deleted', 'Deleted, and back']);
    await ada.page.getByRole('button', { name: 'More about Deleted', exact: true }).click();
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
    await eventually(() => shown(ada)).toEqual(['Deleted, and back']);
    await expect.poll(titlesOnServer, { timeout: 20_000 }).not.toContain('Deleted');
    expect(await titlesOnServer()).toContain('Deleted, and back');
  });

  it('loses nothing when the page is closed before a deletion is done', async () => {
    await make('Not yet gone');
    const ada = await atList('not yet gone');
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.press('Delete');
    await ada.page.getByText('“Not yet gone” was deleted.').waitFor();
    await ada.page.reload();
    await ada.page.getByRole('link', { name: 'Not yet gone' }).waitFor();
    expect(await titlesOnServer()).toContain('Not yet gone');
  });

  it('duplicates a document with what is in it', async () => {
    const ada = await stage.enter('Ada');
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('button', { name: 'New document' }).click();
    await ada.editor.waitFor();
    await ada.page.keyboard.type('Original\n');
    await ada.page.keyboard.type('What is in it');
    await expectSaved(ada);
    await ada.page.goBack();
    await ada.page.getByRole('button', { name: 'More about Original' }).click();
    await ada.page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await ada.page.getByRole('link', { name: 'Copy of Original' }).click();
    await expectBlocks([ada], ['What is in it']);
  });

  it('has a menu that is opened and closed by keyboard, and gives the focus back', async () => {
    await make('With a menu');
    const ada = await atList('with a menu');
    const { keyboard } = ada.page;
    await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('ArrowDown');
    await eventually(() => focused(ada)).toBe('Open in a new tab');
    await keyboard.press('ArrowUp');
    expect(await focused(ada)).toBe('Delete');
    await keyboard.press('Escape');
    await eventually(() => ada.page.getByRole('menu').count()).toBe(0);
    expect(await ada.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'More about With a menu',
    );
  });

  it('says that the server is away, shows what this device knows, and goes on by itself', async () => {
    await make('Known offline');
    const ada = await atList('known offline');
    ada.expectDisconnects();
    await stage.server.kill('SIGTERM');
    await ada.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await ada.page.getByText('There is no connection.').waitFor();
    await ada.page.getByRole('link', { name: 'Known offline' }).waitFor();
    await stage.server.restart();
    await eventually(() => ada.page.getByText('There is no connection.').count()).toBe(0);
  });
});

describe('how the page looks', () => {
  it('follows the theme and the language that are chosen, also after a reload, and without a flash', async () => {
    await make('Looks');
    const ada = await stage.enter('Ada', { colorScheme: 'light' });
    await ada.page.goto(stage.server.url);
    const background = () => ada.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await ada.page.getByRole('button', { name: 'You and this device' }).click();
    await ada.page.getByText('Dark', { exact: true }).click();
    expect(await background()).not.toBe(light);
    await ada.page.getByLabel('Language').selectOption('Deutsch');
    await eventually(() => ada.page.evaluate(() => document.documentElement.lang)).toBe('de');
    await ada.page.keyboard.press('Escape');
    // Before any module of the page has run.
    await ada.page.route('**/assets/*.js', (route) => route.abort());
    ada.expectOnConsole(/ERR_FAILED/);
    await ada.page.reload();
    expect(await background()).not.toBe(light);
    await ada.page.unroute('**/assets/*.js');
    await ada.page.reload();
    await ada.page.getByRole('heading', { name: 'Dokumente' }).waitFor();
  });
});
