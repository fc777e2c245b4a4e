import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

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
  const executablePath = await findChromium();
  try {
    return await chromium.launch({ executablePath, headless: true, args: FLAGS });
  } catch (cause) {
    throw new Error(
      `Chromium at ${executablePath} does not start. Install one (\`apt-get install chromium\`) or set CHROMIUM_PATH.`,
      { cause },
    );
  }
}

/** A Chromium with a profile that outlives it. */
export interface PersistentChromium {
  readonly context: BrowserContext;
  /** Ends it with SIGKILL, as a crash does, and waits until it is gone. May be called twice. */
  kill(): Promise<void>;
}

/** Starts a Chromium that keeps its storage in `folder`. */
export async function launchPersistent(folder: string): Promise<PersistentChromium> {
  const args = [...FLAGS, '--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'];
  const process = spawn(await findChromium(), args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(process, 'exit');
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    process.stderr.on('data', (chunk: Buffer) => {
      output += chunk;
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
    process.on('exit', () => reject(new Error(`Chromium ended:\n${output}`)));
  });
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('Chromium has no window.');
  return {
    context,
    async kill() {
      process.kill('SIGKILL');
      await gone;
    },
  };
}

async function findChromium(): Promise<string> {
  const configured = process.env['CHROMIUM_PATH'];
  if (configured !== undefined && !existsSync(configured)) {
    throw new Error(`CHROMIUM_PATH is ${configured}, and there is no such file.`);
  }
  return configured ?? INSTALLED.find(existsSync) ?? (await unpackChromium());
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
