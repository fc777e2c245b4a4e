// What the editor costs in a real Chromium: `npm run bench:editor`. See README.md.
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../client/node.ts';
import { launchChromium } from '../test/browser/chromium.ts';
import { startServer } from '../test/browser/server-process.ts';
import { paragraphs, recording } from './editor/documents.ts';
import type { Keystrokes, Subject } from './editor/page.ts';
import { machine, percentile, table } from './table.ts';

const KEYSTROKES = 200;
const OPENINGS = 7;
const TYPISTS = 10;
const KEYS_PER_SECOND = 5;
const SCROLL_MS = 8_000;
const IN_PAGE = fileURLToPath(new URL('./editor/in-page.js', import.meta.url));

const server = await startServer();
const browser = await launchChromium();
try {
  console.log(`${machine(false)} Chromium ${browser.version()}, headless.\n`);
  console.log('Opening, in milliseconds from the start of the navigation until the text is painted:\n');
  const openings = [
    await measureOpening('300 KB', paragraphs(2_300, 100)),
    await measureOpening('seph-blog1, 137,154 keystrokes', recording('seph-blog1')),
  ];
  console.log(
    table(['document', 'update, KB', 'device p50', 'device max', 'network p50', 'network max'], openings).join('\n'),
  );
  console.log('\nA keystroke at 5,000 paragraphs, in milliseconds of the main thread; layout forced at once:\n');
  const keystrokes = [];
  for (const subject of ['editor', 'y-tiptap', 'y-prosemirror'] as const) {
    keystrokes.push(await measureKeystrokes(subject, paragraphs(5_000, 60)));
  }
  console.log(
    table(['', 'remote p50', 'remote p95', 'layout p50', 'local p50', 'local p95', 'layout p50'], keystrokes).join(
      '\n',
    ),
  );
  const { idle, busy, perSecond } = await measureScrolling(paragraphs(5_000, 60));
  console.log(
    `\nScrolling through 5,000 paragraphs: ${idle.toFixed(1)} frames/s alone, ${busy.toFixed(1)} with ${TYPISTS} people ` +
      `typing (${perSecond.toFixed(0)} keystrokes/s arrived).`,
  );
} finally {
  await browser.close();
  await server.remove();
}

async function put(update: Uint8Array): Promise<string> {
  const made = await fetch(`${server.url}/api/documents`, { method: 'POST' });
  const { document } = (await made.json()) as { document: string };
  const body = update as Uint8Array<ArrayBuffer>;
  const stored = await fetch(`${server.url}/api/documents/${document}/update`, { method: 'POST', body });
  if (!stored.ok) throw new Error(`The document was not stored: ${stored.status}`);
  return document;
}

async function measureOpening(name: string, update: Uint8Array): Promise<string[]> {
  const url = `${server.url}/d/${await put(update)}`;
  const [device, network]: [number[], number[]] = [[], []];
  for (let i = 0; i < OPENINGS; i++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript({ path: IN_PAGE });
    await page.goto(url);
    network.push(await paintedAt(page));
    // The copy is whole when the position is known.
    await page.waitForTimeout(2_500);
    await page.reload();
    device.push(await paintedAt(page));
    await context.close();
  }
  return [name, String(Math.round(update.length / 1000)), ...[device, network].flatMap(summary)];
}

function summary(values: readonly number[]): string[] {
  return [percentile(values, 0.5).toFixed(0), Math.max(...values).toFixed(0)];
}

async function paintedAt(page: Page): Promise<number> {
  const painted = await page.waitForFunction(() => window.paintedAt, undefined, {
    polling: 50,
    timeout: 60_000,
  });
  return (await painted.jsonValue()) as number;
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: ['module', 'browser', 'production'] },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL('./editor/page.ts', import.meta.url)), formats: ['iife'], name: 'bench' },
    },
  });
  const [output] = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
  return output?.output[0].code ?? '';
}

async function measureKeystrokes(subject: Subject, update: Uint8Array): Promise<string[]> {
  const page = await browser.newPage();
  await page.setContent('<!doctype html><body>');
  await page.addScriptTag({ content: await bundle() });
  const result: Keystrokes = await page.evaluate(
    ([name, numbers, count]) => window.measure(name, Uint8Array.from(numbers), count),
    [subject, [...update], KEYSTROKES] as const,
  );
  await page.close();
  const of = (values: readonly number[], p: number): string => percentile(values, p).toFixed(2);
  return [
    subject,
    ...[of(result.remote, 0.5), of(result.remote, 0.95), of(result.remoteLayout, 0.5)],
    ...[of(result.local, 0.5), of(result.local, 0.95), of(result.localLayout, 0.5)],
  ];
}

async function measureScrolling(update: Uint8Array) {
  const document = await put(update);
  const page = await browser.newPage();
  await page.addInitScript({ path: IN_PAGE });
  await page.goto(`${server.url}/d/${document}`);
  await paintedAt(page);
  await page.waitForTimeout(2_000);
  const idle = await framesPerSecond(page);
  const typists = Array.from(
    { length: TYPISTS },
    () => new ScriptoriumProvider(`${server.url}/sync`, document, new Y.Doc()),
  );
  await Promise.all(typists.map((provider) => provider.whenSynced()));
  let typed = 0;
  const timers = typists.map((provider, i) => {
    const fragment = provider.doc.getXmlFragment('default');
    const text = (fragment.get(Math.floor((i + 0.5) * (fragment.length / TYPISTS))) as Y.XmlElement).get(
      0,
    ) as Y.XmlText;
    return setInterval(() => {
      text.insert(5, 'x');
      typed++;
    }, 1000 / KEYS_PER_SECOND);
  });
  await page.waitForTimeout(500);
  const before = typed;
  const busy = await framesPerSecond(page);
  const perSecond = ((typed - before) / SCROLL_MS) * 1000;
  for (const timer of timers) clearInterval(timer);
  for (const provider of typists) {
    provider.destroy();
    provider.doc.destroy();
  }
  await page.close();
  return { idle, busy, perSecond };
}

function framesPerSecond(page: Page): Promise<number> {
  return page.evaluate((durationMs) => window.framesPerSecond(durationMs), SCROLL_MS);
}
