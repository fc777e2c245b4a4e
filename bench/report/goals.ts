import type { Figure } from '../loads.ts';
import type { ServerId } from '../servers.ts';
import { figureOf, type Results } from './results.ts';

/** Something that ours has to reach. */
export interface Goal {
  readonly text: string;
  readonly limit: number;
  /** Whether the limit is the most or the least. */
  readonly bound: 'at most' | 'at least';
  readonly unit: '' | ' ms';
  /** Undefined where something of it was not measured, or not validly. */
  value(results: Results): number | undefined;
}

export type Verdict = 'met' | 'missed' | 'open';

/** How a goal stands: `open` when it was not measured. */
export function verdictOf(goal: Goal, results: Results): Verdict {
  const value = goal.value(results);
  if (value === undefined || Number.isNaN(value)) return 'open';
  return (goal.bound === 'at most' ? value <= goal.limit : value >= goal.limit) ? 'met' : 'missed';
}

const NAMES = { hocuspocus: "Hocuspocus'", relay: "the plain relay's" } as const;
type Other = keyof typeof NAMES;

/** Ours by another one's. */
function ratio(load: string, figure: Figure, other: Other, ours: ServerId = 'ours') {
  return (results: Results): number | undefined => {
    const [mine, theirs] = [figureOf(results, load, ours, figure), figureOf(results, load, other, figure)];
    return mine === undefined || !theirs ? undefined : mine / theirs; // a capacity of 0 is none
  };
}

const most = (text: string, limit: number, value: Goal['value'], unit: Goal['unit'] = ''): Goal => ({
  text,
  limit,
  bound: 'at most',
  unit,
  value,
});
const least = (text: string, limit: number, value: Goal['value']): Goal => ({
  ...most(text, limit, value),
  bound: 'at least',
});

/** CPU for each delivery, by another one's. */
const cost = (what: string, load: string, other: Other, limit: number): Goal =>
  most(`${what}: CPU per delivery by ${NAMES[other]}`, limit, ratio(load, 'cpuMicros', other));

const latest = (what: string, load: string, limit: number): Goal =>
  most(`${what}: p99`, limit, (results) => figureOf(results, load, 'ours', 'p99'), ' ms');

/** How much later than with the relay an edit comes, half of the time. */
const later = (what: string, load: string, limit: number): Goal =>
  most(
    `${what}: p50 after the plain relay's`,
    limit,
    (results) => {
      const [mine, theirs] = (['ours', 'relay'] as const).map((server) => figureOf(results, load, server, 'p50'));
      return mine === undefined || theirs === undefined ? undefined : mine - theirs;
    },
    ' ms',
  );

/** Ours under one load by ours under another: 1 where nothing but the number of deliveries counts. */
const linear = (text: string, load: string, base: string): Goal =>
  most(text, 1.1, (results) => {
    const [one, other] = [load, base].map((id) => figureOf(results, id, 'ours', 'cpuMicros'));
    return one === undefined || other === undefined ? undefined : one / other;
  });

/** What this project has set itself. */
export const GOALS: readonly Goal[] = [
  cost('1 x 200 with cursors', 'crowd-cursors', 'hocuspocus', 0.25),
  cost('1 x 200 with cursors', 'crowd-cursors', 'relay', 0.25),
  cost('the same at four times the load', 'crowd-busy', 'hocuspocus', 0.25),
  cost('the same at four times the load', 'crowd-busy', 'relay', 0.25),
  latest('1 x 200 with cursors', 'crowd-cursors', 40),
  latest('the same at four times the load', 'crowd-busy', 40),
  later('the same at a twentieth of the load', 'crowd-quiet', 2),
  least("capacity of 100 x 5 by Hocuspocus'", 2.5, ratio('capacity', 'editsPerSecond', 'hocuspocus')),
  least("capacity of 100 x 5 by the plain relay's", 1, ratio('capacity', 'editsPerSecond', 'relay')),
  cost('10 x 50', 'teams', 'hocuspocus', 0.6),
  cost('10 x 50', 'teams', 'relay', 0.8),
  latest('10 x 50', 'teams', 30),
  cost('100 x 5', 'groups', 'hocuspocus', 0.5),
  cost('100 x 5', 'groups', 'relay', 1.3),
  later('100 x 5', 'groups', 1),
  most("join storm: time by Hocuspocus'", 0.5, ratio('join-storm', 'ms', 'hocuspocus')),
  most("join storm: CPU by Hocuspocus'", 0.3, ratio('join-storm', 'cpuMs', 'hocuspocus')),
  most("resume storm: bytes by Hocuspocus'", 0.1, ratio('resume-storm', 'bytes', 'hocuspocus', 'ours-resuming')),
  most("resume storm: CPU by Hocuspocus'", 0.1, ratio('resume-storm', 'cpuMs', 'hocuspocus', 'ours-resuming')),
  most("memory of an open room by Hocuspocus'", 0.1, ratio('idle-rooms', 'bytesEach', 'hocuspocus')),
  most("memory of an idle connection by the plain relay's", 1.5, ratio('idle-connections', 'bytesEach', 'relay')),
  linear('CPU per delivery in documents of 304 KB by that in empty ones', 'teams-document', 'teams'),
  linear('CPU per delivery at four times the load by that at the load, 1 x 200', 'crowd-busy', 'crowd-cursors'),
];
