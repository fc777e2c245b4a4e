import { describe, expect, it } from 'vitest';
import type { Mover } from './edit-moves.ts';
import { newDocumentName, openEmbed } from './embed-page.ts';
import { setStage } from './stage.ts';
import { eventually, type Writer } from './writer.ts';

const stage = setStage();
const SEEDS = Number(process.env['MOVE_SEEDS'] ?? 12);
const FIRST_SEED = Number(process.env['MOVE_SEED'] ?? 1);
/** How long the seeds of a test may take, in milliseconds. Those for which there is no time any more are left out. */
const BUDGET_MS = 40_000;
const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
/** A name with letters of its own around it. Who was in a block that was written anew may find the caret in front. */
const OWN_LETTERS = /^(A*alpha:A*|B*beta:B*|G*gamma:G*|D*delta:D*|E*epsilon:E*)$/;
const LETTERS = 60;
const MOVES = 20;

async function enter(): Promise<[Writer, Writer]> {
  const writers: [Writer, Writer] = [await stage.enter('Ada'), await stage.enter('Ben')];
  for (const writer of writers) await openEmbed(stage, writer);
  return writers;
}

/** A new document with a paragraph for each name. Ben's caret is in `name`, and Ada sees it there. */
async function begin(writers: readonly [Writer, Writer], name: string, names = NAMES): Promise<void> {
  const document = await newDocumentName(stage);
  for (const { page, name: user } of writers) {
    await page.evaluate(
      ({ document, user }) => window.embed(document, user, { offline: false } as never).provider.whenSynced(),
      { document, user },
    );
  }
  const [ada, ben] = writers;
  await ada.page.evaluate(
    (html) => void window.editor.commands.setContent(html),
    names.map((name) => `<p>${name}:</p>`).join(''),
  );
  await eventually(() => ben.blocks().then((blocks) => blocks.length)).toBe(names.length);
  await ben.page.evaluate((name) => {
    window.editor.view.focus();
    window.moves.goTo(window.editor, name);
  }, name);
  await eventually(() => ada.editor.locator('p', { hasText: name }).locator('.scriptorium-caret').count()).toBe(1);
}

/** The texts of all blocks, when both have the same, valid against the schema. */
async function settle(writers: readonly Writer[]): Promise<string[]> {
  let texts: string[][] = [];
  await eventually(async () => {
    for (const { page } of writers) await page.evaluate(() => window.handle.provider.whenSaved());
    const found = await Promise.all(
      writers.map(({ page }) =>
        page.evaluate(() => {
          const { doc } = window.editor.state;
          doc.check();
          return Array.from({ length: doc.childCount }, (_, i) => doc.child(i).textContent);
        }),
      ),
    );
    const isSame = JSON.stringify(found) === JSON.stringify(texts) && `${found[0]}` === `${found[1]}`;
    texts = found;
    await new Promise((resolve) => setTimeout(resolve, 60));
    return isSame;
  }).toBe(true);
  return texts[0] ?? [];
}

/** Runs seeds until there are enough or the time is over. */
async function forSeeds(run: (seed: number) => Promise<void>): Promise<void> {
  const begun = Date.now();
  let done = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS && Date.now() - begun < BUDGET_MS; seed++, done++) {
    await run(seed);
  }
  console.info(`${done} seeds in ${Date.now() - begun} ms`);
  expect(done).toBeGreaterThan(1);
}

const moveAround = ({ page }: Writer, seed: number, mover: Mover = {}) =>
  page.evaluate(({ seed, names, moves, mover }) => window.moves.moveAround(window.editor, seed, names, moves, mover), {
    seed,
    names: NAMES,
    moves: MOVES,
    mover,
  });

const type = ({ page }: Writer, letters: number, letter?: string) =>
  page.evaluate(({ letters, letter }) => window.moves.type(window.editor, letters, letter), { letters, letter });

describe('blocks that are moved while somebody writes', () => {
  it(
    'keep all that is typed in one of them, and it stays in that one',
    async () => {
      const writers = await enter();
      const [ada, ben] = writers;
      await forSeeds(async (seed) => {
        const name = NAMES[seed % NAMES.length] ?? '';
        await begin(writers, name);
        await Promise.all([moveAround(ada, seed), type(ben, LETTERS, 'X')]);
        const expected = NAMES.map((each) => `${each}:${each === name ? 'X'.repeat(LETTERS) : ''}`).sort();
        expect((await settle(writers)).sort(), `seed ${seed}`).toEqual(expected);
        for (const { page } of writers) await page.evaluate(() => window.handle.destroy());
      });
    },
    BUDGET_MS + 60_000,
  );

  it(
    'keep it also when whoever moves them does not know where others write: who writes puts it into what they wrote',
    async () => {
      const writers = await enter();
      const [ada, ben] = writers;
      await forSeeds(async (seed) => {
        const name = NAMES[seed % NAMES.length] ?? '';
        await begin(writers, name);
        await Promise.all([moveAround(ada, seed, { isBlind: true }), type(ben, LETTERS, 'X')]);
        const expected = NAMES.map((each) => `${each}:${each === name ? 'X'.repeat(LETTERS) : ''}`).sort();
        expect((await settle(writers)).sort(), `seed ${seed}`).toEqual(expected);
        for (const { page } of writers) await page.evaluate(() => window.handle.destroy());
      });
    },
    BUDGET_MS + 60_000,
  );

  it(
    'have all in them that was typed there and nothing that was typed in another one, also while whoever writes goes from one to the next',
    async () => {
      const writers = await enter();
      const [ada, ben] = writers;
      await forSeeds(async (seed) => {
        await begin(writers, NAMES[0] ?? '');
        const write = async (): Promise<void> => {
          for (const name of NAMES) {
            await ben.page.evaluate((name) => window.moves.goTo(window.editor, name), name);
            await type(ben, LETTERS / NAMES.length);
          }
        };
        await Promise.all([moveAround(ada, seed, { isBlind: seed % 2 === 0 }), write()]);
        const texts = await settle(writers);
        expect(texts, `seed ${seed}`).toHaveLength(NAMES.length);
        for (const text of texts) {
          expect(text, `seed ${seed}`).toMatch(OWN_LETTERS);
          expect(text.match(/[A-Z]/g), `seed ${seed}: ${text}`).toHaveLength(LETTERS / NAMES.length);
        }
        for (const { page } of writers) await page.evaluate(() => window.handle.destroy());
      });
    },
    BUDGET_MS + 60_000,
  );

  it('are moved in one step to undo, also where there are only two, and the carets of others stay in their blocks', async () => {
    const writers = await enter();
    const [ada, ben] = writers;
    for (const [mover, by] of [
      ['alpha', 'down'],
      ['beta', 'up'],
    ] as const) {
      await begin(writers, 'alpha', ['alpha', 'beta']);
      await new Promise((resolve) => setTimeout(resolve, 600)); // a step of its own
      await ada.page.evaluate((name) => window.moves.goTo(window.editor, name), mover);
      await Promise.all([ada.page.evaluate((by) => window.moves.moveOnce(window.editor, by), by), type(ben, 3, 'X')]);
      expect((await settle(writers)).slice(0, 2)).toEqual(['beta:', 'alpha:XXX']);
      await ada.page.evaluate(() => void window.editor.commands.undo());
      expect((await settle(writers)).slice(0, 3)).toEqual(['alpha:XXX', 'beta:']);
      await type(ben, 2, 'Y');
      expect((await settle(writers)).slice(0, 2)).toEqual(['alpha:XXXYY', 'beta:']);
      for (const { page } of writers) await page.evaluate(() => window.handle.destroy());
    }
  });
});
