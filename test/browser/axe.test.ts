import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually, expectSaved, type Writer } from './writer.ts';

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
  const { violations: found } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
  );
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

  it('with what is not there', async () => {
    const ada = await stage.enter('Ada', { reducedMotion: 'reduce' });
    ada.expect404s();
    await ada.page.goto(`${stage.server.url}/d/${'x'.repeat(20)}`);
    await ada.page.getByRole('heading').first().waitFor();
    await expectClean(ada, 'no such document');
  });
});
