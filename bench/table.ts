import { cpus, totalmem } from 'node:os';

/** Where it was measured, in one line. */
export function machine(pinned: boolean): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const pins = pinned ? 'server and load generator each pinned to a core' : 'nothing pinned to a core';
  return `${model}, ${cpus().length} cores, ${memory}, ${process.platform}, Node ${process.version}; ${pins}.`;
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** A Markdown table, also legible as it is. Columns are aligned to the right, but for the first so many. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], leftColumns = 0): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const pad = (cell: string, i: number): string => {
    const width = widths[i] ?? 0;
    return i < leftColumns ? cell.padEnd(width) : cell.padStart(width);
  };
  const line = (cells: readonly string[]) => `| ${cells.map(pad).join(' | ')} |`;
  const rule = widths.map((width, i) => (i < leftColumns ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`));
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)];
}
