import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createServer, type ViteDevServer } from 'vite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();
const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

/** What libraries say of themselves in Vite's development server. */
const DEVELOPMENT = /Lit is in dev mode/;

/** Runs one of the examples' programs and gives the first address that it prints with this path. */
async function run(program: string, path: string): Promise<string> {
  const running = startProgram([example(program)], { PORT: '0' });
  return running.line((line) => line.startsWith('http') && line.endsWith(path));
}

/** Starts Vite on one of the examples, in front of this test's server. */
async function startVite(name: string): Promise<string> {
  process.env['SCRIPTORIUM_URL'] = stage.server.url;
  const vite: ViteDevServer = await createServer({
    configFile: example(`${name}/vite.config.js`),
    // Not the one of whoever has an example open.
    cacheDir: await temporaryFolder(),
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, strictPort: false },
  });
  onTestFinished(() => vite.close());
  await vite.listen();
  return vite.resolvedUrls?.local[0] ?? '';
}

/** Two people open the page; what one of them types, the other reads. */
async function writeTogether(url: string): Promise<{ ada: Writer; ben: Writer }> {
  const ada = await stage.enter('Ada');
  const ben = await stage.enter('Ben');
  for (const writer of [ada, ben]) {
    writer.expectOnConsole(DEVELOPMENT);
    await writer.open(url);
  }
  await ada.editor.click();
  await ada.page.keyboard.type('# A heading\nand text');
  await expectBlocks([ada, ben], ['A heading', 'and text']);
  expect(await ben.page.locator('.tiptap h1').count()).toBe(1);
  // The style sheet is there.
  expect(await ada.page.locator('.scriptorium-toolbar').evaluate((bar) => getComputedStyle(bar).display)).toBe('flex');
  return { ada, ben };
}

describe('the example', () => {
  it('of a plain page: a script, a style sheet and an element', async () => {
    const { ada } = await writeTogether(await run('serve.js', '/plain/'));
    await eventually(() => ada.page.locator('#saved').textContent()).toBe('Saved');
    // What is large is in files beside the script.
    await ada.editor.click();
    await ada.page.keyboard.press('Control+End');
    await ada.page.keyboard.type(' $x^2$ :rocke');
    await ada.page.locator('.tiptap math').waitFor();
    await ada.page.getByRole('option', { name: 'rocket' }).waitFor();
  });

  it('of a page with a strict content security policy', async () => {
    const url = await run('serve.js', '/csp/');
    const policy = (await fetch(url)).headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self'; style-src 'self'");
    expect(policy).not.toContain('unsafe');
    const { ada, ben } = await writeTogether(url);
    // Carets, selections and menus of the browser's own: what the policy refuses is on the console.
    await ada.page.keyboard.press('Control+a');
    await ben.page.locator('.scriptorium-selection').first().waitFor();
    await ada.page.keyboard.press('Control+End');
    await ada.page.keyboard.type(' $\\frac{x}{2}$ :rocke');
    await ben.page.locator('.tiptap math').waitFor();
    await ada.page.getByRole('option', { name: 'rocket' }).click();
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('```ts const');
    // A caret between its letters may split it for a moment.
    const keywords = ben.page.locator('.tiptap .hljs-keyword');
    await eventually(async () => (await keywords.allTextContents()).join('')).toBe('const');
    // A page of Word's has a hundred styles, none of which anything is done with that the policy would have to refuse.
    await ada.page.keyboard.press('Control+End');
    const html = await readFile(new URL('./pasted/word.txt', import.meta.url), 'utf8');
    await ada.editor.evaluate((element, html) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/html', html);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, html);
    await ben.page.locator('.tiptap strong', { hasText: 'budget' }).waitFor();
    await ben.page.locator('.tiptap td', { hasText: 'Price' }).waitFor();
  });

  it('of a page that Vite bundles', async () => {
    await writeTogether(await startVite('vite'));
  });

  it('of a React page in StrictMode: one editor and one connection, which follow the props', async () => {
    const url = await startVite('react');
    const ada = await stage.enter('Ada');
    ada.expectOnConsole(DEVELOPMENT);
    let sockets = 0;
    ada.page.on('websocket', (socket) => {
      if (!socket.url().includes('/sync/')) return;
      sockets++;
      socket.on('close', () => sockets--);
    });
    await ada.open(url);
    await eventually(() => sockets).toBe(1);
    expect(await ada.page.locator('.scriptorium').count()).toBe(1);
    await ada.editor.click();
    await ada.page.keyboard.type('one');
    await eventually(() => ada.page.locator('output').textContent()).toBe('Saved');
    await ada.page.getByRole('button', { name: 'Two' }).click();
    await expectBlocks([ada], ['']);
    await ada.editor.click();
    await ada.page.keyboard.type('two');
    await ada.page.getByLabel('Locked').click();
    await eventually(() => ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await ada.page.getByRole('button', { name: 'One' }).click();
    await expectBlocks([ada], ['one']);
    expect(await ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await ada.page.getByLabel('Locked').click();
    await ada.editor.waitFor();
    await eventually(() => sockets).toBe(1);
    expect(await ada.page.locator('.scriptorium').count()).toBe(1);
  });

  it('of a page that is rendered on the server first', async () => {
    const url = await run('ssr/server.js', '/');
    const html = await (await fetch(url)).text();
    expect(html).toContain('<h1>Rendered on the server</h1><div class="page"></div>');
    await writeTogether(url);
  });
});
