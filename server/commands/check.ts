import type { Command } from 'commander';
import { type CheckReport, checkStore, describeProblem, type Problem } from '../../persistence/index.ts';
import { dataOption } from './data-option.ts';
import { plural } from './plural.ts';
import { action } from './run.ts';

const HELP = `
Every document is read, each byte of it; nothing is changed. Exit code 0: all is in order. 1: there are problems, one
line for each. 2: it could not be checked. What is damaged can be mended with \`scriptorium repair\`.`;

/** `scriptorium check`: says what is wrong with a store. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('Read every document of a store that no server has open, and say what is wrong.')
    .argument('[document...]', 'only these documents')
    .addOption(dataOption('folder of the documents'))
    .option('--json', 'print one JSON object: {documents, entries, problems: [{document?, kind, seq?, message}]}')
    .addHelpText('after', HELP)
    .action(action(check, 'Stop that process before you check the store.'));
}

async function check(documents: string[], { data, json = false }: { data: string; json?: boolean }): Promise<number> {
  const report = await checkStore(data, documents, json ? undefined : (problem) => console.log(describe(problem)));
  console.log(json ? JSON.stringify(report) : summaryOf(report));
  return report.problems.length > 0 ? 1 : 0;
}

function describe(problem: Problem): string {
  const { document } = problem;
  return `${document === undefined ? '' : `${JSON.stringify(document)} `}${describeProblem(problem)}`;
}

function summaryOf({ documents, entries, problems }: CheckReport): string {
  const damaged = new Set(problems.map(({ document }) => document).filter((document) => document !== undefined)).size;
  const log = entries === 1 ? '1 entry' : `${entries} entries`;
  const read = `read ${plural(documents, 'document')} and ${log}`;
  return problems.length === 0
    ? `All is in order: ${read}.`
    : `${plural(problems.length, 'problem')} in ${plural(damaged, 'document')}; ${read}.`;
}
