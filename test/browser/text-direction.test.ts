import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { expectBlocks } from './writer.ts';

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
    // The points of a list are on the side where its lines begin.
    const points = await ben.page
      .locator('.tiptap > ul')
      .evaluateAll((lists) => lists.map((list) => getComputedStyle(list).direction));
    expect(points).toEqual(['rtl', 'ltr']);
    await ada.page.locator('.tiptap > p').first().click();
    await ada.page.keyboard.press('Home');
    await ada.page.keyboard.type('مرحبا ');
    await expectBlocks([ben], ['مرحبا left', 'שלום', 'قائمة', 'list']);
    expect(await sides()).toEqual(['right', 'right', 'right', 'left']);
  });
});
