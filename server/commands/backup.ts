import { createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Command } from 'commander';
import { type BackupSummary, backupFolder, verifyBackup } from '../../persistence/index.ts';
import { askServer } from './ask-server.ts';
import { dataOption } from './data-option.ts';
import { inBackup } from './plural.ts';
import { action } from './run.ts';
import { type Source, sourceOf, urlOption } from './url-option.ts';

const HELP = `
With --url while a server runs; the backup is all that it held at one moment. Without, of a folder that no server has
open. The file appears when it is whole and was read again. Documents that can't be read are in it as they are stored.`;

/** `scriptorium backup`: everything in one file. */
export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('Write all documents and their images into one file.')
    .argument('<file>', 'the file to make, such as scriptorium.ndjson.gz')
    .addOption(urlOption())
    .addOption(dataOption('folder of the documents, when no server runs'))
    .addHelpText('after', HELP)
    .action(action(backup, 'Make the backup through the server that has it, with --url.'));
}

async function backup(file: string, options: { url?: string; data: string }, command: Command): Promise<number> {
  await refuseExisting(file);
  const source = sourceOf(options, command);
  const unfinished = `${file}.unfinished`;
  let summary: BackupSummary;
  try {
    await write(source, unfinished);
    summary = await verifyBackup(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  console.log(`${inBackup(summary)} in ${file}`);
  for (const document of summary.unreadable) {
    const all = 'there may be more documents than could be found';
    console.error(
      `scriptorium: ${document === '' ? all : `${JSON.stringify(document)} can't be read; the backup has it as it is stored`}`,
    );
  }
  return 0;
}

async function write(source: Source, file: string): Promise<void> {
  const to = createWriteStream(file, { flush: true });
  if (source.type === 'folder') return backupFolder(source.folder, (bytes) => pipeline(bytes, to));
  const { body } = await askServer(source.url, '/api/backup');
  await pipeline(Readable.fromWeb((body ?? new Blob().stream()) as ReadableStream), to);
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) throw Object.assign(new Error(file), { code: 'EEXIST', path: file });
}
