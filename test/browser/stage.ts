import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { createWriter, type Writer } from './writer.ts';

/** A server, a browser, and the people of the test that runs. */
export interface Stage {
  readonly server: ServerProcess;
  /** A person who leaves when the test ends. */
  enter(name: string, options?: BrowserContextOptions & { readonly color?: string }): Promise<Writer>;
  /** The address of a new, empty document. */
  newDocument(): Promise<string>;
}

/**
 * Sets a server process and a browser up for the tests of a file. After each test, the consoles of all pages must be
 * clean: no error, no warning, nothing that the content security policy refused.
 */
export function setStage(env: NodeJS.ProcessEnv = {}): Stage {
  let server: ServerProcess | undefined;
  let browser: Browser | undefined;
  let writers: Writer[] = [];

  beforeAll(async () => {
    server = await startServer(env);
    browser = await launchChromium();
  });
  afterEach(async () => {
    const problems = writers.flatMap((writer) => writer.problems().map((problem) => `${writer.name}: ${problem}`));
    await Promise.all(writers.map((writer) => writer.close()));
    writers = [];
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  const present = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The stage is set when the tests run, not before.');
    return value;
  };
  return {
    get server() {
      return present(server);
    },
    async enter(name, options) {
      const writer = await createWriter(present(browser), name, options);
      writers.push(writer);
      return writer;
    },
    async newDocument() {
      const response = await fetch(`${present(server).url}/api/documents`, { method: 'POST' });
      const { document } = (await response.json()) as { document: string };
      return `${present(server).url}/d/${document}`;
    },
  };
}
