import { parseArgs } from 'node:util';
import { LOADS, type Load } from './loads.ts';
import { SERVERS, type ServerId } from './servers.ts';

/** What is run. */
export interface Options {
  readonly loads: readonly Load[];
  readonly servers: readonly ServerId[];
  readonly rounds: number;
  /** How long people type in each measurement. */
  readonly seconds: number;
  /** After that it ends, whatever it has. */
  readonly minutes: number;
  /** Whether RESULTS.md and the chart are written. */
  readonly writes: boolean;
}

const FULL = { rounds: 3, seconds: 8, minutes: 180 };
const QUICK = { rounds: 1, seconds: 1.5, minutes: 15 };

const names = (things: readonly { id: string }[]): string => things.map(({ id }) => id).join(', ');

export const USAGE = `npm run bench -- [options]

  --quick            one short round, without what takes long; a few minutes
  --loads a,b        only these: ${names(LOADS)}
  --servers a,b      only these: ${names(SERVERS)}
  --rounds n         ${FULL.rounds}
  --seconds n        how long people type in each measurement: ${FULL.seconds}
  --minutes n        end after so long, whatever there is: ${FULL.minutes}
  --write            write RESULTS.md and results.svg, as it does without any option`;

/** @throws TypeError for an option that makes no sense, with a message for people */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      loads: { type: 'string' },
      servers: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      minutes: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const usual = values.quick ? QUICK : FULL;
  const loads = values.quick ? LOADS.filter(({ slow }) => slow === undefined) : LOADS;
  return {
    loads: values.loads === undefined ? loads : chosen('load', values.loads, LOADS),
    servers: (values.servers === undefined ? SERVERS : chosen('server', values.servers, SERVERS)).map(({ id }) => id),
    rounds: numberOf('rounds', values.rounds, usual.rounds),
    seconds: numberOf('seconds', values.seconds, usual.seconds),
    minutes: numberOf('minutes', values.minutes, usual.minutes),
    writes: args.length === 0 || values.write,
  };
}

function chosen<T extends { readonly id: string }>(what: string, list: string, all: readonly T[]): T[] {
  const ids = list.split(',').map((id) => id.trim());
  const unknown = ids.filter((id) => !all.some((one) => one.id === id));
  if (unknown.length > 0) throw new TypeError(`There is no ${what} ${unknown.join(', ')}. There are ${names(all)}.`);
  return all.filter(({ id }) => ids.includes(id));
}

function numberOf(name: string, value: string | undefined, usual: number): number {
  const number = value === undefined ? usual : Number(value);
  if (!(number > 0)) throw new TypeError(`--${name} takes a number above 0`);
  return number;
}
