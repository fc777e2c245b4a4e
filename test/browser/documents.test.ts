import { readFile } from 'node:fs/promises';
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
    await eventually(() => focused(ada)).toBe('Keys three');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await eventually(() => focused(ada)).toBe('Keys one');
    await keyboard.press('Home');
    await keyboard.press('F2');
    await keyboard.type('Keys, renamed');
    await keyboard.press('Escape');
    await eventually(() => focused(ada)).toBe('Keys three');
    await keyboard.press('F2');
    await keyboard.type('Keys, renamed');
    await keyboard.press('Enter');
    await eventually(() => focused(ada)).toBe('Keys, renamed');
    await eventually(titlesOnServer).toContain('Keys, renamed');
    await keyboard.press('s');
    await ada.page.getByRole('radio', { name: 'Starred' }).check();
    await eventually(() => shown(ada)).toEqual(['Keys, renamed']);
    await ada.page.reload();
    await ada.page.locator('.document-row[data-starred]', { hasText: 'Keys, renamed' }).waitFor();
    await ada.page.getByRole('radio', { name: 'Starred' }).check();
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
    await ada.page.getByRole('radio', { name: 'Recent' }).check();
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
    await eventually(() => focused(ada)).toBe('Delete');
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
    await ada.page.getByRole('radio', { name: 'Dark' }).check();
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

describe('a new document', () => {
  it('begins with a template, in the language of the page, and is seeded once', async () => {
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('button', { name: /^Meeting notes/ }).click();
    await ada.editor.waitFor();
    await ben.open(ada.page.url());
    for (const writer of [ada, ben]) {
      await eventually(() => writer.page.locator('.tiptap h2').allTextContents()).toEqual([
        'Agenda',
        'Notes',
        'Decisions',
        'To do',
      ]);
      expect(await writer.page.locator('.tiptap [data-type="taskList"] li').count()).toBe(1);
    }
    expect(await ada.page.getByRole('textbox', { name: 'Title' }).inputValue()).toMatch(/^Meeting, .*\d{4}$/);
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('button', { name: 'You and this device' }).click();
    await ada.page.getByLabel('Language').selectOption('Français');
    await ada.page.keyboard.press('Escape');
    await ada.page.getByRole('button', { name: /^Journal/ }).click();
    await ada.page.getByRole('heading', { name: 'Ce que j’ai appris' }).waitFor();
  });

  it('is made of each file that is dropped on the list, without what is dangerous in it', async () => {
    const ada = await stage.enter('Ada');
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('heading', { name: 'Documents' }).waitFor();
    const files = await ada.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['## From Markdown\n\n- [x] done\n'], 'Dropped one.md'));
      transfer.items.add(new File(['<h2>From HTML</h2><script>alert(1)</script><p>Text'], 'Dropped two.html'));
      transfer.items.add(new File(['First line\r\nSecond line'], 'Dropped three.txt'));
      transfer.items.add(new File(['MZ'], 'program.exe'));
      return transfer;
    });
    await ada.page.locator('documents-page').dispatchEvent('dragover', { dataTransfer: files });
    await ada.page.getByText('Drop Markdown, HTML or text to make documents of it').waitFor();
    await ada.page.locator('documents-page').dispatchEvent('drop', { dataTransfer: files });
    await ada.page.getByText('3 documents were imported.').waitFor();
    await ada.page.getByText('“program.exe” could not be imported: it is neither Markdown nor HTML nor text').waitFor();
    for (const [title, blocks] of [
      ['Dropped one', ['From Markdown', 'done']],
      ['Dropped two', ['From HTML', 'Text']],
      ['Dropped three', ['First line', 'Second line']],
    ] as const) {
      await ada.page.getByRole('link', { name: title }).click();
      await expectBlocks([ada], blocks);
      await ada.page.getByRole('link', { name: 'All documents' }).click();
    }
  });
});

describe('the menu of a document', () => {
  it('saves it as Markdown, HTML and text, and takes a file in', async () => {
    const ada = await stage.enter('Ada');
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('button', { name: 'New document' }).click();
    await ada.editor.waitFor();
    await ada.page.keyboard.type('A/B: test\n');
    await ada.page.keyboard.type('## Heading\nSome **bold** words.');
    const save = async (item: string): Promise<readonly [name: string, text: string]> => {
      await ada.page.getByRole('button', { name: 'More', exact: true }).last().click();
      const [file] = await Promise.all([
        ada.page.waitForEvent('download'),
        ada.page.getByRole('menuitem', { name: item }).click(),
      ]);
      return [file.suggestedFilename(), await readFile(await file.path(), 'utf8')];
    };
    expect(await save('Markdown (.md)')).toEqual(['A B test.md', '## Heading\n\nSome **bold** words.\n']);
    expect(await save('Plain text (.txt)')).toEqual(['A B test.txt', 'Heading\n\nSome bold words.\n']);
    const [name, page] = await save('Web page (.html)');
    expect(name).toBe('A B test.html');
    expect(page).toContain('<title>A/B: test</title>');
    expect(page).toContain('<strong>bold</strong>');
    await ada.page.keyboard.press('Control+End');
    await ada.page.getByRole('button', { name: 'More', exact: true }).last().click();
    const [chooser] = await Promise.all([
      ada.page.waitForEvent('filechooser'),
      ada.page.getByRole('menuitem', { name: 'Import a file here' }).click(),
    ]);
    await chooser.setFiles({
      name: 'more.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from('### More\n\n1. first\n'),
    });
    await eventually(() => ada.blocks()).toContain('More');
    await expectSaved(ada);
  });
});
