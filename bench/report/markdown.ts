import { type Figure, LOADS, type Load } from '../loads.ts';
import type { ServerId } from '../servers.ts';
import { table } from '../table.ts';
import { GOALS, type Goal, type Verdict, verdictOf } from './goals.ts';
import { figureOf, isInvalid, type Results, roundsOf, worstOf } from './results.ts';

/** What else may go on without a word about it, as a share of a core. */
const MAX_OTHERS = 0.2;

/** The results as Markdown: goals first, then a section for each kind of figure. */
export function markdown(results: Results): string {
  const { date, machine, rounds, seconds, interruption } = results;
  return [
    `Measured on ${date}. ${machine}`,
    '',
    `Medians of ${count(rounds, 'round')}, ${seconds} s of typing each; memory of one round. A new process of each server`,
    'in each round, in turns. [README.md](README.md) says what is measured and how to read it.',
    ...(interruption === undefined
      ? []
      : ['', `**It ended early** (${interruption}): there are fewer rounds of some loads.`]),
    ...disturbance(results),
    '',
    ...table(
      ['server', 'version', 'Node', 'what it does with an edit, beside passing it on'],
      results.servers.map(({ title, version, node, keeps }) => [title, version, node, keeps]),
      4,
    ),
    ...goals(results),
    ...typing(results),
    ...capacity(results),
    ...storms(results),
    ...memory(results),
    ...failures(results),
  ].join('\n');
}

/** One line for each measurement, for those who wait. */
export function summary(figures: Partial<Record<Figure, number>>): string {
  const { cpuMicros, p50, p99, editsPerSecond, ms, cpuMs, bytes, bytesEach, lost, others } = figures;
  return [
    editsPerSecond !== undefined && `${rounded(editsPerSecond)} edits/s`,
    cpuMicros !== undefined && `${fine(cpuMicros)} µs a delivery`,
    p50 !== undefined && `p50 ${fine(p50)} ms, p99 ${fine(p99)} ms`,
    ms !== undefined && `${rounded(ms)} ms, CPU ${rounded(cpuMs)} ms, ${kilobytes(bytes)} KB`,
    bytesEach !== undefined && `${fine(bytesEach / 1000)} KB each`,
    lost !== undefined && lost > 0 && `${lost} LOST`,
    others !== undefined && others > 0.1 && `(others on the machine: ${percent(others)} of a core)`,
  ]
    .filter((part) => part !== false)
    .join('; ');
}

/** Whoever reads the figures has to know that the machine was not quiet. */
function disturbance({ measurements }: Results): string[] {
  const shares = measurements.flatMap(({ figures }) => figures.others ?? []);
  const worst = Math.max(0, ...shares);
  if (worst <= MAX_OTHERS) return [];
  const often = shares.filter((share) => share > MAX_OTHERS).length / shares.length;
  return [
    '',
    `**The machine was not quiet**: in ${percent(often)} of the measurements something else used more than ` +
      `${percent(MAX_OTHERS)} of a core, ${percent(worst)} at worst.`,
  ];
}

function goals(results: Results): string[] {
  const rows = GOALS.map((goal) => {
    const { text, bound, limit, unit } = goal;
    const value = goal.value(results);
    const verdict = verdictOf(goal, results);
    const measured = value === undefined ? '-' : `${fine(value)}${unit}`;
    return [text, `${bound} ${limit}${unit}`, measured, spreadOf(goal, results), verdict];
  });
  const many = (verdict: Verdict) => rows.filter((row) => row.at(-1) === verdict).length;
  const open = many('open') > 0 ? `, ${many('open')} open because they were not measured` : '';
  return [
    '',
    '## Goals',
    '',
    `${many('met')} met, ${many('missed')} missed${open}.`,
    '',
    ...table(['goal', 'limit', 'measured', 'rounds', ''], rows, 2),
  ];
}

/** Between which values it lay in the rounds, each by itself. */
function spreadOf(goal: Goal, results: Results): string {
  const values = Array.from({ length: results.rounds }, (_, i) => {
    const measurements = results.measurements.filter(({ round }) => round === i + 1);
    return goal.value({ ...results, measurements });
  }).filter((value) => value !== undefined);
  return values.length < 2 ? '-' : `${fine(Math.min(...values))} to ${fine(Math.max(...values))}`;
}

