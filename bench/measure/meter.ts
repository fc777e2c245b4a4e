import { machineCpuMicros } from '../core.ts';
import type { BenchServer } from './bench-server.ts';

/** What was used between two moments. */
export interface Metered {
  readonly wallMs: number;
  readonly serverCpuMicros: number;
  readonly generatorCpuMicros: number;
  /** All else on the machine: what disturbed the measurement. */
  readonly othersCpuMicros: number;
}

/** Begins to count. What is returned ends it. */
export async function startMeter({ process: server }: BenchServer): Promise<() => Promise<Metered>> {
  const { cpuMicros } = await server.usage();
  const generatorBefore = process.cpuUsage();
  const machineBefore = machineCpuMicros();
  const begun = performance.now();
  return async () => {
    const wallMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(generatorBefore);
    const machine = machineCpuMicros() - machineBefore;
    const serverCpuMicros = (await server.usage()).cpuMicros - cpuMicros;
    const generatorCpuMicros = user + system;
    const othersCpuMicros = Math.max(0, machine - serverCpuMicros - generatorCpuMicros);
    return { wallMs, serverCpuMicros, generatorCpuMicros, othersCpuMicros };
  };
}
