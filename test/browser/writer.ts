import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** What a page says when its server is away; only tests that take the server away expect it. */
const DISCONNECTED = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to .* failed/;

/** A person at a browser of their own: own cookies, own storage, own name. */
export interface Writer {
  readonly page: Page;
  readonly name: string;
  /** What one writes in. */
  readonly editor: Locator;
  /** What the page says about saving, in words. */
  saveState(): Promise<string | null>;
  /** The names at the carets of the others. */
  caretNames(): Promise<string[]>;
  /** The text that is on the screen, a string for each block, without the names of the others. */
  blocks(): Promise<string[]>;
  /** Goes to a document, or reloads it, and waits until one can write in it. */
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Console errors, warnings, uncaught errors and refused content so far. */
  problems(): string[];
  /** From here on the console may complain that the server is away. */
  expectDisconnects(): void;
  /** From here on the console may complain that something is not there. */
  expect404s(): void;
  /** From here on the console may say this. */
  expectOnConsole(text: RegExp): void;
  close(): Promise<void>;
}

/** Opens a browser context for a person called `name`. */
export async function createWriter(
  browser: Browser,
  name: string,
  options: BrowserContextOptions & { readonly color?: string } = {},
): Promise<Writer> {
  const { color = '#2f6fe0', ...contextOptions } = options;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // Requests of a page with a service worker do not come by the routes that tests set.
    serviceWorkers: 'block',
    ...contextOptions,
  });
  const profile = JSON.stringify({ id: `id of ${name}`, name, color });
  await context.addInitScript((value) => localStorage.setItem('scriptorium.profile', value), profile);
  const page = await context.newPage();
  const problems: string[] = [];
  const expected: RegExp[] = [/Service Worker registration blocked by Playwright/];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (expected.some((pattern) => pattern.test(message.text()))) return;
    problems.push(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  const editor = page.locator('.tiptap[contenteditable="true"]');
  const writable = async (): Promise<void> => {
    await editor.waitFor();
  };

  return {
    page,
    name,
    editor,
    saveState: () => page.locator('.scriptorium-save-text').textContent(),
    caretNames: () => page.locator('.scriptorium-caret-label').allTextContents(),
    blocks: () =>
      page.locator('.tiptap').evaluate((root) => {
        const shown = root.cloneNode(true) as Element;
        // Nobody wrote what is drawn around it.
        for (const drawn of shown.querySelectorAll('.ProseMirror-widget, .scriptorium-code-tools')) drawn.remove();
        return [...shown.children].map((block) => block.textContent ?? '');
      }),
    async open(url) {
      await page.goto(url);
      await writable();
    },
    async reload() {
      await page.reload();
      await writable();
    },
    problems: () => problems,
    expectDisconnects: () => void expected.push(DISCONNECTED),
    expect404s: () => void expected.push(/status of 404/),
    expectOnConsole: (text) => void expected.push(text),
    close: () => context.close(),
  };
}

/** Waits, for a bounded time, until what `read` gives is as the matcher says. */
export function eventually<T>(read: () => T | Promise<T>, message = '') {
  return expect.poll(read, { timeout: 10_000, interval: 25, message });
}

/** Waits until the editor has taken over what is selected: browsers tell it with a later event, after fast keys. */
export async function settled({ page }: Writer): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Waits until the page says that everything is saved. */
export async function expectSaved(writer: Writer): Promise<void> {
  await eventually(() => writer.saveState(), writer.name).toBe('Saved');
}

/** Waits until all show these blocks. */
export async function expectBlocks(writers: readonly Writer[], blocks: readonly string[]): Promise<void> {
  for (const writer of writers) await eventually(() => writer.blocks(), writer.name).toEqual(blocks);
}