function typing(results: Results): string[] {
  const loads = measured(results, 'typing');
  if (loads.length === 0) return [];
  const servers = serversOf(results, loads);
  const columns = servers.map(({ title }) => title);
  const rowsOf = (cell: (load: Load, server: ServerId) => string, more: (load: Load) => string[] = () => []) =>
    loads.map((load) => [load.title, ...servers.map(({ id }) => cell(load, id)), ...more(load)]);
  const figure = (load: Load, server: ServerId, name: Figure) => figureOf(results, load.id, server, name);
  const ratio = (load: Load, other: ServerId): string => {
    const [mine, theirs] = [figure(load, 'ours', 'cpuMicros'), figure(load, other, 'cpuMicros')];
    return mine === undefined || theirs === undefined ? '-' : (mine / theirs).toFixed(2);
  };
  const pair = (p50: Figure, p99: Figure) => (load: Load, server: ServerId) =>
    cellOf(results, load, server, () => {
      const values = [figure(load, server, p50), figure(load, server, p99)];
      return values.some((value) => value === undefined) ? '-' : values.map(fine).join(' / ');
    });
  const worst = (load: Load, name: Figure) => percent(worstOf(results, load.id, name));
  return [
    '',
    '## CPU of the server for each delivery, in microseconds',
    '',
    ...table(
      ['load', ...columns, 'ours / Hocuspocus', 'ours / relay'],
      rowsOf(
        (load, server) => cellOf(results, load, server, () => fine(figure(load, server, 'cpuMicros'))),
        (load) => [ratio(load, 'hocuspocus'), ratio(load, 'relay')],
      ),
      1,
    ),
    '',
    '## Latency of an edit from its send to each receiver, p50 / p99 in milliseconds',
    '',
    ...table(['load', ...columns], rowsOf(pair('p50', 'p99')), 1),
    '',
    '## The same of cursor moves that came, p50 / p99 in milliseconds',
    '',
    'A move that a newer one overtakes need not come; the last one of every peer has to.',
    '',
    ...table(
      ['load', ...columns],
      rowsOf(pair('moveP50', 'moveP99')).filter((row) => row.slice(1).some((cell) => cell !== '-')),
      1,
    ),
    '',
    "## The server's share of its core",
    '',
    "The load generator's, its lateness (p99) and what else went on are the worst of all servers and rounds.",
    '',
    ...table(
      ['load', ...columns, 'generator', 'late', 'others'],
      rowsOf(
        (load, server) => percent(figure(load, server, 'core')),
        (load) => [worst(load, 'generator'), `${fine(worstOf(results, load.id, 'lateMs'))} ms`, worst(load, 'others')],
      ),
      1,
    ),
    '',
    '## Until the author hears that an edit is durable, p50 / p99 in milliseconds',
    '',
    'Only Scriptorium tells.',
    '',
    ...table(
      ['load', 'Scriptorium'],
      loads.map((load) => [load.title, pair('durableP50', 'durableP99')(load, 'ours')]),
      1,
    ),
  ];
}

function capacity(results: Results): string[] {
  return measured(results, 'capacity').flatMap((load) => {
    const rows = serversOf(results, [load]).map(({ id, title }) => {
      const least = roundsOf(results, load.id, id).some(({ figures }) => figures.atLeast === 1) ? 'at least ' : '';
      const figure = (name: Figure) => figureOf(results, load.id, id, name);
      return [
        title,
        `${least}${rounded(figure('editsPerSecond'))}`,
        fine(figure('p99')),
        percent(figure('core')),
        percent(figure('generator')),
      ];
    });
    return [
      '',
      `## Capacity: ${load.title}`,
      '',
      ...table(['server', 'edits/s', 'p99 ms', 'server core', 'generator core'], rows, 1),
    ];
  });
}

function storms(results: Results): string[] {
  return measured(results, 'storm').flatMap((load) => {
    const rows = serversOf(results, [load]).map(({ id, title }) => {
      const figure = (name: Figure) => figureOf(results, load.id, id, name);
      return [title, rounded(figure('ms')), rounded(figure('cpuMs')), kilobytes(figure('bytes'))];
    });
    return ['', `## Storm: ${load.title}`, '', ...table(['server', 'ms', 'server CPU ms', 'KB on the wire'], rows, 1)];
  });
}

function memory(results: Results): string[] {
  const loads = measured(results, 'memory');
  if (loads.length === 0) return [];
  const servers = serversOf(results, loads);
  const rows = loads.map((load) => [
    load.title,
    ...servers.map(({ id }) =>
      cellOf(results, load, id, () => kilobytes(figureOf(results, load.id, id, 'bytesEach'), 1)),
    ),
  ]);
  return [
    '',
    '## Resident memory for each, in KB',
    '',
    ...table(['load', ...servers.map(({ title }) => title)], rows, 1),
  ];
}

function failures({ measurements }: Results): string[] {
  const lines = measurements.flatMap(({ load, server, round, failure, figures }) => {
    if (failure !== undefined) return [`- ${load}, ${server}, round ${round}: ${failure}`];
    return figures.lost ? [`- ${load}, ${server}, round ${round}: ${figures.lost} deliveries did not come`] : [];
  });
  return lines.length === 0 ? [] : ['', '## Not valid', '', ...lines];
}

function measured(results: Results, kind: Load['kind']): Load[] {
  return LOADS.filter((load) => load.kind === kind && results.measurements.some((one) => one.load === load.id));
}

function serversOf(results: Results, loads: readonly Load[]): Results['servers'] {
  const ids = new Set(
    results.measurements.flatMap(({ load, server }) => (loads.some(({ id }) => id === load) ? server : [])),
  );
  return results.servers.filter(({ id }) => ids.has(id));
}

/** What is not valid is named, whatever the figures say. */
function cellOf(results: Results, load: Load, server: ServerId, text: () => string): string {
  const rounds = roundsOf(results, load.id, server);
  if (rounds.length === 0) return '-';
  if (rounds.some(({ failure }) => failure !== undefined)) return 'failed';
  return rounds.some(isInvalid) ? 'lost deliveries' : text();
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function fine(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  return Math.abs(value) < 9.95 ? value.toFixed(2) : Math.abs(value) < 99.5 ? value.toFixed(1) : rounded(value);
}

function rounded(value: number | undefined): string {
  return value === undefined ? '-' : Math.round(value).toLocaleString('en');
}

function kilobytes(value: number | undefined, digits = 0): string {
  return value === undefined ? '-' : (value / 1000).toLocaleString('en', { maximumFractionDigits: digits });
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}
