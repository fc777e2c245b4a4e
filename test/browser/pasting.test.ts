import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { png } from '../support/images.ts';
import type {} from './embed.ts';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, settled, type Writer } from './writer.ts';

const stage = setStage();

interface Given {
  readonly html?: string;
  readonly text?: string;
}

/** Waits until what is loaded later is here: what is pasted before is what ProseMirror makes of it. */
async function enter(name: string, url?: string): Promise<Writer> {
  const writer = await stage.enter(name);
  await writer.open(url ?? (await stage.newDocument()));
  await writer.page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('/assets/media-')),
  );
  await writer.page.waitForLoadState('networkidle');
  await settled(writer);
  await writer.editor.click();
  return writer;
}

async function paste({ editor }: Writer, { html, text }: Given): Promise<void> {
  await editor.evaluate(
    (element, { html, text }) => {
      const clipboardData = new DataTransfer();
      if (html !== undefined) clipboardData.setData('text/html', html);
      if (text !== undefined) clipboardData.setData('text/plain', text);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    { html, text },
  );
}

/** What is selected, as it would be on the clipboard. */
const copied = ({ editor }: Writer): Promise<Required<Given>> =>
  editor.evaluate((element) => {
    const clipboardData = new DataTransfer();
    element.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
    return { html: clipboardData.getData('text/html'), text: clipboardData.getData('text/plain') };
  });

/** The document as Markdown: what everything becomes that is copied. */
async function markdownOf(writer: Writer): Promise<string> {
  await writer.page.keyboard.press('Control+a');
  return (await copied(writer)).text;
}

const fixture = (name: string): Promise<string> => readFile(new URL(`./pasted/${name}.txt`, import.meta.url), 'utf8');

describe('what is pasted', () => {
  it('from Word is what it says, with lists that are lists', async () => {
    const ada = await enter('Ada');
    await paste(ada, { html: await fixture('word') });
    await eventually(() => markdownOf(ada)).toBe(
      [
        '# Minutes',
        '# What we decided',
        'The **budget** is *not* final, see [the table](https://example.com/budget).',
        '- Chairs\n  - twelve of them\n- Lamps',
        'Then:',
        '1. Order\n2. Pay',
        '|  |  |\n| --- | --- |\n| Item | Price |',
      ].join('\n\n'),
    );
  });

  it('from Google Docs is what it says, and not all bold', async () => {
    const ada = await enter('Ada');
    await paste(ada, { html: await fixture('google-docs') });
    await eventually(() => markdownOf(ada)).toBe(
      [
        '# Plan',
        'Plain, **bold**, *italic*, ~~struck~~ and [a link](https://example.com/)',
        '- one\n  - one a\n- two',
        '* [x] done',
      ].join('\n\n'),
    );
  });

  it('from a web page is its text: no scripts, no buttons, no links into it, and no images of others', async () => {
    const ada = await enter('Ada');
    const asked: string[] = [];
    ada.page.on('request', (request) => asked.push(request.url()));
    await paste(ada, { html: await fixture('web-page') });
    await eventually(() => markdownOf(ada)).toBe(
      [
        '## Install',
        'Run `npm i`, then **start** it. Top',
        '```js\nconst a = 1\ngo()\n```',
        '[The logo](https://images.example.com/logo.png)',
      ].join('\n\n'),
    );
    expect(asked.filter((url) => url.includes('example.com'))).toEqual([]);
  });

  it('and styled means what its styles say, also when it is copied again, and the console says nothing of them', async () => {
    const ada = await enter('Ada');
    const html =
      '<style>p { color: red }</style><p>first</p><p style="text-align:center;color:red" onclick="x()">in the middle</p>' +
      '<p align="right">at the <span style="font-weight:700">end</span> <span style="font-style:italic">now</span></p>';
    await paste(ada, { html });
    const expectStyled = async (): Promise<void> => {
      const aligned = ada.editor.locator('p').evaluateAll((all) => all.map((p) => getComputedStyle(p).textAlign));
      expect((await aligned).slice(1, 3)).toEqual(['center', 'right']);
      expect(await ada.editor.locator('p').nth(2).innerHTML()).toBe('at the <strong>end</strong> <em>now</em>');
    };
    await ada.editor.locator('em').waitFor();
    await expectStyled();
    await ada.page.keyboard.press('Control+a');
    const again = await copied(ada);
    expect(again.html).toContain('text-align: center');
    await ada.page.keyboard.press('Delete');
    await eventually(() => ada.blocks()).toEqual(['']);
    await paste(ada, again);
    await ada.editor.locator('em').waitFor();
    await expectStyled();
  });

  it('as Markdown is what it means; as plain text it is as it is', async () => {
    const ada = await enter('Ada');
    const text = '# Title\n\n- [ ] one\n- [x] **two**\n\n> [!TIP]\n> Try it.';
    await paste(ada, { text });
    await eventually(() => markdownOf(ada)).toBe(text);
    await ada.page.keyboard.press('Delete');
    await ada.page.keyboard.down('Control');
    await ada.page.keyboard.down('Shift');
    await paste(ada, { text: '# no title' });
    await ada.page.keyboard.up('Shift');
    await ada.page.keyboard.up('Control');
    await eventually(() => ada.blocks()).toEqual(['# no title']);
  });

  it('with images in it has them stored, at their places', async () => {
    const url = await stage.newDocument();
    const [ada, ben] = [await enter('Ada', url), await enter('Ben', url)];
    const data = `data:image/png;base64,${png(48, 24).toString('base64')}`;
    await paste(ada, { html: `<p>before</p><p><img src="${data}" alt="A box"></p><p>after</p>` });
    for (const { page } of [ada, ben]) {
      await page.getByRole('img', { name: 'A box' }).waitFor();
      const kinds = () => page.locator('.tiptap').evaluate((root) => [...root.children].map((child) => child.tagName));
      await eventually(kinds).toEqual(['P', 'FIGURE', 'P']);
    }
    expect(await markdownOf(ada)).toMatch(/^before\n\n!\[A box\]\(\/api\/documents\/[^)]+\.png\)\n\nafter$/);
  });

  it('from another document is stored in this one, with its images', async () => {
    const [one, other] = [await stage.newDocument(), await stage.newDocument()];
    const ada = await enter('Ada', one);
    const data = `data:image/png;base64,${png(40, 40).toString('base64')}`;
    await paste(ada, { html: `<p>a</p><img src="${data}" alt="A box">` });
    await ada.page.getByRole('img', { name: 'A box' }).waitFor();
    await ada.page.keyboard.press('Control+a');
    const { html } = await copied(ada);
    await ada.open(other);
    await ada.editor.click();
    await paste(ada, { html });
    await ada.page.locator('img[alt="A box"]').waitFor();
    expect(await markdownOf(ada)).toContain(`/api/documents/${other.slice(other.lastIndexOf('/') + 1)}/files/`);
  });
});

