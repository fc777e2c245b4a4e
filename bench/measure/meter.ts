import { machineCpuMicros } from '../core.ts';
import type { BenchServer } from './bench-server.ts';

/** What was used in the windows that were measured. */
export interface Metered {
  readonly wallMs: number;
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
    const { cpuMicros } = await this.#server.usage();
    const generatorBefore = process.cpuUsage();
    const machineBefore = machineCpuMicros();
    const begun = performance.now();
    await work();
    const wallMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(generatorBefore);
    const machine = machineCpuMicros() - machineBefore;
    const serverCpuMicros = (await this.#server.usage()).cpuMicros - cpuMicros;
    const generatorCpuMicros = user + system;
    const othersCpuMicros = Math.max(0, machine - serverCpuMicros - generatorCpuMicros);
    const total = this.#total;
    this.#total = {
      wallMs: total.wallMs + wallMs,
      serverCpuMicros: total.serverCpuMicros + serverCpuMicros,
      generatorCpuMicros: total.generatorCpuMicros + generatorCpuMicros,
      othersCpuMicros: total.othersCpuMicros + othersCpuMicros,
    };
  }
}
