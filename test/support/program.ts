import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node process that a test started. It does not outlive the test. */
export interface Program {
  /** All that it has written to standard output so far. */
  readonly stdout: string;
  /** All that it has written to standard error so far. */
  readonly stderr: string;
  /** Resolves when it is gone and all of its output has come. */
  readonly ended: Promise<Ending>;
  /** The first line of standard output that fits. Rejects when the process ends without one. */
  line(fits: (line: string) => boolean): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts Node with these arguments. `env` is added to the environment, without what configures Scriptorium in it. */
export function startProgram(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SCRIPTORIUM_'));
  const child = spawn(process.execPath, args, {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program = new ChildProgram(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

class ChildProgram implements Program {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #onOutput = new Set<() => void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      for (const look of this.#onOutput) look();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  line(fits: (line: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.stdout.split('\n').slice(0, -1).find(fits);
        if (found === undefined) return;
        this.#onOutput.delete(look);
        resolve(found);
      };
      this.#onOutput.add(look);
      look();
      this.ended.then(({ code, signal }) => {
        look();
        reject(new Error(`the program ended (${signal ?? code}) without that line:\n${this.stdout}${this.stderr}`));
      }, reject);
    });
  }
}
