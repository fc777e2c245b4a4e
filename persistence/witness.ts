import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** The name of the file, beside LevelDB's own, which leaves it alone. */
const FILE = 'ACKNOWLEDGED';
const NUMBER_BYTES = 8;
const BYTES = NUMBER_BYTES + 4;

/** How many commits were acknowledged in a folder, as far as it knows. Leaves the folder as it is. */
export function acknowledgedIn(folder: string): number {
  if (!existsSync(join(folder, FILE))) return 0;
  const witness = new Witness(folder);
  try {
    return witness.read();
  } finally {
    witness.close();
  }
}

/**
 * A small file that says how many commits were acknowledged. LevelDB takes a log that ends too early for a crash in the
 * middle of a write, and opens without a word; only something outside of it can tell that more had been there.
 *
 * It is written after each commit and not synced: after a crash of the process it is exact, after one of the machine it
 * may say too little, never too much.
 */
export class Witness {
  readonly #file: number;
  readonly #bytes = Buffer.alloc(BYTES);

  /** Opens the file, made if it is missing. Throws as `fs.openSync` does. */
  constructor(folder: string) {
    const path = join(folder, FILE);
    try {
      this.#file = openSync(path, 'r+');
    } catch {
      this.#file = openSync(path, 'w+');
    }
  }

  /** How many commits were acknowledged, as far as the file knows; 0 when it is new or damaged. */
  read(): number {
    const read = readSync(this.#file, this.#bytes, 0, BYTES, 0);
    const sound = read === BYTES && this.#bytes.readUInt32LE(NUMBER_BYTES) === this.#crc();
    return sound ? Number(this.#bytes.readBigUInt64LE(0)) : 0;
  }

  /** Notes that so many were. Where it can't be written the next start is less wary, and nothing else. */
  write(commits: number): void {
    this.#bytes.writeBigUInt64LE(BigInt(commits), 0);
    this.#bytes.writeUInt32LE(this.#crc(), NUMBER_BYTES);
    try {
      writeSync(this.#file, this.#bytes, 0, BYTES, 0);
    } catch {
      // A full or read-only disk: what was committed is durable all the same.
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #crc(): number {
    return crc32(this.#bytes.subarray(0, NUMBER_BYTES));
  }
}
