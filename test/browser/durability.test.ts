import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, expectSaved, type Writer } from './writer.ts';

const stage = setStage();

const title = (writer: Writer) => writer.page.getByRole('textbox', { name: 'Title' });

describe('what was written', () => {
  it('is there after a reload, with its formatting', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('# Heading\n- one\ntwo\n\n**bold** end\n# The end');
    await expectSaved(ada);
    const html = await ada.editor.innerHTML();
    expect(html).toContain('<strong>bold</strong>');
    await ada.reload();
    await expectBlocks([ada], ['Heading', 'onetwo', 'bold end', 'The end']);
    expect(await ada.editor.innerHTML()).toBe(html);
  });

  it('is there after the server was killed the moment the page said "Saved"', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    await ada.editor.click();
    await ada.page.keyboard.type('This must never be lost.');
    await expectSaved(ada);
    ada.expectDisconnects();
    await stage.server.kill('SIGKILL');
    await stage.server.restart();
    await ada.reload();
    await expectBlocks([ada], ['This must never be lost.']);
  });

  it('while the server was away reaches it and the others when it is back, without a reload', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await ada.open(url);
    await ben.open(url);
    await ada.editor.click();
    await ada.page.keyboard.type('Before. ');
    await expectSaved(ada);
    await expectBlocks([ben], ['Before. ']);
    for (const writer of [ada, ben]) writer.expectDisconnects();
    await stage.server.kill('SIGKILL');
    await eventually(() => ada.saveState()).toBe('Offline: all changes are saved');
    await eventually(() => ada.caretNames()).toEqual([]);

    await ada.page.keyboard.type('Away.');
    await eventually(() => ada.saveState()).toBe('Offline: kept on this device (5 changes)');
    await ben.editor.click();
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type('!');
    await eventually(() => ben.saveState()).toBe('Offline: kept on this device (1 change)');

    await stage.server.restart();
    await expectSaved(ada);
    await expectSaved(ben);
    const [together] = await ada.blocks();
    expect(together).toMatch(/^Before\. (Away\.!|!Away\.)$/);
    await expectBlocks([ada, ben], [together ?? '']);
    await eventually(() => ada.caretNames()).toEqual(['Ben']);
    await ada.reload();
    await expectBlocks([ada], [together ?? '']);
  });

  it('as a title is seen by the others, and is there after a restart', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    await ada.open(url);
    await ben.open(url);
    await title(ada).fill('A plan for the garden');
    await eventually(() => title(ben).inputValue()).toBe('A plan for the garden');
    await eventually(() => ben.page.title()).toBe('A plan for the garden · Scriptorium');
    await expectSaved(ada);

    for (const writer of [ada, ben]) writer.expectDisconnects();
    await stage.server.kill('SIGKILL');
    await eventually(() => ada.saveState()).toBe('Offline: all changes are saved');
    await title(ben).fill('Plans for the garden');
    await eventually(() => ben.saveState()).toBe('Offline: kept on this device (1 change)');
    await stage.server.restart();
    await expectSaved(ben);
    await eventually(() => title(ada).inputValue()).toBe('Plans for the garden');

    await stage.server.kill('SIGKILL');
    await stage.server.restart();
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('link', { name: 'Plans for the garden' }).click();
    await eventually(() => title(ada).inputValue()).toBe('Plans for the garden');
  });
});
