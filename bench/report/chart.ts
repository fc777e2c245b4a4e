import { type Figure, LOADS } from '../loads.ts';
import type { ServerId } from '../servers.ts';
import { figureOf, type Results } from './results.ts';

/** A picture of one figure under one load, a bar for each server. */
interface Panel {
  readonly load: string;
  readonly figure: Figure;
  readonly title: string;
  readonly unit: string;
  readonly text: (value: number) => string;
}

const WIDTH = 960;
const MARGIN = 32;
const GAP = 40;
const COLUMNS = 2;
const HEADER = 96;
const PANEL_HEADER = 46;
const BAR = 14;
const ROW = 24;
const PANEL_GAP = 30;
const LABEL_WIDTH = 148;
const VALUE_WIDTH = 64;
const COLUMN = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;

const micros = (value: number): string => (value < 9.95 ? value.toFixed(2) : value.toFixed(1));
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const cost = (load: string): Panel => ({
  load,
  figure: 'cpuMicros',
  title: LOADS.find(({ id }) => id === load)?.title ?? load,
  unit: 'µs of CPU for each delivery, less is better',
  text: micros,
});

const PANELS: readonly Panel[] = [
  ...['crowd-cursors', 'crowd-busy', 'teams', 'groups', 'groups-busy', 'day'].map(cost),
  {
    load: 'capacity',
    figure: 'editsPerSecond',
    title: 'Capacity of one core, 100 rooms x 5',
    unit: 'edits/s with p99 within 50 ms, more is better',
    text: whole,
  },
  {
    load: 'join-storm',
    figure: 'ms',
    title: '200 peers join 304 KB at once',
    unit: 'ms until all have it, less is better',
    text: whole,
  },
  {
    load: 'resume-storm',
    figure: 'bytes',
    title: '200 peers come back, 100 edits behind',
    unit: 'KB on the wire, less is better',
    text: (value) => whole(value / 1000),
  },
  {
    load: 'idle-rooms',
    figure: 'bytesEach',
    title: 'An open room with a document of 96 KB',
    unit: 'KB of memory each, less is better',
    text: (value) => whole(value / 1000),
  },
];

/** Readable on light and on dark; a page that shows it as an image passes on what its reader prefers. */
const STYLE = `
  text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: #1c2526; }
  .title { font-size: 22px; font-weight: 650; }
  .note, .unit { font-size: 12px; fill: #5d6a6c; }
  .panel { font-size: 14px; font-weight: 600; }
  .label, .value { font-size: 12px; }
  .value { font-variant-numeric: tabular-nums; }
  .ours { font-weight: 650; }
  .page { fill: #ffffff; }
  .track { fill: #eef1f1; }
  .bar { fill: #9fb0b3; }
  .bar.ours { fill: #0d8078; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edee; }
    .note, .unit { fill: #93a3a6; }
    .page { fill: #12191b; }
    .track { fill: #1e292b; }
    .bar { fill: #5a6f73; }
    .bar.ours { fill: #2fb5aa; }
  }`;

/** The results as an SVG: a panel for each load, each with its own scale. */
export function chart(results: Results): string {
  const panels = PANELS.map((panel) => ({ panel, bars: barsOf(panel, results) })).filter(({ bars }) => bars.length > 0);
  const tops: number[] = Array.from({ length: COLUMNS }, () => HEADER);
  const drawn: string[] = [];
  for (let i = 0; i < panels.length; i += COLUMNS) {
    const row = panels.slice(i, i + COLUMNS);
    const top = tops[0] ?? HEADER;
    for (const [column, { panel, bars }] of row.entries()) {
      drawn.push(drawPanel(panel, bars, MARGIN + column * (COLUMN + GAP), top));
    }
    tops.fill(top + PANEL_HEADER + ROW * Math.max(...row.map(({ bars }) => bars.length)) + PANEL_GAP);
  }
  const height = (tops[0] ?? HEADER) + MARGIN - PANEL_GAP;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">What Scriptorium costs beside other servers</title>
<style>${STYLE}
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="12"/>
${text(MARGIN, 46, 'title', 'What Scriptorium costs beside other servers')}
${text(MARGIN, 68, 'note', `One core. ${results.date}; ${results.machine.replace(/;[^;]*$/, '.')} Medians. Each panel has its own scale.`)}
${drawn.join('\n')}
</svg>
`;
}

interface Bar {
  readonly server: ServerId;
  readonly title: string;
  readonly value: number;
}

function barsOf({ load, figure }: Panel, results: Results): Bar[] {
  return results.servers.flatMap(({ id, title }) => {
    const value = figureOf(results, load, id, figure);
    return value === undefined ? [] : [{ server: id, title, value }];
  });
}

function drawPanel(panel: Panel, bars: readonly Bar[], left: number, top: number): string {
  const room = COLUMN - LABEL_WIDTH - VALUE_WIDTH;
  const most = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ server, title, value }, i) => {
    const y = top + PANEL_HEADER + i * ROW;
    const width = Math.max(2, (value / most) * room);
    const ours = server.startsWith('ours') ? ' ours' : '';
    return [
      text(left, y + 11, `label${ours}`, title),
      `<rect class="track" x="${left + LABEL_WIDTH}" y="${y}" width="${room}" height="${BAR}" rx="3"/>`,
      `<rect class="bar${ours}" x="${left + LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"/>`,
      text(left + LABEL_WIDTH + room + 10, y + 11, `value${ours}`, panel.text(value)),
    ].join('\n');
  });
  return [text(left, top + 14, 'panel', panel.title), text(left, top + 32, 'unit', panel.unit), ...rows].join('\n');
}

function text(x: number, y: number, className: string, content: string): string {
  const escaped = content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<text class="${className}" x="${x}" y="${y}">${escaped}</text>`;
}
