import type { TiptapEditorHTMLElement } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import { holdMessages, SYNC, SYNC_STATUS } from './held-socket.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved } from './writer.ts';

const stage = setStage();

describe('the page of a document', () => {
  it('lets nobody write before the content of the server is there', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    await ada.open(url);
    await ada.editor.click();
    await ada.page.keyboard.type('What is there');
    await expectSaved(ada);

    const ben = await stage.enter('Ben');
    const sync = await holdMessages(ben.page, SYNC);
    await ben.page.goto(url);
    await eventually(sync.count).toBeGreaterThan(0);
    const text = ben.page.locator('.tiptap');
    await text.waitFor({ state: 'attached' });
    expect(await text.getAttribute('contenteditable')).toBe('false');
    expect(await ben.page.getByRole('button', { name: 'Bold' }).getAttribute('aria-disabled')).toBe('true');
    // Neither by keys nor by a command, as an extension would.
    await text.focus();
    await ben.page.keyboard.type('too early');
    await text.evaluate((element: TiptapEditorHTMLElement) => element.editor?.commands.insertContent('too early'));
    expect(await ben.blocks()).toEqual(['']);
    sync.release();
    await ben.editor.waitFor();
    await expectBlocks([ada, ben], ['What is there']);
  });

  it('says "Saved" only when the server has acknowledged what was written', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    const acknowledgements = await holdMessages(ada.page, SYNC_STATUS);
    await ada.open(url);
    await ben.open(url);
    await expectSaved(ada);
    await ada.editor.click();
    await ada.page.keyboard.type('x');
    // It has been at the server and back to Ben, but whether it is stored nobody has said.
    await expectBlocks([ben], ['x']);
    await eventually(acknowledgements.count).toBeGreaterThan(0);
    expect(await ada.saveState()).toBe('Saving...');
    acknowledgements.release();
    await expectSaved(ada);
  });

  it('begins a new document with its title, and goes on to the text with Enter', async () => {
    const ada = await stage.enter('Ada');
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('button', { name: 'New document' }).click();
    await ada.editor.waitFor();
    await ada.page.keyboard.type('A title');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('And text');
    await expectBlocks([ada], ['And text']);
    expect(await ada.page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('A title');
    await expectSaved(ada);
    await ada.page.goBack();
    await ada.page.getByRole('link', { name: 'A title' }).waitFor();
  });

  it('asks before it is closed with changes that are neither on the server nor on the device, and only then', async () => {
    const ada = await stage.enter('Ada');
    const acknowledgements = await holdMessages(ada.page, SYNC_STATUS);
    await ada.open(await stage.newDocument());
    let asked = 0;
    ada.page.on('dialog', (dialog) => {
      asked += dialog.type() === 'beforeunload' ? 1 : 0;
      void dialog.accept();
    });
    await ada.editor.click();
    await ada.page.keyboard.type('x');
    await eventually(() => ada.saveState()).toBe('Saving...');
    await ada.reload();
    expect(asked).toBe(0);
    await expectBlocks([ada], ['x']);

    await ada.page.addInitScript(() => Reflect.deleteProperty(window, 'indexedDB'));
    await ada.reload();
    await ada.editor.click();
    await ada.page.keyboard.type('y');
    await eventually(() => ada.saveState()).toBe('Saving...');
    await ada.page.reload();
    expect(asked).toBe(1);
    acknowledgements.release();
    await ada.editor.click();
    await ada.page.keyboard.type('z');
    await expectSaved(ada);
    await ada.page.reload();
    expect(asked).toBe(1);
  });

  it('keeps the connection after going back to the list until all is saved, then leaves nothing open', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    let openSockets = 0;
    const acknowledgements = await holdMessages(ada.page, SYNC_STATUS, (change) => {
      openSockets += change;
    });
    await ben.open(url);
    await ada.open(url);
    const people = ben.page.locator('.scriptorium-people .scriptorium-person');
    await eventually(() => people.count()).toBe(2);
    await ada.editor.click();
    await ada.page.keyboard.type('Last words');
    await ada.page.getByRole('link', { name: 'All documents' }).click();
    await ada.page.getByRole('heading', { name: 'Documents' }).waitFor();
    await eventually(() => people.count()).toBe(1);
    await expectBlocks([ben], ['Last words']);
    const isOpen = () => openSockets > 0;
    expect(isOpen()).toBe(true);
    acknowledgements.release();
    await eventually(isOpen).toBe(false);
  });

  it('leaves no socket and no editor behind, however often one comes and goes', async () => {
    const ada = await stage.enter('Ada');
    let open = 0;
    ada.page.on('websocket', (socket) => {
      open++;
      socket.on('close', () => open--);
    });
    const url = await stage.newDocument();
    await ada.open(url);
    for (let i = 0; i < 5; i++) {
      await ada.page.getByRole('link', { name: 'All documents' }).click();
      await eventually(() => open).toBe(0);
      expect(await ada.page.locator('.scriptorium').count()).toBe(0);
      await ada.page.goBack();
      await ada.editor.waitFor();
      expect(await ada.page.locator('.tiptap').count()).toBe(1);
      await eventually(() => open).toBe(1);
    }
  });

  it('copies its link, and shows it where the browser does not allow that', async () => {
    const url = await stage.newDocument();
    const allowed = await stage.enter('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
    await allowed.open(url);
    await allowed.page.getByRole('button', { name: 'Share' }).click();
    await allowed.page.getByText('Anybody who can reach this server may edit it.').waitFor();
    await allowed.page.getByRole('button', { name: 'Copy the address' }).click();
    await allowed.page.getByText('Copied').first().waitFor();
    expect(await allowed.page.evaluate(() => navigator.clipboard.readText())).toBe(url);

    const refused = await stage.enter('Ben');
    await refused.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await refused.open(url);
    await refused.page.getByRole('button', { name: 'Share' }).click();
    expect(await refused.page.getByRole('dialog').getByRole('textbox').inputValue()).toBe(url);
    await refused.page.getByRole('button', { name: 'Copy the address' }).click();
    await refused.page.getByText(`Copy it from here: ${url}`).waitFor();
  });

  it('says so when there is no such document, and makes none', async () => {
    const ada = await stage.enter('Ada');
    ada.expect404s();
    await ada.page.goto(`${stage.server.url}/d/nothing`);
    await ada.page.getByRole('heading', { name: 'There is no such document' }).waitFor();
    const response = await fetch(`${stage.server.url}/api/documents/nothing`);
    expect(response.status).toBe(404);
  });
});
