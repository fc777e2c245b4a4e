import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Program, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What the server's main thread holds after a garbage collection. */
export interface Memory {
  readonly usedBytes: number;
  readonly rssBytes: number;
}

/** The built server as a process of its own, whose memory can be looked at. */
export interface MeasuredServer {
  readonly program: Program;
  readonly url: string;
  readonly syncUrl: string;
  memory(): Promise<Memory>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const BIN = path('../../bin/scriptorium.js');

/** Starts a server on a free port and a new folder. */
export async function startMeasuredServer(...limits: string[]): Promise<MeasuredServer> {
  if (!existsSync(path('../../dist/server/cli.js'))) {
    throw new Error('The program is not built. Run `npm run build` first; `npm test` does it by itself.');
  }
  const program = startProgram([
    '--expose-gc',
    '--import',
    path('./memory-probe.js'),
    BIN,
    ...['serve', '--port', '0', '--data', await temporaryFolder()],
    ...limits.flatMap((limit) => ['--limit', limit]),
  ]);
  const { url } = JSON.parse(await program.line((line) => line.includes('"url"'))) as { url: string };
  let asked = 0;
  return {
    program,
    url,
    syncUrl: `${url.replace('http', 'ws')}/sync`,
    async memory() {
      const marker = `{"memory":${++asked},`;
      program.kill('SIGUSR2');
      return JSON.parse(await program.line((line) => line.startsWith(marker))) as Memory;
    },
  };
}

type Options = Readonly<Record<string, string | number>>;

/** Starts a program of this folder beside the test. */
export function startBeside(file: string, options: Options): Program {
  return startProgram(['--import', 'tsx', path(file), JSON.stringify(options)]);
}

/** Runs a program of this folder beside the test, to its end, and answers with the last line that it wrote. */
export async function runBeside<T>(file: string, options: Options): Promise<T> {
  const program = startBeside(file, options);
  const { code } = await program.ended;
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${program.stdout}${program.stderr}`);
  return JSON.parse(program.stdout.trimEnd().split('\n').at(-1) ?? '') as T;
}
