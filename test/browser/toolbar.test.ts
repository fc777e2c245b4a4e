import { describe, expect, it } from 'vitest';
import { setStage } from './stage.ts';
import { eventually } from './writer.ts';

const stage = setStage();

describe('the toolbar', () => {
  it('formats what is selected and what is typed next, and shows what is on', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    const button = (name: string) => ada.page.getByRole('button', { name, exact: true });
    const pressed = (name: string) => button(name).getAttribute('aria-pressed');
    await ada.editor.click();
    await ada.page.keyboard.type('plain ');
    await button('Bold').click();
    expect(await pressed('Bold')).toBe('true');
    await ada.page.keyboard.type('bold');
    await eventually(() => ada.editor.innerHTML()).toBe('<p>plain <strong>bold</strong></p>');
    await ada.page.keyboard.press('Control+a');
    await eventually(() => pressed('Bold')).toBe('false'); // not all of it is
    await button('Heading 2').click();
    await button('Italic').click();
    await eventually(() => ada.editor.innerHTML()).toBe('<h2><em>plain </em><strong><em>bold</em></strong></h2>');
    expect([await pressed('Heading 2'), await pressed('Heading 1'), await pressed('Italic')]).toEqual([
      'true',
      'false',
      'true',
    ]);
    await button('Code block').click();
    expect(await button('Bold').getAttribute('aria-disabled')).toBe('true');
    await button('Code block').click();
    await ada.page.keyboard.press('End');
    await button('Quote').click();
    await button('Numbered list').click();
    expect([await pressed('Quote'), await pressed('Numbered list'), await pressed('Bullet list')]).toEqual([
      'true',
      'true',
      'false',
    ]);
  });

  it('is one stop of the tab key, with arrows between the buttons', async () => {
    const ada = await stage.enter('Ada');
    await ada.open(await stage.newDocument());
    const focused = () => ada.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await ada.page.getByRole('button', { name: 'Share' }).focus();
    await ada.page.keyboard.press('Tab');
    expect(await focused()).toBe('Undo');
    await ada.page.keyboard.press('ArrowRight');
    await ada.page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Heading 1');
    await ada.page.keyboard.press('End');
    expect(await focused()).toBe('Code block');
    await ada.page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Undo');
    await ada.page.keyboard.press('ArrowLeft');
    // The button is where one was; the next stop is the text, and back again the same button.
    await ada.page.keyboard.press('Enter');
    expect(await focused()).toBe('Code block');
    await ada.page.keyboard.press('Tab');
    expect(await focused()).toBe('Document');
    await ada.page.keyboard.type('code');
    expect(await ada.editor.innerHTML()).toBe('<pre><code>code</code></pre>');
    await ada.page.getByRole('toolbar').getByRole('button', { name: 'Code block' }).focus();
    await ada.page.keyboard.press('Escape');
    await eventually(focused).toBe('Document');
  });
});
