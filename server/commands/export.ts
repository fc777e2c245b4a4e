import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import * as Y from 'yjs';
import { ScriptoriumError } from '../../protocol/index.ts';
import { compact } from '../compaction.ts';
import { readStoredDocument } from '../stored-document.ts';
import { askServer, updatePath } from './ask-server.ts';
import { dataOption } from './data-option.ts';
import { action } from './run.ts';
import { type Source, sourceOf, urlOption } from './url-option.ts';
import { withStorage } from './with-storage.ts';

interface ExportFlags {
  readonly url?: string;
  readonly data: string;
  readonly out?: string;
}

/** `scriptorium export`: one document as a Yjs update. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('Write one document as a Yjs update (V1), which any program with Yjs can apply.')
    .argument('<document>', 'the name of the document')
    .option('-o, --out <file>', 'the file to make; standard output when there is none')
    .addOption(urlOption())
    .addOption(dataOption('folder of the documents, when no server runs'))
    .action(action(run, 'Export through the server that has it, with --url.'));
}

async function run(document: string, flags: ExportFlags, command: Command): Promise<number> {
  const update = await read(sourceOf(flags, command), document);
  if (flags.out === undefined) {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(update, (error) => (error ? reject(error) : resolve()));
    });
  } else {
    await writeFile(flags.out, update, { flag: 'wx' });
    console.log(`${update.length} bytes are in ${flags.out}`);
  }
  return 0;
}

async function read(source: Source, document: string): Promise<Uint8Array> {
  if (source.type === 'server') {
    const response = await askServer(source.url, updatePath(document));
    return new Uint8Array(await response.arrayBuffer());
  }
  const stored = await withStorage(source.folder, (storage) => readStoredDocument(document, storage));
  if (stored === undefined) {
    const message = `There is no document ${JSON.stringify(document)} in ${source.folder}.`;
    throw new ScriptoriumError('DOCUMENT_NOT_FOUND', message);
  }
  const { snapshot, entries } = stored;
  const { update } = compact({ snapshot: snapshot?.update, updates: entries.map((entry) => entry.update) });
  return Y.convertUpdateFormatV2ToV1(update);
}
