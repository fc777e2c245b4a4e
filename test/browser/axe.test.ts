import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { png } from '../support/images.ts';
import { setStage } from './stage.ts';
import { eventually, expectSaved, settled, type Writer } from './writer.ts';

const stage = setStage();
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    axe: { run(options: RunOptions): Promise<AxeResults> };
  }
}

/** What axe finds wrong: the rule, and the elements. */
async function violations(page: Page): Promise<string[]> {
  // Not as a script of the page, which its content security policy would refuse.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  // What comes and goes has its own colours while it does.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
  return page.evaluate(async () => {
    const { violations } = await window.axe.run({ resultTypes: ['violations'] });
    // axe knows of combo boxes that arrow keys scroll the list that they control; in a text it is no different.
    const list = `#${document.activeElement?.getAttribute('aria-controls')}`;
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ target }) => id !== 'scrollable-region-focusable' || target[0] !== list)
        .map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

async function expectClean(writer: Writer, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await writer.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await violations(writer.page), `${where}, ${colorScheme}`).toEqual([]);
  }
}

describe('axe finds nothing wrong', () => {
  it('with the list of documents, empty and with documents, and with its dialogs', async () => {
    const ada = await stage.enter('Ada', { reducedMotion: 'reduce' });
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('button', { name: 'New document' }).first().waitFor();
    await expectClean(ada, 'no documents');
    await ada.open(await stage.newDocument());
    await ada.page.getByRole('textbox', { name: 'Title' }).fill('A title');
    await expectSaved(ada);
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('link', { name: 'A title' }).waitFor();
    await expectClean(ada, 'documents');
    await ada.page.getByRole('button', { name: 'Ada' }).click();
    await ada.page.getByRole('dialog').waitFor();
    await expectClean(ada, 'settings');
    await ada.page.keyboard.press('Escape');
    await ada.page.locator('.document-row').hover();
    await ada.page.locator('.document-row [aria-haspopup="menu"]').click();
    await ada.page.getByRole('menu').waitFor();
    await expectClean(ada, 'the menu of a document');
  }, 60_000);

  it('with the buttons of a table, the menu of a column and code that was copied', async () => {
    const ada = await stage.enter('Ada', {
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await ada.open(await stage.newDocument());
    await ada.page.locator('.scriptorium-toolbar button').first().waitFor();
    await ada.page.getByRole('textbox', { name: 'Title' }).fill('A title');
    await ada.editor.click();
    await ada.page.keyboard.type('```js code');
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.type('/table');
    await ada.page.getByRole('option', { name: 'Table' }).waitFor();
    await ada.page.keyboard.press('Enter');
    for (const head of ['What', 'Who', 'When']) {
      await ada.page.keyboard.type(head);
      await ada.page.keyboard.press('Tab');
    }
    await ada.editor.locator('td').first().hover();
    await ada.page.getByRole('button', { name: 'Menu of the column' }).waitFor();
    await expectClean(ada, 'the buttons of a table');
    await ada.page.getByRole('button', { name: 'Menu of the column' }).click();
    await ada.page.getByRole('menu', { name: 'Menu of the column' }).waitFor();
    await expectClean(ada, 'the menu of a column');
    await ada.page.keyboard.press('Escape');
    await ada.page.getByRole('button', { name: 'Copy code' }).click();
    await ada.page.getByText('Copied', { exact: true }).waitFor();
    await expectClean(ada, 'copied code');
  }, 60_000);

  it('with a document that three people write, its menus, dialogs and states', async () => {
    const url = await stage.newDocument();
    const [ada, ben, cleo] = [
      await stage.enter('Ada', { reducedMotion: 'reduce' }),
      await stage.enter('Ben', { color: '#97ff00' }),
      await stage.enter('Cleo', { color: '#d9305f' }),
    ];
    for (const writer of [ada, ben, cleo]) await writer.open(url);
    await ben.editor.click();
    await ben.page.keyboard.type('# Heading\nSome `code` and **bold** text\n- one\ntwo\n\n\n> quoted\n\n\n```\ncode');
    await cleo.editor.click();
    await eventually(() => ada.caretNames().then(({ length }) => length)).toBe(2);
    await ada.page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button').first().waitFor();
    await expectClean(ada, 'document');
    await ada.page.getByRole('button', { name: 'Go to Ben and follow' }).click();
    await ada.page.locator('.scriptorium-following').waitFor();
    await expectClean(ada, 'following');
    await ada.page.getByRole('button', { name: 'Stop following' }).click();
    // Whatever opens something, one after the other.
    const openers = ada.page.locator('[aria-haspopup]:not([aria-disabled="true"]):visible');
    const count = await openers.count();
    expect(count).toBeGreaterThan(0);
    for (let i = 0; i < count; i++) {
      const opener = openers.nth(i);
      const name = (await opener.getAttribute('aria-label')) ?? (await opener.textContent()) ?? '';
      await opener.click();
      expect(await violations(ada.page), `${name}, open`).toEqual([]);
      await ada.page.keyboard.press('Escape');
    }
    await ada.page.getByRole('button', { name: 'Share' }).click();
    await ada.page.getByRole('dialog').waitFor();
    await expectClean(ada, 'sharing');
    await ada.page.keyboard.press('Escape');
    for (const other of [ben, cleo]) await other.page.close();
    await ada.page.setViewportSize({ width: 390, height: 800 });
    await expectClean(ada, 'on a phone');
  }, 120_000);

  it('with all that opens at the text, in both themes', async () => {
    const ada = await stage.enter('Ada', { reducedMotion: 'reduce' });
    const { page } = ada;
    const press = (key: string) => page.keyboard.press(key);
    const toolbar = page.getByRole('toolbar', { name: 'Formatting' });
    const bubble = page.locator('.scriptorium-bubble:popover-open');
    const nothing = page.getByRole('status').filter({ hasText: 'Nothing found' });
    const select = async (): Promise<void> => {
      await ada.editor.locator('h2').click();
      await press('End');
      await press('Shift+Home');
      await bubble.waitFor();
    };
    const type = async (text: string): Promise<void> => {
      await press('Control+End');
      await settled(ada);
      await page.keyboard.type(text);
    };
    await ada.open(await stage.newDocument());
    await toolbar.getByRole('button').first().waitFor();
    await ada.editor.click();
    await page.keyboard.type('## Heading\nSome text\n');

    const leave = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) await press('Escape');
      await eventually(() => page.locator(':popover-open:not(.scriptorium-handle), dialog[open]').count()).toBe(0);
      await eventually(() => ada.editor.evaluate((text) => text === document.activeElement)).toBe(true);
    };
    // From these the next one is opened.
    const LED_ON = ['the slash menu', 'the menu of a block', 'the palette'];
    const openings: readonly [where: string, open: () => Promise<void>, shown: Locator][] = [
      ['the slash menu', () => type('/'), page.locator('#scriptorium-slash:popover-open [role="option"]').first()],
      ['the slash menu with nothing found', () => type('zzz'), nothing],
      ['emoji', () => type('\n:roc'), page.getByRole('listbox', { name: 'Emoji' })],
      ['people', () => type('\n@a'), page.getByRole('listbox', { name: 'People' })],
      ['the bar at a selection', select, bubble],
      ['the form of a link', () => press('Control+k'), page.getByRole('textbox', { name: 'Address' })],
      ['colours', () => toolbar.getByRole('button', { name: 'Color' }).click(), page.getByRole('menu')],
      ['what is put in', () => toolbar.getByRole('button', { name: 'Insert' }).click(), page.getByRole('menu')],
      ['the menu of a block', () => press('Control+Shift+.'), page.getByRole('menu')],
      ['the menu within it', () => press('ArrowRight'), page.getByRole('menu').nth(1)],
      ['the palette', () => press('Control+Shift+P'), page.getByRole('option').first()],
      ['the palette with nothing found', () => page.keyboard.type('zzz'), nothing],
      ['shortcuts', () => press('Control+/'), page.getByRole('dialog', { name: 'Keyboard shortcuts' })],
      ['find and replace', () => press('Control+Alt+f'), page.getByRole('textbox', { name: 'Replace with' })],
    ];
    const open = async (where: string, how: () => Promise<void>, shown: Locator): Promise<void> => {
      await how();
      await shown.waitFor();
      await expectClean(ada, where);
    };
    for (const [where, how, shown] of openings) {
      await open(where, how, shown);
      if (!LED_ON.includes(where)) await leave();
    }

    const run = async (command: string): Promise<void> => {
      await press('Control+Shift+P');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.type(command);
      await press('Enter');
    };
    await open('the outline', () => run('Outline'), page.locator('.scriptorium-outline-panel'));
    await run('Outline');
    await type('\n\n');
    const chooser = page.waitForEvent('filechooser');
    await run('Image');
    await (await chooser).setFiles({ name: 'blue.png', mimeType: 'image/png', buffer: png(320, 200) });
    const image = page.locator('.scriptorium-image img');
    await open('an image', () => image.click(), page.getByRole('toolbar', { name: 'Image' }));
    const words = page.getByRole('toolbar', { name: 'Image' });
    const alt = () => words.getByRole('button', { name: 'Alt text' }).click();
    await open('words for an image', alt, words.getByRole('textbox'));
    await press('Escape');
    await page.setViewportSize({ width: 640, height: 800 });
    const more = toolbar.getByRole('button', { name: 'More' });
    await open('what does not fit', () => more.click(), page.getByRole('menu'));
  }, 120_000);

  it('with what is not there', async () => {
    const ada = await stage.enter('Ada', { reducedMotion: 'reduce' });
    ada.expect404s();
    await ada.page.goto(`${stage.server.url}/d/${'x'.repeat(20)}`);
    await ada.page.getByRole('heading').first().waitFor();
    await expectClean(ada, 'no such document');
  });
});
