import { type FileHandle, open } from 'node:fs/promises';
import type { Inspection } from './document-inspection.ts';
import { describeProblem } from './problem.ts';

/**
 * What was stored of documents before they were repaired, in a file beside the store: for each a line
 * `{"document","problems":[...]}`, then a line `{"key","value"}` for everything that was stored, the value in base64.
 * The file is made with the first document, and never in the place of another.
 */
export class RepairCopy {
  readonly #path: string;
  #file: FileHandle | undefined;

  constructor(folder: string, now: Date) {
    this.#path = `${folder}-repair-${now.toISOString().replaceAll(/[:.]/g, '-')}.ndjson`;
  }

  /** Where it is; undefined while there is nothing in it. */
  get path(): string | undefined {
    return this.#file && this.#path;
  }

  /** Resolves when the copy is on the disk. */
  async add({ document, problems, pairs }: Inspection): Promise<void> {
    this.#file ??= await open(this.#path, 'wx');
    const lines = [
      { document, problems: problems.map(describeProblem) },
      ...pairs.map(([key, value]) => ({ key, value: Buffer.from(value).toString('base64') })),
    ];
    await this.#file.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
