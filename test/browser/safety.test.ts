import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { ScriptoriumProvider } from '../../client/node.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();

/** What a page might have run that it should not have. */
const PWN = 'window.pwned=(window.pwned||0)+1';

const HOSTILE_HTML = `
  <p onclick="${PWN}" style="position:fixed" class="x">plain</p>
  <script>${PWN}</script>
  <img src="x" onerror="${PWN}">
  <svg onload="${PWN}"><script>${PWN}</script></svg>
  <iframe srcdoc="<script>parent.${PWN}</script>" src="javascript:${PWN}"></iframe>
  <p><a href="javascript:${PWN}">one</a> <a href=" JaVa\tScRiPt:${PWN}">two</a>
     <a href="data:text/html,<script>${PWN}</script>">three</a> <a href="vbscript:x">four</a>
     <a href="https://example.com/" onclick="${PWN}" target="_top">five</a> <a href="mailto:a@example.com">six</a></p>
  <object data="javascript:${PWN}"></object><embed src="javascript:${PWN}">
  <form action="javascript:${PWN}"><button formaction="javascript:${PWN}">seven</button></form>
  <math><mtext><style><img src="x" onerror="${PWN}"></style></mtext></math>
  <details open ontoggle="${PWN}">eight</details>`;

async function paste(writer: Writer, html: string): Promise<void> {
  await writer.editor.click();
  await writer.editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, html);
}

/** All that is in the text which could run something, and where the links go. */
const inspect = (writer: Writer) =>
  writer.page.evaluate(() => {
    // All but what the editor itself puts beside a part that folds up.
    const elements = [...document.querySelectorAll('.tiptap *')].filter(
      (element) => !element.closest('.scriptorium-details-toggle'),
    );
    return {
      pwned: (window as { pwned?: number }).pwned,
      elements: elements
        .filter(({ tagName }) => /^(script|iframe|object|embed|form|button|svg|math|style|link|meta)$/i.test(tagName))
        .map(({ outerHTML }) => outerHTML),
      handlers: elements.flatMap(({ attributes }) =>
        [...attributes].filter(({ name }) => /^on|^src/.test(name)).map(({ name, value }) => `${name}=${value}`),
      ),
      // ProseMirror's own image, which it puts beside a widget, has no source.
      links: [...document.querySelectorAll<HTMLAnchorElement>('.tiptap a')].map((link) => link.getAttribute('href')),
    };
  });

const HARMLESS = { pwned: undefined, elements: [], handlers: [] };

describe('nothing runs of', () => {
  it('what is pasted: only what the schema has comes in, and links go to http, https and mailto', async () => {
    const url = await stage.newDocument();
    const [ada, ben] = [await stage.enter('Ada'), await stage.enter('Ben')];
    await ada.open(url);
    await ben.open(url);
    ada.expectOnConsole(/Applying inline style violates/); // the policy at work, while the editor reads what is pasted
    await paste(ada, HOSTILE_HTML);
    await eventually(async () => (await ben.blocks()).join(' ')).toContain('five');
    for (const writer of [ada, ben]) {
      expect(await inspect(writer)).toEqual({
        ...HARMLESS,
        links: ['https://example.com/', 'mailto:a@example.com'],
      });
    }
    await ada.editor
      .getByText('one')
      .first()
      .click({ modifiers: ['Control'] });
    expect(await inspect(ada)).toMatchObject(HARMLESS);
  });

  it('links that somebody writes past the editor: they lead nowhere', async () => {
    const url = await stage.newDocument();
    const ada = await stage.enter('Ada');
    await ada.open(url);
    const doc = new Y.Doc();
    const hostile = new ScriptoriumProvider(
      `${stage.server.url.replace('http', 'ws')}/sync`,
      url.slice(url.lastIndexOf('/') + 1),
      doc,
    );
    await hostile.whenSynced();
    const paragraph = new Y.XmlElement('paragraph');
    const text = new Y.XmlText();
    paragraph.insert(0, [text]);
    doc.getXmlFragment('default').insert(0, [paragraph]);
    const hrefs = [`javascript:${PWN}`, `\u0001java\nscript:${PWN}`, `data:text/html,<script>opener.${PWN}</script>`];
    for (const href of hrefs) text.insert(text.length, 'link ', { link: { href, target: '_self' } });
    await hostile.whenSaved();
    await eventually(() => ada.blocks()).toContain('link link link ');
    expect(await inspect(ada)).toMatchObject(HARMLESS);
    let pages = 0;
    ada.page.context().on('page', () => pages++);
    const links = ada.page.locator('.tiptap a');
    for (let i = 0; i < (await links.count()); i++) {
      expect(await links.nth(i).getAttribute('href')).toBe('');
      await links.nth(i).click({ modifiers: ['Control'] });
    }
    expect(await inspect(ada)).toMatchObject(HARMLESS);
    expect(pages).toBe(0);
    doc.destroy();
  });

  it('the names of people and of documents: they are text', async () => {
    const url = await stage.newDocument();
    const name = '<img src=x onerror=pwned=1><b>Eve</b>';
    const [eve, ada] = [await stage.enter(name), await stage.enter('Ada')];
    await fetch(url.replace('/d/', '/api/documents/'), { method: 'PATCH', body: JSON.stringify({ title: name }) });
    await ada.open(url);
    await eve.open(url);
    await eve.editor.click();
    await eve.page.keyboard.type('Hello');
    await expectBlocks([ada], ['Hello']);
    await eventually(() => ada.caretNames()).toEqual([name]);
    expect(await inspect(ada)).toMatchObject(HARMLESS);
    expect(await ada.page.locator('.scriptorium-people img, .scriptorium-people b').count()).toBe(0);
    await ada.page.goto(stage.server.url);
    await ada.page.getByRole('link', { name: '<b>Eve</b>' }).first().waitFor();
    expect(await inspect(ada)).toMatchObject(HARMLESS);
    expect(await ada.page.locator('img[src="x"]').count()).toBe(0);
  });
});
