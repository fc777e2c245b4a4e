import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

const stage = setStage();
const SEEDS = Number(process.env['STRUCTURE_SEEDS'] ?? 12);
const FIRST_SEED = Number(process.env['STRUCTURE_SEED'] ?? 1);
const EDITS = 60;
/** How long all of it may take, in milliseconds. Seeds for which there is no time any more are left out. */
const BUDGET_MS = 60_000;
/** More than edits of this number can make: something else goes on writing. */
const MAX_NODES = 1_500;

const BEGINNING =
  '<h2>Title</h2><p>first words here</p><ul><li><p>one</p></li><li><p>two</p><ul><li><p>inner</p></li></ul></li></ul>' +
  '<blockquote><p>quoted</p></blockquote><pre><code>code</code></pre>' +
  '<table><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr><tr><td><p>c</p></td><td><p>d</p></td></tr></tbody></table><p>last</p>';

const content = (writer: Writer) =>
  writer.page.evaluate(() => {
    window.editor.state.doc.check();
    let nodes = 0;
    window.editor.state.doc.descendants(() => {
      nodes++;
      return true;
    });
    return {
      shown: JSON.stringify(window.editor.getJSON()),
      shared: window.handle.doc.getXmlFragment('default').toString(),
      nodes,
    };
  });

/** Waits until two looks at all of them are the same, with nothing on its way. */
async function settle(writers: readonly Writer[]): Promise<Awaited<ReturnType<typeof content>>[]> {
  let last = '';
  let found: Awaited<ReturnType<typeof content>>[] = [];
  await eventually(async () => {
    for (const writer of writers) await writer.page.evaluate(() => window.handle.provider.whenSaved());
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = await Promise.all(writers.map(content));
    const now = JSON.stringify(found);
    const isSame = now === last && new Set(found.map(({ shared }) => shared)).size === 1;
    last = now;
    return isSame;
  }).toBe(true);
  return found;
}

describe('two people who change the structure of a document at once', () => {
  it(
    'see the same in the end, which the schema allows, the server has, and does not grow by itself',
    async () => {
      const [ada, ben] = [await stage.enter('Ada'), await stage.enter('Ben')];
      for (const writer of [ada, ben]) await openEmbed(stage, writer);
      const begun = Date.now();
      let done = 0;
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS && Date.now() - begun < BUDGET_MS; seed++, done++) {
        const document = await newDocumentName(stage);
        for (const writer of [ada, ben]) {
          await writer.page.evaluate(
            ({ document, user }) => window.embed(document, user, { offline: false } as never).provider.whenSynced(),
            { document, user: writer.name },
          );
        }
        await ada.page.evaluate((html) => void window.editor.commands.setContent(html), BEGINNING);
        await settle([ada, ben]);
        await Promise.all(
          [ada, ben].map((writer, i) =>
            writer.page.evaluate(({ seed, edits }) => window.editStructure(window.editor, seed, edits), {
              seed: 2 * seed + i,
              edits: EDITS,
            }),
          ),
        );
        const found = await settle([ada, ben]);
        expect(found[1]?.shown, `seed ${seed}`).toBe(found[0]?.shown);
        expect(found[0]?.nodes, `seed ${seed}`).toBeLessThan(MAX_NODES);
        expect(await onServer(document), `seed ${seed}`).toBe(found[0]?.shared);
        for (const writer of [ada, ben]) await writer.page.evaluate(() => window.handle.destroy());
      }
      console.info(`${done} seeds in ${Date.now() - begun} ms`);
      expect(done).toBeGreaterThan(1);
    },
    BUDGET_MS + 60_000,
  );
});

/** What a newcomer gets, who changes nothing. */
async function onServer(document: string): Promise<string> {
  const doc = new Y.Doc();
  const provider = new ScriptoriumProvider(`${stage.server.url.replace('http', 'ws')}/sync`, document, doc);
  await provider.whenSynced();
  const text = doc.getXmlFragment('default').toString();
  provider.destroy();
  doc.destroy();
  return text;
}
