import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Coverage, checkDocumentName, decodeUpdateContent, decodeUpdateContentV2 } from '../../protocol/index.ts';
import { readStoredDocument, type StoredDocument } from '../stored-document.ts';
import { askServer, updatePath } from './ask-server.ts';
import { dataOption } from './data-option.ts';
import { action } from './run.ts';
import { type Source, sourceOf, urlOption } from './url-option.ts';
import { withStorage } from './with-storage.ts';

const HELP = `
Nothing is overwritten: what is in the file is merged with what is there, as if a client had sent it. People who have
the document open see it at once, when it goes through the server. Imported twice, it is there once.`;

/** `scriptorium import`: a Yjs update into a document. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('Merge a Yjs update (V1), such as `export` writes, into a document; it is made if it is missing.')
    .argument('<document>', 'the name of the document')
    .argument('<file>', 'the update')
    .addOption(urlOption())
    .addOption(dataOption('folder of the documents, when no server runs'))
    .addHelpText('after', HELP)
    .action(action(run, 'Import through the server that has it, with --url.'));
}

async function run(
  document: string,
  file: string,
  options: { url?: string; data: string },
  command: Command,
): Promise<number> {
  // In a buffer of its own: Yjs reads lengths without checking them.
  const update = Uint8Array.from(await readFile(file));
  decodeUpdateContent(update); // refused here, before anything is opened
  await write(sourceOf(options, command), checkDocumentName(document), update);
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
