// Ours beside the servers of others: each in turn on one core, the load generator on the other. What is measured and
// how to read it: README.md.
import { writeFile } from 'node:fs/promises';
import { type Pinning, pinGenerator } from './core.ts';
import type { Load, Run } from './loads.ts';
import { endServers } from './measure/bench-server.ts';
import { Turns } from './measure/turns.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { chart } from './report/chart.ts';
import { markdown, summary } from './report/markdown.ts';
import { isInvalid, type Measurement, type Results } from './report/results.ts';
import { nodeVersionOf, SERVERS, type Server } from './servers.ts';
import { machine } from './table.ts';

/** No load takes longer for each of its servers; what hangs is given up, and its servers are ended with it. */
const MEASUREMENT_MS = 300_000;

let options: Options;
try {
  const read = readOptions(process.argv.slice(2));
  if (read === 'help') {
    console.log(USAGE);
    process.exit();
  }
  options = read;
} catch (error) {
  console.error(`bench: ${messageOf(error)}`);
  process.exit(1);
}

let interruption: string | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt(`stopped by ${signal}`));
setTimeout(() => interrupt(`${options.minutes} minutes are over`), options.minutes * 60_000).unref();

const pinning = pinGenerator();
const results = await run(options, pinning);
const text = markdown(results);
console.log(`\n${text}`);
if (interruption !== undefined) console.error(`\nbench: ${interruption}`);
if (options.writes) {
  const file = (name: string) => new URL(name, import.meta.url);
  await writeFile(file('RESULTS.md'), `# Results\n\n![CPU for each delivery](results.svg)\n\n${text}\n`);
  await writeFile(file('results.svg'), chart(results));
}
if (interruption !== undefined || results.measurements.some(isInvalid)) process.exitCode = 1;
process.exit();

async function run({ loads, servers, rounds, seconds }: Options, pinning: Pinning): Promise<Results> {
  const measurements: Measurement[] = [];
  const where = machine(pinning.length > 0);
  console.log(where);
  for (let round = 1; round <= rounds; round++) {
    for (const load of loads) {
      if (round > 1 && load.slow === 'slow and steady') continue;
      console.log(`\nround ${round} of ${rounds}: ${load.title}`);
      if (interruption !== undefined) break;
      const chosen = load.servers.filter(({ id }) => servers.includes(id));
      const inOrder = round % 2 === 1 ? chosen : chosen.toReversed();
      const measured = await measureAll(load, inOrder, round, { pinning, seed: round, seconds });
      // What was ended in the middle says nothing.
      if (interruption === undefined) measurements.push(...measured);
    }
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: where,
    rounds: Math.max(0, ...measurements.map(({ round }) => round)),
    seconds,
    servers: SERVERS.filter(({ id }) => measurements.some(({ server }) => server === id)).map(
      ({ id, title, keeps, version, command }) => ({
        id,
        title,
        keeps,
        version: version(),
        node: nodeVersionOf(command('').runtime),
      }),
    ),
    measurements,
    interruption,
  };
}

/** All servers under one load. They run side by side, and take turns. */
async function measureAll(
  load: Load,
  servers: readonly Server[],
  round: number,
  run: Omit<Run, 'turn'>,
): Promise<Measurement[]> {
  const turns = new Turns();
  const timer = setTimeout(endServers, MEASUREMENT_MS * servers.length);
  const measure = async (server: Server): Promise<Measurement> => {
    const measurement = { load: load.id, server: server.id, round };
    try {
      const figures = await turns.take((turn) => load.measure(server, { ...run, turn }));
      console.log(`  ${server.title.padEnd(26)} ${summary(figures)}`);
      return { ...measurement, figures };
    } catch (error) {
      console.log(`  ${server.title.padEnd(26)} ${messageOf(error)}`);
      return { ...measurement, figures: {}, failure: messageOf(error) };
    }
  };
  try {
    return await Promise.all(servers.map(measure));
  } finally {
    clearTimeout(timer);
  }
}

/** What is being measured fails, and nothing more is. */
function interrupt(reason: string): void {
  interruption ??= reason;
  void endServers();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
