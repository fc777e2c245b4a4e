import type { Command } from 'commander';
import { describeProblem, type Repaired, type RepairReport, repairStore } from '../../persistence/index.ts';
import { dataOption } from './data-option.ts';
import { plural } from './plural.ts';
import { action } from './run.ts';

const HELP = `
A document that can't be read is written anew from all of it that can: the snapshot, and every entry, also after a gap.
What was stored before is kept in a file beside the folder, <folder>-repair-<time>.ndjson. Documents that are in order
are not changed. Clients that come back sync anew and bring what they hold.

--accept-loss is for a store that no server opens because writes that were acknowledged are missing. A backup may have
them. Without one, this makes the server go on with what is there.`;

interface RepairFlags {
  readonly data: string;
  readonly all?: boolean;
  readonly acceptLoss?: boolean;
}

/** `scriptorium repair`: makes documents readable again. */
export function addRepair(program: Command): void {
  program
    .command('repair')
    .description('Recover what can be read of damaged documents, in a store that no server has open.')
    .argument('[document...]', 'the documents to repair')
    .option('--all', 'repair every document that is damaged')
    .option('--accept-loss', 'go on with a store that has lost acknowledged writes')
    .addOption(dataOption('folder of the documents'))
    .addHelpText('after', HELP)
    .action(action(repair, 'Stop that process before you repair the store.'));
}

async function repair(documents: string[], flags: RepairFlags, command: Command): Promise<number> {
  const { data, all = false, acceptLoss = false } = flags;
  if (all && documents.length > 0) command.error('error: name documents or say --all, not both');
  if (!all && documents.length === 0 && !acceptLoss) command.error('error: name the documents to repair, or say --all');
  const report = await repairStore(data, {
    acceptLoss,
    ...((all || documents.length > 0) && { documents: all ? 'damaged' : documents }),
  });
  print(report);
  return report.notHere.length > 0 ? 1 : 0;
}

function print({ repaired, notHere, healthy, renewed, copy }: RepairReport): void {
  for (const document of repaired) printRepaired(document);
  for (const document of notHere) {
    console.error(
      `scriptorium: ${JSON.stringify(document)} is in a damaged file of LevelDB's and can't be repaired in this folder. ` +
        'Make a backup with --data, restore it into another folder, and repair that.',
    );
  }
  if (renewed > 0) console.log(`The loss is accepted: ${renewed} documents go on with what is there.`);
  if (copy !== undefined) console.log(`What was stored before is in ${copy}`);
  console.log(`${plural(repaired.length, 'document')} repaired, ${healthy} in order.`);
}

function printRepaired({ document, entries, snapshot, title, mended, leftOut }: Repaired): void {
  console.log(`${JSON.stringify(document)} repaired: kept ${snapshot ? 'the snapshot and ' : ''}${entries} entries`);
  for (const problem of leftOut) console.log(`  left out: ${describeProblem(problem)}`);
  for (const problem of mended) console.log(`  mended: ${describeProblem(problem)}`);
  if (title === undefined) console.log('  left out: its title');
  else if (mended.length > 0) console.log(`  its title is ${JSON.stringify(title)}`);
}
