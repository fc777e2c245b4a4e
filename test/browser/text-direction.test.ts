import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();

describe('the direction of text', () => {
  it('is that of each block, while two people write in two directions', async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    for (const writer of [ada, ben]) {
      await openEmbed(stage, writer);
      await writer.page.evaluate(({ name, user }) => window.embed(name, user).provider.whenSynced(), {
        name,
        user: writer.name,
      });
    }
    await ada.page.evaluate(
      () =>
        void window.editor.commands.setContent(
          '<p>left</p><p>שלום</p><ul><li><p>قائمة</p></li></ul><ul><li><p>list</p></li></ul>',
        ),
    );
    await expectBlocks([ben], ['left', 'שלום', 'قائمة', 'list']);
    /** Whether the first line of each block begins at the left edge. */
    const sides = () =>
      ben.page.locator('.tiptap > *').evaluateAll((blocks) =>
        blocks.map((block) => {
          const range = document.createRange();
          range.selectNodeContents(block.querySelector('p') ?? block);
          const [text, box] = [range.getBoundingClientRect(), block.getBoundingClientRect()];
          return text.left - box.left < box.right - text.right ? 'left' : 'right';
        }),
      );
    expect(await sides()).toEqual(['left', 'right', 'right', 'left']);
    await ada.page.locator('.tiptap > p').first().click();
    await ada.page.keyboard.press('Home');
    await ada.page.keyboard.type('مرحبا ');
    await expectBlocks([ben], ['مرحبا left', 'שלום', 'قائمة', 'list']);
    expect(await sides()).toEqual(['right', 'right', 'right', 'left']);
  });

  it('puts points, boxes and bars where their own text begins, in an interface of either direction', async () => {
    const name = await newDocumentName(stage);
    const ada = await stage.enter('Ada');
    const ben = await stage.enter('Ben');
    for (const [writer, locale] of [
      [ada, 'en'],
      [ben, 'ar'],
    ] as const) {
      await openEmbed(stage, writer);
      await writer.page.evaluate(
        ({ name, user, locale }) => window.embed(name, user, { locale }).provider.whenSynced(),
        {
          name,
          user: writer.name,
          locale,
        },
      );
    }
    await ada.page.evaluate(
      () =>
        void window.editor.commands.setContent(
          '<ul><li><p>one</p><ul><li><p>שתיים</p></li></ul></li><li><p>שלוש</p></li><li><p></p></li></ul>' +
            '<ul data-type="taskList"><li data-type="taskItem"><p>a task</p></li><li data-type="taskItem"><p>משימה</p></li></ul>' +
            '<blockquote><p>a quote</p></blockquote><blockquote><p>ציטוט</p></blockquote><p>end</p>',
        ),
    );
    /** On which side of the text there is room for a point, a box or a bar. */
    const sides = ({ page }: Writer) =>
      page.locator('.tiptap :is(li, blockquote)').evaluateAll((all) =>
        all.map((element) => {
          const text = (element.querySelector('p') ?? element).getBoundingClientRect();
          const around = (element.closest('.tiptap > *') ?? element).getBoundingClientRect();
          return text.left - around.left > around.right - text.right ? 'left' : 'right';
        }),
      );
    const [item, nested, second, task, secondTask, quote, secondQuote] = [
      'left',
      'right',
      'right',
      'left',
      'right',
      'left',
      'right',
    ];
    const own = (empty: string) => [item, nested, second, empty, task, secondTask, quote, secondQuote];
    await eventually(() => sides(ada)).toEqual(own('left'));
    await eventually(() => sides(ben)).toEqual(own('right'));
    // An item becomes one of the other direction while it is written.
    await ben.page.evaluate(() => window.editor.view.dispatch(window.editor.state.tr.insertText('אחת ', 3)));
    await eventually(() => sides(ada)).toEqual(['right', ...own('left').slice(1)]);
    await eventually(() => sides(ben)).toEqual(['right', ...own('right').slice(1)]);
    const html = await ada.page.evaluate(() => JSON.stringify(window.editor.getJSON()) + window.editor.getHTML());
    expect(html).not.toContain('dir');
  });
});
