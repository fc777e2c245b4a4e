import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually } from './writer.ts';

const stage = setStage();

interface Remains {
  readonly nodes: number;
  readonly listeners: number;
  readonly heapBytes: number;
}

/** So many editors come and go before it is counted: the browser compiles and caches. */
const WARM_UP = 30;
const MANY = 100;
/**
 * What they may leave on the heap, in bytes: code that was compiled, and the document, in which each has left a letter.
 * A hundred editors that stayed would be ten times as much.
 */
const HEAP_SLACK_BYTES = 500_000;

/** What the page holds after a garbage collection. */
async function countRemains(devtools: CDPSession): Promise<Remains> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { nodes: value('Nodes'), listeners: value('JSEventListeners'), heapBytes: value('JSHeapUsedSize') };
}

/** Makes editors one after the other, writes in each, and destroys it. */
function comeAndGo(page: Page, document: string, times: number): Promise<void> {
  return page.evaluate(
    async ({ document, times }) => {
      for (let i = 0; i < times; i++) {
        const handle = window.embed(document, 'Ada');
        await handle.provider.whenSynced();
        handle.editor.commands.focus();
        handle.editor.commands.insertContent('x');
        await handle.provider.whenSaved();
        handle.destroy();
        handle.destroy();
        Object.assign(window, { handle: undefined, editor: undefined });
      }
      for (const place of globalThis.document.querySelectorAll('body > div')) {
        if (place.childElementCount > 0) throw new Error(`left behind: ${place.innerHTML}`);
        place.remove();
      }
    },
    { document, times },
  );
}

describe('an embedded editor', () => {
  it('leaves nothing behind when it is destroyed: no socket, listener, element or person', async () => {
    const url = await stage.newDocument();
    const document = url.slice(url.lastIndexOf('/') + 1);
    const ben = await stage.enter('Ben');
    await ben.open(url);
    const ada = await stage.enter('Ada');
    let sockets = 0;
    ada.page.on('websocket', (socket) => {
      sockets++;
      socket.on('close', () => sockets--);
    });
    await openEmbed(stage, ada);
    const devtools = await ada.page.context().newCDPSession(ada.page);
    await devtools.send('Performance.enable');

    await comeAndGo(ada.page, document, WARM_UP);
    await eventually(() => sockets).toBe(0);
    // First: what looks at the page for this test puts listeners of its own into it.
    const styles = await ada.page.locator('style').count();
    const before = await countRemains(devtools);
    await comeAndGo(ada.page, document, MANY);
    await eventually(() => sockets).toBe(0);
    await eventually(async () => {
      const after = await countRemains(devtools);
      return {
        nodes: after.nodes <= before.nodes,
        listeners: after.listeners <= before.listeners,
        heap: after.heapBytes - before.heapBytes < HEAP_SLACK_BYTES,
      };
    }).toEqual({ nodes: true, listeners: true, heap: true });
    expect(await ada.page.locator('style').count()).toBe(styles);
    await eventually(() => ben.page.locator('.scriptorium-people .scriptorium-person').count()).toBe(1);
    await eventually(() => ben.blocks()).toEqual(['x'.repeat(WARM_UP + MANY)]);
  });

  it('opened by ten clients at once for the first time writes nothing and doubles nothing', async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const [lengths, texts] = await ada.page.evaluate(async (name) => {
      const handles = Array.from({ length: 10 }, (_, i) => window.embed(name, `Person ${i}`));
      await Promise.all(handles.map(({ provider }) => provider.whenSynced()));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const lengths = handles.map(({ doc }) => doc.store.clients.size);
      handles[0]?.editor.commands.insertContent('once');
      await handles[0]?.provider.whenSaved();
      const html = () => handles.map(({ editor }) => editor.getHTML());
      const deadline = Date.now() + 5_000;
      while (new Set(html()).size > 1 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
      const texts = html();
      for (const handle of handles) handle.destroy();
      return [lengths, texts];
    }, name);
    expect(lengths).toEqual(Array(10).fill(0));
    expect(texts).toEqual(Array(10).fill('<p>once</p>'));
  });

  it('leaves a connection that it was given as it was', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const [before, after, status] = await ada.page.evaluate(
      async (name) => {
        const { provider } = window.embed(name, 'Ada');
        await provider.whenSynced();
        const listeners = () =>
          [provider, provider.doc, provider.awareness].flatMap(({ _observers }) =>
            [..._observers].filter(([, all]) => all.size > 0).map(([event, all]) => `${event}: ${all.size}`),
          );
        const before = listeners();
        for (let i = 0; i < 5; i++) window.embedWith(provider, 'Ada').destroy();
        return [before, listeners(), provider.status];
      },
      url.slice(url.lastIndexOf('/') + 1),
    );
    expect(after).toEqual(before);
    expect(status).toBe('synced');
  });

  it('can be read-only, and then takes no text from this person but shows that of others', async () => {
    const url = await stage.newDocument();
    const document = url.slice(url.lastIndexOf('/') + 1);
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    await ada.page.evaluate(async (name) => {
      const handle = window.embed(name, 'Ada');
      handle.setEditable(false);
      await handle.provider.whenSynced();
    }, document);
    const ben = await stage.enter('Ben');
    await ben.open(url);
    await ben.editor.click();
    await ben.page.keyboard.type('Read this');
    await eventually(() => ada.blocks()).toEqual(['Read this']);
    expect(await ada.page.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
    await ada.page.locator('.tiptap').click();
    await ada.page.keyboard.type('no');
    expect(await ada.page.getByRole('button', { name: 'Bold' }).getAttribute('aria-disabled')).toBe('true');
    await ben.page.keyboard.type('!');
    await eventually(() => ada.blocks()).toEqual(['Read this!']);
  });
});
