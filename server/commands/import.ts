import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { FOREIGN_STORES, type ForeignStore } from '../../persistence/index.ts';
import { Coverage, checkDocumentName, decodeUpdateContent, decodeUpdateContentV2 } from '../../protocol/index.ts';
import { readStoredDocument, type StoredDocument } from '../stored-document.ts';
import { askServer, updatePath } from './ask-server.ts';
import { dataOption } from './data-option.ts';
import { importStore } from './import-store.ts';
import { action } from './run.ts';
import { type Source, sourceOf, urlOption } from './url-option.ts';
import { withStorage } from './with-storage.ts';

const HELP = `
Nothing is overwritten: what is in the file is merged with what is there, as if a client had sent it. People who have
the document open see it at once, when it goes through the server. Imported twice, it is there once.

With --from, all documents of another system's store, while neither server runs:
  scriptorium import --from y-leveldb <folder>           y-websocket with YPERSISTENCE, y-leveldb
  scriptorium import --from hocuspocus-sqlite <file>     @hocuspocus/extension-sqlite
  scriptorium import --from updates <folder>             a file with a Yjs V1 update for each document
That store is not changed. A document that is there already is left as it is; so an import that was cut off goes on when
it is run again. Each is read again and compared. The exit code is 1 when some were left: they are named.`;

interface ImportFlags {
  readonly url?: string;
  readonly data: string;
  readonly from?: ForeignStore;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** `scriptorium import`: a Yjs update into a document, or all of another store. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('Merge a Yjs update (V1), such as `export` writes, into a document; it is made if it is missing.')
    .usage('[options] <document> <file>\n       scriptorium import [options] --from <kind> <path>')
    .argument('<document>', 'the name of the document; with --from, where the store is')
    .argument('[file]', 'the update')
    .addOption(
      new Option('--from <kind>', 'import a whole store of another system').choices(Object.keys(FOREIGN_STORES)),
    )
    .option('--force', 'with --from: replace documents that are there and differ')
    .option('--dry-run', 'with --from: read everything, say what would be done, and write nothing')
    .addOption(urlOption())
    .addOption(dataOption('folder of the documents, when no server runs'))
    .addHelpText('after', HELP)
    .action(action(run, 'Import through the server that has it, with --url; with --from, stop that server first.'));
}

async function run(first: string, file: string | undefined, flags: ImportFlags, command: Command): Promise<number> {
  const { from, data, force = false, dryRun = false } = flags;
  if (from === undefined) {
    if (file === undefined) command.error("error: missing required argument 'file'");
    if (force || dryRun) command.error('error: --force and --dry-run need --from');
    return importUpdate(first, file, sourceOf(flags, command));
  }
  if (file !== undefined) command.error('error: with --from there is one argument, where the store is');
  if (command.getOptionValueSource('url') === 'cli')
    command.error('error: --from writes into a folder, not with --url');
  return importStore(from, first, data, { force, dryRun });
}

async function importUpdate(document: string, file: string, source: Source): Promise<number> {
  // In a buffer of its own: Yjs reads lengths without checking them.
  const update = Uint8Array.from(await readFile(file));
  decodeUpdateContent(update); // refused here, before anything is opened
  await write(source, checkDocumentName(document), update);
  console.log(`${file} is in ${JSON.stringify(document)}`);
  return 0;
}

async function write(source: Source, document: string, update: Uint8Array<ArrayBuffer>): Promise<void> {
  if (source.type === 'server') {
    await askServer(source.url, updatePath(document), { method: 'POST', body: update });
    return;
  }
  const content = decodeUpdateContent(update);
  await withStorage(source.folder, async (storage) => {
    const at = Date.now();
    // A document that can't be read is left as it is.
    const stored = await readStoredDocument(document, storage);
    if (stored && contentOf(stored).covers(content)) return;
    const { epoch } = await storage.create(document, { epoch: randomUUID(), at });
    await storage.append(document, epoch, [{ at, update }]);
  });
}

function contentOf({ snapshot, entries }: StoredDocument): Coverage {
  const coverage = new Coverage();
  if (snapshot) coverage.add(decodeUpdateContentV2(snapshot.update));
  for (const entry of entries) coverage.add(decodeUpdateContent(entry.update));
  return coverage;
}
