import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const MAX_CORE_BYTES = 175_000;

/** Runs a module in Node, where there is no DOM. */
async function inNode(code: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code]);
  return JSON.parse(stdout);
}

describe("the package's ways to the editor", () => {
  it('can all be imported where there is no DOM', async () => {
    const names = await inNode(`
      const entries = ['editor', 'editor/react', 'editor/element', 'editor/extensions', 'editor/tools'];
      const modules = await Promise.all(entries.map((entry) => import('scriptorium/' + entry)));
      console.log(JSON.stringify(modules.map((exports) => Object.keys(exports).sort())));
    `);
    expect(names).toEqual([
      expect.arrayContaining(['createEditor', 'editorExtensions', 'SCHEMA_VERSION']),
      ['ScriptoriumEditor', 'useScriptorium'],
      ['ScriptoriumEditorElement'],
      ['SCHEMA_VERSION', 'editorExtensions'],
      expect.arrayContaining(['createCounts', 'createOutline', 'openFind']),
    ]);
  });

  it('give a server the schema alone, to read what people wrote', async () => {
    const json = await inNode(`
      import { getSchema } from '@tiptap/core';
      import { yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
      import { editorExtensions } from 'scriptorium/editor/extensions';
      import * as Y from 'yjs';
      const doc = new Y.Doc();
      const heading = new Y.XmlElement('heading');
      heading.setAttribute('level', 2);
      heading.insert(0, [new Y.XmlText('Title')]);
      doc.getXmlFragment('default').insert(0, [heading]);
      const node = yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment('default'), getSchema(editorExtensions()));
      console.log(JSON.stringify(node.toJSON()));
    `);
    expect(json).toEqual({
      type: 'doc',
      content: [
        { type: 'heading', attrs: { id: null, level: 2, textAlign: null }, content: [{ type: 'text', text: 'Title' }] },
      ],
    });
  });
});

describe('the size of the editor', () => {
  it(`is at most ${MAX_CORE_BYTES / 1000} KB with gzip: what a page with createEditor loads before anything is used`, async () => {
    const bundle = (await build({
      configFile: false,
      logLevel: 'warn',
      resolve: { conditions: ['module', 'browser', 'production'] },
      define: { 'process.env.NODE_ENV': '"production"' },
      plugins: [
        {
          name: 'page',
          resolveId: (id) => (id === 'page' ? id : null),
          load: (id) => (id === 'page' ? "import { createEditor } from 'scriptorium/editor'; createEditor();" : null),
        },
      ],
      build: { write: false, target: 'es2022', rolldownOptions: { input: 'page' } },
    })) as Rolldown.RolldownOutput;
    const chunks = bundle.output.filter((part) => part.type === 'chunk');
    const entry = chunks.find(({ isEntry }) => isEntry);
    const loaded = chunks.filter((chunk) => chunk === entry || entry?.imports.includes(chunk.fileName));
    const bytes = loaded.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
    console.info(`createEditor: ${(bytes / 1000).toFixed(1)} KB with gzip`);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(MAX_CORE_BYTES);
  });
});
