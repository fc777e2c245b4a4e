import type { Command } from 'commander';
import { restoreStore } from '../../persistence/index.ts';
import { dataOption } from './data-option.ts';
import { inBackup } from './plural.ts';
import { action } from './run.ts';

const HELP = `
The backup is read to its end before anything is written. Every document begins a new life: clients that come back sync
anew, and what they hold that is not in the backup comes back with them. A restore that was interrupted is run again.`;

/** `scriptorium restore`: a backup into an empty folder. */
export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('Write the documents of a backup and their images into an empty folder.')
    .argument('<file>', 'a backup')
    .addOption(dataOption('folder without documents; made if it is missing'))
    .addHelpText('after', HELP)
    .action(action(restore, 'Stop that process, or choose another folder.'));
}

async function restore(file: string, { data }: { data: string }): Promise<number> {
  const summary = await restoreStore(file, data);
  console.log(`${inBackup(summary)} in ${data}`);
  for (const document of summary.unreadable) {
    const all = 'there may be more documents than could be found';
    console.error(
      `scriptorium: ${document === '' ? all : `${JSON.stringify(document)} could not be read when the backup was made: see repair`}`,
    );
  }
  return 0;
}
