import { machineCpuMicros } from '../core.ts';
import type { BenchServer } from './bench-server.ts';

/** What was used in the windows that were measured. */
export interface Metered {
  readonly wallMs: number;
  /** With what the server did after a window: what it puts off is not free. */
  readonly serverCpuMicros: number;
  readonly generatorCpuMicros: number;
  /** All else on the machine: what disturbed the measurement. */
  readonly othersCpuMicros: number;
}

/** Counts what a server, and everything beside it, uses in one window of time or in several. */
export class Meter {
  readonly #server: BenchServer['process'];
  #total: Metered = { wallMs: 0, serverCpuMicros: 0, generatorCpuMicros: 0, othersCpuMicros: 0 };

  constructor({ process: server }: BenchServer) {
    this.#server = server;
  }

  get total(): Metered {
    return this.#total;
  }

  /** Counts what is used while something is done. */
  async during(work: () => Promise<unknown>): Promise<void> {
    const generatorBefore = process.cpuUsage();
    const machineBefore = machineCpuMicros();
    const begun = performance.now();
    const serverCpuMicros = await this.#usedDuring(work);
    const wallMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(generatorBefore);
    const generatorCpuMicros = user + system;
    const machine = machineCpuMicros() - machineBefore;
    const othersCpuMicros = Math.max(0, machine - serverCpuMicros - generatorCpuMicros);
    this.#add({ wallMs, serverCpuMicros, generatorCpuMicros, othersCpuMicros });
  }

  /** Counts what the server does by itself meanwhile, and nothing else. */
  async after(work: () => Promise<unknown>): Promise<void> {
    const serverCpuMicros = await this.#usedDuring(work);
    this.#add({ wallMs: 0, serverCpuMicros, generatorCpuMicros: 0, othersCpuMicros: 0 });
  }

  async #usedDuring(work: () => Promise<unknown>): Promise<number> {
    const { cpuMicros } = await this.#server.usage();
    await work();
    return (await this.#server.usage()).cpuMicros - cpuMicros;
  }

  #add(used: Metered): void {
    const total = this.#total;
    this.#total = {
      wallMs: total.wallMs + used.wallMs,
      serverCpuMicros: total.serverCpuMicros + used.serverCpuMicros,
      generatorCpuMicros: total.generatorCpuMicros + used.generatorCpuMicros,
      othersCpuMicros: total.othersCpuMicros + used.othersCpuMicros,
    };
  }
}
