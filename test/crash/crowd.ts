import type { Ledger } from './ledger.ts';
import type { ServedFolder } from './served-folder.ts';
import { Writer } from './writer.ts';

type Random = () => number;

/** What goes on while the server lives. */
export interface Documents {
  /** Always written in, never deleted. */
  readonly kept: readonly Ledger[];
  /** Made, written in and deleted through the API, again and again under the same names. */
  readonly shortLived: readonly Ledger[];
}

const WRITERS_PER_DOCUMENT = 2;
const DELETION_RATE = 0.6;

/** Everybody who works on a server until it dies. */
export class Crowd {
  /** How many keystrokes were acknowledged. */
  acknowledged = 0;
  readonly #server: ServedFolder;
  readonly #random: Random;
  readonly #writers = new Set<Writer>();
  readonly #administration: Promise<void>;
  #onAcknowledged = new Set<() => void>();
  #dead = false;

  constructor(server: ServedFolder, { kept, shortLived }: Documents, random: Random) {
    this.#server = server;
    this.#random = random;
    for (const ledger of kept) for (let i = 0; i < WRITERS_PER_DOCUMENT; i++) this.#join(ledger);
    this.#administration = this.#administer(shortLived);
  }

  /** Resolves when so many keystrokes are acknowledged, or the server is dead. */
  async until(count: number): Promise<void> {
    await this.#change(() => this.acknowledged >= count);
  }

  /** Kills the server. What it had said before is still heard; then all are gone, and nobody comes back. */
  async kill(): Promise<void> {
    this.#server.program.kill('SIGKILL');
    await this.#server.program.ended;
    await Promise.all([...this.#writers].map(({ gone }) => gone));
    this.#dead = true;
    this.#wake();
    await this.#administration;
  }

  #join(ledger: Ledger): Writer {
    const writer = new Writer(this.#server.syncUrl, ledger, this.#random, (count) => {
      this.acknowledged += count;
      this.#wake();
    });
    this.#writers.add(writer);
    return writer;
  }

  /** Makes and deletes documents, one after the other, while somebody types in them. */
  async #administer(ledgers: readonly Ledger[]): Promise<void> {
    const writers = new Map<Ledger, Writer>();
    while (!this.#dead) {
      const ledger = ledgers[Math.floor(this.#random() * ledgers.length)];
      if (ledger === undefined) return;
      if (ledger.isStored && this.#random() < DELETION_RATE) {
        ledger.beginDeletion();
        const status = await this.#request('DELETE', `/${ledger.document}`);
        if (status === 204) ledger.deleted();
        else if (status !== undefined) throw new Error(`DELETE of ${ledger.document} was answered ${status}`);
        await writers.get(ledger)?.gone;
        writers.delete(ledger);
      } else {
        if (!ledger.isStored) {
          ledger.beginCreation();
          const status = await this.#request('POST', '', { document: ledger.document });
          if (status === 201) ledger.created();
          else if (status !== undefined) throw new Error(`POST of ${ledger.document} was answered ${status}`);
        }
        if (this.#dead) return;
        if (!writers.has(ledger)) writers.set(ledger, this.#join(ledger));
        const before = ledger.acknowledged;
        const enough = Math.floor(this.#random() * 30);
        await this.#change(() => ledger.acknowledged >= before + enough);
      }
    }
  }

  /** The status of the answer; undefined when there is none, because the server is dead. */
  async #request(method: string, path: string, body?: unknown): Promise<number | undefined> {
    try {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await fetch(`${this.#server.httpUrl}/api/documents${path}`, init);
      return response.status;
    } catch {
      this.#dead = true;
      return undefined;
    }
  }

  #change(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds() && !this.#dead) return;
        this.#onAcknowledged.delete(look);
        resolve();
      };
      this.#onAcknowledged.add(look);
      look();
    });
  }

  #wake(): void {
    for (const look of this.#onAcknowledged) look();
  }
}
