import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addBackup } from './commands/backup.ts';
import { addCheck } from './commands/check.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addRepair } from './commands/repair.ts';
import { addRestore } from './commands/restore.ts';
import { addServe } from './commands/serve.ts';
import { addToken } from './commands/token.ts';

/** The program `scriptorium`. Resolves once the command has begun; a server goes on until it gets SIGTERM or SIGINT. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('scriptorium')
    .description('People write one document together; this server keeps it.')
    .version(version());
  for (const add of [addServe, addCheck, addRepair, addBackup, addRestore, addExport, addImport, addToken])
    add(program);
  await program.parseAsync(argv);
}

function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(
      new URL(import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json', import.meta.url),
      'utf8',
    ),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}
