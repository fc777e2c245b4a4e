import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Where Linux distributions and macOS put a Chromium. */
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Enough for tests of one local page, in a container, as any user, without talking to anybody. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long another process may take to unpack the browser, in milliseconds, before its lock counts as left behind. */
const UNPACK_MS = 60_000;

/**
 * Starts a Chromium: the one at `CHROMIUM_PATH`, else an installed one, else the one that npm brought.
 * @throws Error that says what is missing when there is none: a test that needs a browser never passes without one
 */
export async function launchChromium(): Promise<Browser> {
  const configured = process.env['CHROMIUM_PATH'];
  if (configured !== undefined && !existsSync(configured)) {
    throw new Error(`CHROMIUM_PATH is ${configured}, and there is no such file.`);
  }
  const executablePath = configured ?? INSTALLED.find(existsSync) ?? (await unpackChromium());
  try {
    return await chromium.launch({ executablePath, headless: true, args: FLAGS });
  } catch (cause) {
    throw new Error(
      `Chromium at ${executablePath} does not start. Install one (\`apt-get install chromium\`) or set CHROMIUM_PATH.`,
      { cause },
    );
  }
}

async function unpackChromium(): Promise<string> {
  // Makes the package bring the shared libraries that a bare machine lacks. It reads this when it is imported.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs20.x';
  try {
    const { default: bundled } = await import('@sparticuz/chromium');
    return await alone(join(tmpdir(), 'scriptorium-chromium.lock'), () => bundled.executablePath());
  } catch (cause) {
    throw new Error(
      'No Chromium is installed, and the one of @sparticuz/chromium (Linux on x64 only) could not be unpacked. ' +
        'Run `npm ci`, install a Chromium, or set CHROMIUM_PATH to one.',
      { cause },
    );
  }
}

/** The package takes a half-unpacked browser of another process for a whole one: one process at a time. */
async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch {
      const heldSince = await stat(lock).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      );
      if (Date.now() - heldSince > UNPACK_MS) await rm(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
