import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, expectBlocks, type Writer } from './writer.ts';

const stage = setStage();

/** What an input method does, as the browser gets it. */
interface InputMethod {
  compose(text: string): Promise<void>;
  commit(text: string): Promise<void>;
}

async function inputMethod(writer: Writer): Promise<InputMethod> {
  const devtools: CDPSession = await writer.page.context().newCDPSession(writer.page);
  return {
    async compose(text) {
      await devtools.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    },
    async commit(text) {
      await devtools.send('Input.insertText', { text });
    },
  };
}

const composing = (writer: Writer) => writer.page.evaluate(() => window.editor.view.composing);
const insert = (writer: Writer, at: number, text: string) =>
  writer.page.evaluate(({ at, text }) => void window.editor.commands.insertContentAt(at, text), { at, text });

async function together(): Promise<{ ada: Writer; ben: Writer; ime: InputMethod }> {
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
  await ada.editor.click();
  await ada.page.keyboard.type('start end');
  for (let i = 0; i < 3; i++) await ada.page.keyboard.press('ArrowLeft');
  await expectBlocks([ben], ['start end']);
  return { ada, ben, ime: await inputMethod(ada) };
}

describe('while a character is being composed', () => {
  it('what others write in the same paragraph waits, and nothing of either is lost or doubled', async () => {
    const { ada, ben, ime } = await together();
    // 한글, as a Korean input method makes it: each syllable is composed letter by letter.
    const syllables = [
      ['ㅎ', '하', '한'],
      ['ㄱ', '그', '글'],
    ];
    let bens = '';
    for (const steps of syllables) {
      for (const step of steps) {
        await ime.compose(step);
        expect(await composing(ada)).toBe(true);
        const before = await ada.blocks();
        await insert(ben, 1, 'b');
        await ben.editor.click({ position: { x: 200, y: 40 } });
        await ben.page.keyboard.press('Home');
        bens += 'b';
        // It has come, as the shared document shows; the text with the composition is as it was.
        await eventually(() =>
          ada.page.evaluate(() => window.handle.doc.getXmlFragment('default').toString()),
        ).toContain(`${bens}start`);
        expect(await ada.blocks()).toEqual(before);
        expect(await composing(ada)).toBe(true);
      }
      await ime.commit(steps.at(-1) ?? '');
      const done = syllables.slice(0, syllables.indexOf(steps) + 1).map((parts) => parts.at(-1));
      await expectBlocks([ada, ben], [`${bens}start ${done.join('')}end`]);
    }
    await ada.page.keyboard.type('!');
    await expectBlocks([ada, ben], [`${bens}start 한글!end`]);
  });

  it('others see it being composed, and one that is given up leaves nothing', async () => {
    const { ada, ben, ime } = await together();
    await ime.compose('に');
    await ime.compose('にほん');
    await expectBlocks([ben], ['start にほんend']);
    await insert(ben, 1, 'Ben ');
    await ime.compose('');
    await expectBlocks([ada, ben], ['Ben start end']);
    await ada.page.keyboard.type('x');
    await expectBlocks([ada, ben], ['Ben start xend']);
  });
});
