import { beforeEach, describe, expect, it } from 'vitest';
import { openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import type { Writer } from './writer.ts';

const stage = setStage();
let writer: Writer;

beforeEach(async () => {
  writer = await stage.enter('Ada');
  await openEmbed(stage, writer);
});

const HTML =
  '<p>the first one</p><p>alpha</p><ul><li><p>one</p></li><li><p>two</p></li></ul><blockquote><p>quoted</p><p>more</p></blockquote>' +
  '<table><tbody><tr><td><p>cell</p></td><td><p>next</p></td></tr></tbody></table><p>last</p>';

describe('what I write in a block while somebody moves it', () => {
  it('is in the moved block, with its marks and my caret, is the same for both, and is one step to undo', async () => {
    const seen = await writer.page.evaluate(async () => {
      const { openApart, exchange, typeBehind, moveTo, blocksOf, caretOf, otherCaretOf } = window.apart;
      const { ada, ben } = await openApart('<p>the first one</p><p>alpha</p><p>last</p>');
      typeBehind(ben, 'al', 'XX');
      ben.editor.commands.toggleBold();
      ben.editor.view.dispatch(ben.editor.state.tr.insertText('YY'));
      moveTo(ada, 'alpha', 'the first');
      await exchange(ada, ben);
      const moved = [blocksOf(ada), blocksOf(ben), caretOf(ben), otherCaretOf(ada), ben.editor.getHTML()];
      ben.editor.commands.undo();
      await exchange(ada, ben);
      const undone = [blocksOf(ada), blocksOf(ben)];
      ben.editor.commands.redo();
      await exchange(ada, ben);
      return { moved, undone, redone: [blocksOf(ada), blocksOf(ben)] };
    });
    const blocks = ['doc/paragraph alXXYYpha', 'doc/paragraph the first one', 'doc/paragraph last'];
    const html = '<p>alXX<strong>YY</strong>pha</p><p>the first one</p><p>last</p>';
    expect(seen.moved).toEqual([blocks, blocks, 'alXXYY|pha', 'alXXYY|pha', html]);
    const without = ['doc/paragraph alpha', ...blocks.slice(1)];
    expect(seen.undone).toEqual([without, without]);
    expect(seen.redone).toEqual([blocks, blocks]);
  });

  it('is in it in a list, a quote, a cell and out of them, and when others turn the block into another', async () => {
    const seen = await writer.page.evaluate(async (html) => {
      const { openApart, exchange, typeBehind, moveTo, startOf, blocksOf, caretOf } = window.apart;
      const found: unknown[] = [];
      for (const to of ['one', 'quoted', 'cell', 'the first']) {
        const { ada, ben } = await openApart(html);
        const text = to === 'the first' ? 'quoted' : 'alpha';
        typeBehind(ben, text, 'XX');
        moveTo(ada, text, to);
        await exchange(ada, ben);
        const [one, other] = [blocksOf(ada), blocksOf(ben)];
        found.push(
          one.filter((block) => block.includes('XX')),
          other.filter((block) => block.includes('XX')),
          caretOf(ben),
        );
      }
      const { ada, ben } = await openApart(html);
      typeBehind(ben, 'alpha', 'XX');
      ada.editor.chain().setTextSelection(startOf(ada.editor, 'alpha')).toggleHeading({ level: 2 }).run();
      await exchange(ada, ben);
      const [one, other] = [blocksOf(ada), blocksOf(ben)];
      found.push(
        one.filter((block) => block.includes('XX')),
        other.filter((block) => block.includes('XX')),
        caretOf(ben),
      );
      return found;
    }, HTML);
    const places = [
      'listItem/paragraph alphaXX',
      'blockquote/paragraph alphaXX',
      'tableCell/paragraph alphaXX',
      'doc/paragraph quotedXX',
      'doc/heading alphaXX',
    ];
    expect(seen).toEqual(
      places.flatMap((place) => [[place], [place], place.includes('quoted') ? 'quotedXX|' : 'alphaXX|']),
    );
  });

  it('stays away when the block was deleted, when I may not write, and does not come back by an undo of mine', async () => {
    const seen = await writer.page.evaluate(async () => {
      const { openApart, exchange, typeBehind, moveTo, startOf, blocksOf } = window.apart;
      const found: unknown[] = [];
      const begin = () => openApart('<p>the first one</p><p>alpha</p><p>last</p>');
      {
        const { ada, ben } = await begin();
        typeBehind(ben, 'alpha', 'XX');
        const start = startOf(ada.editor, 'alpha') - 1;
        ada.editor.commands.deleteRange({ from: start, to: start + 7 });
        await exchange(ada, ben);
        ben.editor.commands.undo();
        await exchange(ada, ben);
        found.push([blocksOf(ada), blocksOf(ben)]);
      }
      {
        const { ada, ben } = await begin();
        typeBehind(ben, 'alpha', 'XX');
        ben.handle.setEditable(false);
        moveTo(ada, 'alpha', 'the first');
        await exchange(ada, ben);
        found.push([blocksOf(ada), blocksOf(ben)]);
      }
      {
        // Seen and deleted by itself, and moved, before it arrives.
        const { ada, ben } = await begin();
        typeBehind(ben, 'alpha', 'XX');
        await exchange(ada, ben);
        const end = startOf(ada.editor, 'alphaXX') + 5;
        const updates: Uint8Array[] = [];
        ada.doc.on('update', (update: Uint8Array) => updates.push(update));
        ada.editor.commands.deleteRange({ from: end, to: end + 2 });
        moveTo(ada, 'alpha', 'the first', true);
        for (const update of updates) window.Y.applyUpdate(ben.doc, update, 'other');
        await exchange(ada, ben);
        found.push([blocksOf(ada), blocksOf(ben)]);
      }
      return found;
    });
    const [first, alpha, last] = ['doc/paragraph the first one', 'doc/paragraph alpha', 'doc/paragraph last'];
    expect(seen).toEqual([
      [
        [first, last],
        [first, last],
      ],
      [
        [alpha, first, last],
        [alpha, first, last],
      ],
      [
        [alpha, first, last],
        [alpha, first, last],
      ],
    ]);
  });

  it('is in its block when the browser dragged that or another one past it', async () => {
    const seen = await writer.page.evaluate(async () => {
      const { openApart, exchange, typeBehind, dragTo, startOf, blocksOf, caretOf, otherCaretOf } = window.apart;
      const found: unknown[] = [];
      for (const name of ['alpha', 'the first one', 'last']) {
        const { ada, ben } = await openApart('<p>the first one</p><p>alpha</p><p>last</p>');
        typeBehind(ben, name, 'XX');
        dragTo(ada, startOf(ada.editor, 'alpha') - 1, startOf(ada.editor, 'the first') - 1);
        await exchange(ada, ben);
        found.push([blocksOf(ada), blocksOf(ben), caretOf(ben), otherCaretOf(ada)]);
      }
      return found;
    });
    expect(seen).toEqual(
      ['alpha', 'the first one', 'last'].map((name) => {
        const blocks = ['alpha', 'the first one', 'last'].map(
          (each) => `doc/paragraph ${each}${each === name ? 'XX' : ''}`,
        );
        return [blocks, blocks, `${name}XX|`, `${name}XX|`];
      }),
    );
  });
});
