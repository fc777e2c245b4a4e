import { cpus, totalmem } from 'node:os';
import type { Load, Measurement } from './room-load.ts';

/** The measurements of one load, one for each round. */
export interface Result {
  readonly load: Load;
  readonly ours: readonly Measurement[];
  readonly relay: readonly Measurement[];
}

/** Where it was measured, in one line. */
export function machine(pinned: boolean): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const pins = pinned ? 'server and load generator each pinned to a core' : 'nothing pinned to a core';
  return `${model}, ${cpus().length} cores, ${memory}, ${process.platform}, Node ${process.version}; ${pins}.`;
}

/** The results as Markdown tables, medians of the rounds. */
export function report(results: readonly Result[]): string {
  const cost = results.map(({ load, ours, relay }) => {
    const [mine, theirs] = [cpuPerDelivery(ours), cpuPerDelivery(relay)];
    return [
      ...nameOf(load),
      mine.toFixed(2),
      theirs.toFixed(2),
      (mine / theirs).toFixed(2),
      percent(median(ours, ({ serverCpuMicros, wallMs }) => serverCpuMicros / 1000 / wallMs)),
      percent(median(relay, ({ serverCpuMicros, wallMs }) => serverCpuMicros / 1000 / wallMs)),
      mebibytes(ours),
      mebibytes(relay),
    ];
  });
  const latency = results.map(({ load, ours, relay }) => [
    ...nameOf(load),
    ...[0.5, 0.99].flatMap((p) => {
      const [mine, theirs] = [ours, relay].map((rounds) => median(rounds, (m) => percentile(m.latencies, p)));
      return [(mine ?? 0).toFixed(2), (theirs ?? 0).toFixed(2), ((mine ?? 0) / (theirs ?? 0)).toFixed(2)];
    }),
    ...[0.5, 0.99].map((p) => median(ours, (m) => percentile(m.savedLatencies, p)).toFixed(2)),
    percent(Math.max(...[...ours, ...relay].map((m) => m.generatorCpuMicros / 1000 / m.wallMs))),
  ]);
  return [
    'CPU of the server process in microseconds per delivery, its share of a core, and its memory:',
    '',
    ...table(
      ['peers', 'each, per second', 'ours', 'relay', 'ratio', 'core ours', 'core relay', 'MiB ours', 'MiB relay'],
      cost,
    ),
    '',
    'Latency of edits in milliseconds, from send to each receiver; and, ours only, until the author hears that it is durable:',
    '',
    ...table(
      [
        'peers',
        'each, per second',
        'p50 ours',
        'p50 relay',
        'ratio',
        'p99 ours',
        'p99 relay',
        'ratio',
        'durable p50',
        'durable p99',
        'generator core',
      ],
      latency,
    ),
  ].join('\n');
}

function nameOf({ peers, editsPerSecond, movesPerSecond }: Load): string[] {
  const moves = movesPerSecond > 0 ? `, ${movesPerSecond} moves` : '';
  return [String(peers), `${editsPerSecond} edit${moves}`];
}

function cpuPerDelivery(rounds: readonly Measurement[]): number {
  return median(rounds, ({ serverCpuMicros, deliveries }) => serverCpuMicros / deliveries);
}

function mebibytes(rounds: readonly Measurement[]): string {
  return median(rounds, ({ serverRssBytes }) => serverRssBytes / 2 ** 20).toFixed(0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}

function median(rounds: readonly Measurement[], of: (measurement: Measurement) => number): number {
  return percentile(rounds.map(of), 0.5);
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => `${'-'.repeat(width + 1)}:`).join('|')}|`, ...rows.map(line)];
}
