import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks } from './writer.ts';

const stage = setStage();
const STANDALONE = fileURLToPath(new URL('../../dist/standalone/scriptorium-editor.js', import.meta.url));

describe('an editor on a provider of others', () => {
  it('works with y-websocket as it is, and leaves it connected', async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    for (const writer of [ada, ben]) await openEmbed(stage, writer);
    await ben.page.evaluate((name) => window.embed(name, 'Ben').provider.whenSynced(), name);
    await ada.page.evaluate((name) => {
      const address = `${location.origin.replace('http', 'ws')}/sync`;
      const provider = new window.WebsocketProvider(address, name, new window.Y.Doc(), { disableBc: true });
      Object.assign(window, { provider, stock: window.embedOn(provider, 'Ada') });
    }, name);
    await ada.editor.click();
    await ada.page.keyboard.type('from Ada');
    await expectBlocks([ben], ['from Ada']);
    await eventually(() => ben.caretNames()).toEqual(['Ada']);
    await ben.editor.click();
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type(' and Ben');
    await expectBlocks([ada], ['from Ada and Ben']);
    await ada.page.keyboard.press('Control+z');
    await expectBlocks([ada, ben], [' and Ben']);
    const left = await ada.page.evaluate(() => {
      const { stock, provider } = window as unknown as Record<string, ReturnType<typeof window.embed>> & {
        provider: { wsconnected: boolean; awareness: { getLocalState(): unknown } };
      };
      stock?.destroy();
      return [
        provider.wsconnected,
        provider.awareness.getLocalState(),
        document.querySelectorAll('.scriptorium').length,
      ];
    });
    expect(left).toEqual([true, null, 0]);
    await eventually(() => ben.caretNames()).toEqual([]);
    await ada.page.evaluate(() => (window as unknown as { provider: { destroy(): void } }).provider.destroy());
  });

  it("works with Hocuspocus' as it is beside one on ours, through our server", async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    for (const writer of [ada, ben]) await openEmbed(stage, writer);
    await ben.page.evaluate((name) => window.embed(name, 'Ben').provider.whenSynced(), name);
    await ada.page.evaluate((name) => {
      const url = `${location.origin.replace('http', 'ws')}/hocuspocus`;
      const provider = new window.HocuspocusProvider({ url, name, document: new window.Y.Doc() });
      Object.assign(window, { provider, stock: window.embedOn(provider, 'Ada') });
    }, name);
    await ada.editor.click();
    await ada.page.keyboard.type('from Ada');
    await expectBlocks([ben], ['from Ada']);
    await eventually(() => ben.caretNames()).toEqual(['Ada']);
    await ben.editor.click();
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type(' and Ben');
    await expectBlocks([ada, ben], ['from Ada and Ben']);
    await eventually(() => ada.caretNames()).toEqual(['Ben']);
    await eventually(() =>
      ada.page.evaluate(() => {
        const { provider } = window as unknown as { provider: InstanceType<typeof window.HocuspocusProvider> };
        return provider.hasUnsyncedChanges;
      }),
    ).toBe(false);
    const left = await ada.page.evaluate(() => {
      const { stock, provider } = window as unknown as {
        stock: { destroy(): void };
        provider: InstanceType<typeof window.HocuspocusProvider>;
      };
      stock.destroy();
      return [provider.isSynced, provider.awareness?.getLocalState()];
    });
    expect(left).toEqual([true, null]);
    await eventually(() => ben.caretNames()).toEqual([]);
    await ada.page.evaluate(() => (window as unknown as { provider: { destroy(): void } }).provider.destroy());
  });

  it('takes no text before the first sync, whatever the provider', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    ada.expectDisconnects();
    const text = await ada.page.evaluate(() => {
      const provider = new window.WebsocketProvider('ws://127.0.0.1:1/sync', 'x', new window.Y.Doc(), {
        disableBc: true,
      });
      const handle = window.embedOn(provider, 'Ada');
      handle.editor.commands.insertContent('too early');
      const { length } = handle.doc.getXmlFragment('default');
      handle.destroy();
      provider.destroy();
      return length;
    });
    expect(text).toBe(0);
  });

  it.each([
    ['what is no provider', '({})', /not a Yjs provider/],
    ['a provider without a document', '({ on() {}, off() {} })', /neither `doc` nor `document`/],
  ])('refuses %s', async (_, provider, message) => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const [error, elements] = (await ada.page.evaluate(`(() => {
      try {
        embedOn(${provider}, 'Ada');
        return ['', -1];
      } catch (error) {
        return [error instanceof TypeError ? error.message : 'no TypeError', document.querySelectorAll('.scriptorium').length];
      }
    })()`)) as [string, number];
    expect(error).toMatch(message);
    expect(elements).toBe(0);
  });

  it('refuses a document of another copy of Yjs, and says what mends it', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    ada.expectOnConsole(/Yjs was already imported/);
    await ada.page.addScriptTag({ path: STANDALONE });
    const error = await ada.page.evaluate(() => {
      const other = (window as unknown as { Scriptorium: typeof import('../../editor/standalone.ts') }).Scriptorium;
      const provider = new other.ScriptoriumProvider('/sync', 'x', new other.Y.Doc(), { connect: false });
      try {
        return window.embedOn(provider, 'Ada');
      } catch (error) {
        return error instanceof TypeError ? error.message : 'another error';
      } finally {
        provider.destroy();
      }
    });
    expect(error).toMatch(/two copies of Yjs.*npm ls yjs.*dedupe/s);
  });
});
