import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import type { Stage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

interface Embed {
  readonly script: string;
  readonly style: string;
}

let bundled: Promise<Embed> | undefined;

/** embed.ts and the editor's style sheet, each as one text for a page. */
async function bundleEmbed(): Promise<Embed> {
  const entry = fileURLToPath(new URL('./embed.ts', import.meta.url));
  const bundle = await build({
    configFile: false,
    logLevel: 'warn',
    // As in a real build: Vitest's NODE_ENV would choose the development builds of the dependencies.
    resolve: { conditions: ['module', 'browser', 'production'] },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      cssMinify: false,
      cssTarget: ['chrome123'],
      lib: { entry, formats: ['iife'], name: 'embedding' },
    },
  });
  const [output] = (Array.isArray(bundle) ? bundle : [bundle]) as Rolldown.RolldownOutput[];
  const style = output?.output.find(({ fileName }) => fileName.endsWith('.css'));
  if (output === undefined || style?.type !== 'asset') throw new Error('The bundle is not complete.');
  return { script: output.output[0].code, style: String(style.source) };
}

/** Opens a page that has nothing but the embedded editor's code, on the server's own host. */
export async function openEmbed(stage: Stage, writer: Writer): Promise<void> {
  bundled ??= bundleEmbed();
  const { script, style } = await bundled;
  const address = `${stage.server.url}/embed`;
  await writer.page.route(address, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><body>',
    }),
  );
  await writer.page.goto(address);
  await writer.page.addStyleTag({ content: style });
  await writer.page.addScriptTag({ content: script });
}

/** Waits until what nodes can do is loaded. */
export async function behaves({ page }: Writer): Promise<void> {
  const isLoaded = () => window.editor.state.plugins.some((plugin) => 'key' in plugin && plugin.key === 'below$');
  await eventually(() => page.evaluate(isLoaded)).toBe(true);
}

/** The name of a new document. */
export async function newDocumentName(stage: Stage): Promise<string> {
  const url = await stage.newDocument();
  return url.slice(url.lastIndexOf('/') + 1);
}
