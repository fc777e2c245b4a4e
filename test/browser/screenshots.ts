// Makes the pictures of the README: `npx tsx test/browser/screenshots.ts [folder]`, after a build.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { startServer } from './server-process.ts';
import { createWriter, type Writer } from './writer.ts';

const WINDOW = { width: 860, height: 660 };
const GAP = 24;
const DESK = { width: 1280, height: 960 };
const PHONE = { width: 390, height: 844 };

/** What three people write. */
const RICH = `## What we need

A quiet room, open to everybody.

- [x] Twelve chairs and four long tables
- [ ] Lamps that can be dimmed

> [!NOTE]
> The room is booked for us every Thursday.

| Shelf | What is on it | Who looks after it |
| --- | --- | --- |
| 1 | Books on loan | Amber |
| 2 | Maps and **atlases** | Quiet Otter |

## How many fit

A table of length $l$ has room for $n = l / 0.6$ people at each side.

\`\`\`js
// As the plan of the room has it.
const seats = tables.reduce((sum, { length }) => sum + 2 * Math.floor(length / 0.6), 0);
\`\`\`
`;

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));

const server = await startServer();
const browser = await launchChromium();
try {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'two-people.png'), await twoPeople(browser, server.url));
  await threePeople(browser, server.url);
} finally {
  await browser.close();
  await server.remove();
}

/** Two windows side by side, in which two people write one document. */
async function twoPeople(browser: Browser, url: string): Promise<Buffer> {
  const ada = await createWriter(browser, 'Amber Heron', { color: '#bd5804', viewport: WINDOW });
  const ben = await createWriter(browser, 'Quiet Otter', { color: '#2f6fe0', viewport: WINDOW });
  await ada.page.goto(url);
  await ada.page.getByRole('button', { name: 'New document' }).click();
  await ada.editor.waitFor();
  await ada.page.keyboard.type('The reading room');
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.type(
    '## What we need\nA quiet room, open to everybody. \n' +
      '## By the end of the month\n- Twelve chairs and four long tables\nLamps that can be dimmed\nA shelf for **books on loan**\n\n' +
      '> A room without books is like a body without a soul.\n\nWe meet again on Thursday',
  );
  await ben.open(ada.page.url());
  await ben.page.locator('.tiptap p', { hasText: 'open to everybody' }).click();
  await ben.page.keyboard.press('End');
  await Promise.all([
    ada.page.keyboard.type(', after lunch.'),
    ben.page.keyboard.type('It should feel like an old scriptorium.'),
  ]);
  for (const writer of [ada, ben]) await saved(writer);
  // The names go away after a moment: both move once more, and both pictures are taken at once.
  await Promise.all([ada.page.keyboard.press('ArrowLeft'), ben.page.keyboard.press('ArrowLeft')]);
  for (const writer of [ada, ben]) await nameShown(writer);
  const pictures = await Promise.all([ada, ben].map((writer) => writer.page.screenshot({ animations: 'disabled' })));
  return sideBySide(browser, pictures);
}

/** A document with a little of everything, in which three people are: on a desk and on a phone, light and dark. */
async function threePeople(browser: Browser, url: string): Promise<void> {
  const ada = await createWriter(browser, 'Amber Heron', { color: '#bd5804', viewport: DESK });
  const ben = await createWriter(browser, 'Quiet Otter', { color: '#2f6fe0', viewport: DESK });
  const cleo = await createWriter(browser, 'Green Finch', { color: '#2e7d32', viewport: PHONE, hasTouch: true });
  await ada.page.goto(url);
  const [chooser] = await Promise.all([
    ada.page.waitForEvent('filechooser'),
    ada.page.getByRole('button', { name: 'Import files' }).click(),
  ]);
  await chooser.setFiles({
    name: 'A day in the reading room.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from(RICH),
  });
  await ada.editor.waitFor();
  await ben.open(ada.page.url());
  await cleo.open(ada.page.url());
  await ada.page.locator('.tiptap pre .hljs-keyword').first().waitFor();
  for (const theme of ['light', 'dark'] as const) {
    for (const { page } of [ada, cleo]) await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await ben.page.locator('.tiptap p', { hasText: 'open to everybody' }).click();
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type(theme === 'light' ? ' It is kept warm.' : ' Bring a cup.');
    await cleo.page.locator('.tiptap p', { hasText: 'Twelve chairs' }).click();
    await ada.page.locator('.tiptap td', { hasText: 'Books on loan' }).click();
    await saved(ada);
    await Promise.all([nameShown(ada), nameShown(cleo)]);
    await ada.page.screenshot({ path: join(folder, `desktop-${theme}.png`), animations: 'disabled' });
    await cleo.page.screenshot({ path: join(folder, `phone-${theme}.png`), animations: 'disabled' });
  }
  await ada.page.goto(url);
  await ada.page.getByRole('link', { name: 'A day in the reading room' }).waitFor();
  await ada.page.screenshot({ path: join(folder, 'documents.png'), animations: 'disabled' });
  for (const writer of [ada, ben, cleo]) await writer.close();
}

async function saved(writer: Writer): Promise<void> {
  await writer.page.locator('.scriptorium-save[data-kind="saved"]').waitFor();
}

async function nameShown(writer: Writer): Promise<void> {
  await writer.page.locator('.scriptorium-caret[data-moved] > .scriptorium-caret-label').first().waitFor();
}

/** Puts pictures of two windows on one desk. */
async function sideBySide(browser: Browser, pictures: readonly Buffer[]): Promise<Buffer> {
  const page = await browser.newPage({
    viewport: { width: 2 * WINDOW.width + 3 * GAP, height: WINDOW.height + 2 * GAP },
  });
  const images = pictures.map((picture) => `<img src="data:image/png;base64,${picture.toString('base64')}">`).join('');
  await page.setContent(`<style>
    body { display: flex; gap: ${GAP}px; margin: 0; padding: ${GAP}px; background: #d9dee8 }
    img { width: ${WINDOW.width}px; height: ${WINDOW.height}px; border-radius: 10px; box-shadow: 0 8px 28px #1c254033 }
  </style>${images}`);
  return page.screenshot();
}
