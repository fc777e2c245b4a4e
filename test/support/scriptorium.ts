import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Ending, type Program, startProgram } from './program.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const BIN = fromRoot('bin/scriptorium.js');

/** The program as people start it; throws when it is not built. */
export function scriptorium(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  if (!existsSync(fromRoot('dist/server/cli.js'))) {
    throw new Error('The program is not built. Run `npm run build` first; `npm test` does it by itself.');
  }
  return startProgram([BIN, ...args], env);
}

/** Runs the program to its end. */
export async function runScriptorium(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Program & Ending> {
  const program = scriptorium(args, env);
  return Object.assign(program, await program.ended);
}

/** A server as a process of its own. */
export interface ServerProcess {
  readonly program: Program;
  readonly url: string;
  readonly syncUrl: string;
  readonly port: number;
}

/** Starts a server on a folder and waits until it says where it is. */
export async function serveFolder(folder: string, port = 0): Promise<ServerProcess> {
  const program = scriptorium(['serve', '--port', String(port), '--data', folder]);
  const line = await program.line((text) => text.includes('"url"'));
  const { url } = JSON.parse(line) as { url: string };
  return { program, url, syncUrl: `${url.replace('http', 'ws')}/sync`, port: Number(new URL(url).port) };
}
