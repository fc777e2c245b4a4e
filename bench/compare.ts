// Ours beside the servers of others: each in turn on one core, the load generator on the other. What is measured and
// how to read it: README.md.
import { writeFile } from 'node:fs/promises';
import { type Pinning, pinGenerator } from './core.ts';
import type { Load } from './loads.ts';
import { endServers } from './measure/bench-server.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { chart } from './report/chart.ts';
import { markdown, summary } from './report/markdown.ts';
import { isInvalid, type Measurement, type Results } from './report/results.ts';
import { nodeVersionOf, SERVERS, type Server } from './servers.ts';
import { machine } from './table.ts';

/** No measurement takes longer; one that hangs is given up, and its server is ended with it. */
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
if (interruption !== undefined) {
  console.error(`\nbench: ${interruption}`);
  process.exitCode = 1;
} else if (options.writes) {
  const file = (name: string) => new URL(name, import.meta.url);
  await writeFile(file('RESULTS.md'), `# Results\n\n![CPU for each delivery](results.svg)\n\n${text}\n`);
  await writeFile(file('results.svg'), chart(results));
}
if (results.measurements.some(isInvalid)) process.exitCode = 1;
process.exit();

async function run({ loads, servers, rounds, seconds }: Options, pinning: Pinning): Promise<Results> {
  const measurements: Measurement[] = [];
  const where = machine(pinning.length > 0);
  console.log(where);
  for (let round = 1; round <= rounds; round++) {
    for (const load of loads) {
      if (round > 1 && load.slow === 'slow and steady') continue;
      console.log(`\nround ${round} of ${rounds}: ${load.title}`);
      const turns = load.servers.filter(({ id }) => servers.includes(id));
      for (const server of round % 2 === 1 ? turns : turns.toReversed()) {
        if (interruption !== undefined) break;
        const measurement = await measure(load, server, round, { pinning, seed: round, seconds });
        measurements.push(measurement);
        console.log(`  ${server.title.padEnd(26)} ${measurement.failure ?? summary(measurement.figures)}`);
      }
    }
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: where,
    rounds,
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
  };
}

async function measure(
  load: Load,
  server: Server,
  round: number,
  run: Parameters<Load['measure']>[1],
): Promise<Measurement> {
  const which = { load: load.id, server: server.id, round };
  const timer = setTimeout(endServers, MEASUREMENT_MS);
  try {
    return { ...which, figures: await load.measure(server, run) };
  } catch (error) {
    return { ...which, figures: {}, failure: messageOf(error) };
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
