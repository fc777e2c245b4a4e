import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../../server/index.ts';
import { type Program, startProgram } from '../support/program.ts';
import type { Ledger } from './ledger.ts';
import { readText } from './writer.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The program as users run it, on a data folder. */
export interface ServedFolder {
  readonly program: Program;
  readonly httpUrl: string;
  readonly syncUrl: string;
}

/** Starts `scriptorium serve` and waits until it says where it is. */
export async function serveFolder(folder: string, limits: Partial<Limits> = {}): Promise<ServedFolder> {
  if (!existsSync(fromRoot('dist/server/cli.js'))) throw new Error('The program is not built: `npm run build`.');
  const bounds = Object.entries(limits).flatMap(([name, value]) => ['--limit', `${name}=${value}`]);
  const args = ['serve', '--port', '0', '--data', folder, '--log-format', 'json', ...bounds];
  const program = startProgram([fromRoot('bin/scriptorium.js'), ...args]);
  const line = await program.line((text) => text.includes('"url"'));
  const { url } = JSON.parse(line) as { url: string };
  return { program, httpUrl: url, syncUrl: `${url.replace('http', 'ws')}/sync` };
}

/** What the program itself reported as an error, a line each. */
export function reportedErrors({ program }: ServedFolder): string[] {
  const ERROR = 50;
  return program.stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .filter((line) => (JSON.parse(line) as { level: number }).level >= ERROR);
}

/**
 * Compares all that the server has with what the ledgers say, through readers that are new. Answers what is wrong; what
 * was read is what the ledgers expect from now on.
 */
export async function checkServed({ httpUrl, syncUrl }: ServedFolder, ledgers: readonly Ledger[]): Promise<string[]> {
  const response = await fetch(`${httpUrl}/api/documents`);
  const { documents } = (await response.json()) as { documents: { document: string }[] };
  const listed = new Set(documents.map(({ document }) => document));
  const checks = ledgers.map(async (ledger) => {
    const read = await readText(syncUrl, ledger.document);
    const text = read === '' && !listed.has(ledger.document) ? undefined : read;
    const wrong = ledger.compare(text);
    ledger.settle(text);
    return wrong;
  });
  return (await Promise.all(checks)).flat();
}