describe('what is copied', () => {
  it('is rich text and Markdown; a word is a word', async () => {
    const ada = await enter('Ada');
    await paste(ada, { text: '## Head\n\n1. one\n2. *two*' });
    await ada.page.keyboard.press('Control+a');
    const { html, text } = await copied(ada);
    expect(text).toBe('## Head\n\n1. one\n2. *two*');
    expect(html).toContain('<h2');
    await ada.page.locator('.tiptap em').dblclick();
    await eventually(async () => (await copied(ada)).text).toBe('*two*');
    await ada.page.getByText('Head').click();
    await ada.page.keyboard.press('Home');
    await ada.page.keyboard.press('Shift+End');
    await eventually(async () => (await copied(ada)).text).toBe('Head');
  });
});

describe('files that are dropped', () => {
  it('are read as what they are', async () => {
    const ada = await enter('Ada');
    const drop = (name: string, content: string): Promise<void> =>
      ada.editor.evaluate(
        (element, { name, content }) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([content], name));
          const { left, top } = (element.lastElementChild ?? element).getBoundingClientRect();
          const at = { clientX: left + 2, clientY: top + 2 };
          element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, ...at }));
        },
        { name, content },
      );
    await drop('notes.md', '# Notes\n\n- one\n\nend');
    await eventually(() => markdownOf(ada)).toBe('# Notes\n\n- one\n\nend');
    await drop('more.html', '<p onclick="x()">from <b>HTML</b></p><script>window.pwned = 1</script>');
    await eventually(() => markdownOf(ada)).toContain('from **HTML**');
    await drop('plain.txt', '# as it is');
    await eventually(() => markdownOf(ada)).toContain('\\# as it is');
  });
});

describe('a document', () => {
  it('is written as Markdown, text and a page of its own, and read again', async () => {
    const ada = await stage.enter('Ada');
    const name = await newDocumentName(stage);
    await openEmbed(stage, ada);
    await ada.page.evaluate((document) => {
      window.embed(document, 'Ada');
    }, name);
    await ada.editor.waitFor();
    const markdown =
      '# Title\n\n- [x] done\n\n| a | b |\n| --- | --- |\n| c | d |\n\n<details>\n<summary>More</summary>\n\n$x^2$\n\n</details>\n';
    const texts = await ada.page.evaluate(async (markdown) => {
      const { handle } = window;
      await handle.importFrom('markdown', markdown);
      return {
        markdown: await handle.exportAs('markdown'),
        text: await handle.exportAs('text'),
        html: await handle.exportAs('html', { title: '<Title> & more' }),
      };
    }, markdown);
    expect(texts.markdown).toBe(markdown);
    expect(texts.text).toBe('Title\n\ndone\n\na\n\nb\n\nc\n\nd\n\nMore\n\n$x^2$\n');
    expect(texts.html).toContain('<title>&lt;Title&gt; &amp; more</title>');
    const again = await ada.page.evaluate(async (html) => {
      const { handle } = window;
      handle.editor.commands.clearContent();
      await handle.importFrom('html', html);
      return handle.exportAs('markdown');
    }, texts.html);
    expect(again).toBe(markdown);
  });

  it('has its images in the page that it is written as', async () => {
    const ada = await stage.enter('Ada');
    await openEmbed(stage, ada);
    const name = await newDocumentName(stage);
    await ada.page.evaluate((document) => {
      window.embed(document, 'Ada');
    }, name);
    await ada.editor.waitFor();
    const data = `data:image/png;base64,${png(30, 30).toString('base64')}`;
    await paste(ada, { html: `<img src="${data}" alt="A box">` });
    await ada.page.locator('img[alt="A box"]').waitFor();
    const html = await ada.page.evaluate(() => window.handle.exportAs('html'));
    expect(html).toContain(data);
    expect(html).not.toContain('/api/documents');
  });
});
