import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../editor/styles/', import.meta.url));
const sheets = readdirSync(folder).map((name) => ({ name, css: readFileSync(folder + name, 'utf8') }));
const main = readFileSync(`${folder}../styles.css`, 'utf8');

/** What a page may want to have its own way. */
const COLORED = /^(color|background|background-color|border-.*|outline|caret-color|box-shadow)$/;
const SIZED = /^(border-.*radius|(row-|column-)?gap|padding(-.*)?|margin(-.*)?|font(-size|-family)?)$/;
const RAW_COLOR = /#[\da-f]{3,8}\b|\b(rgb|hsl|oklch)\(/i;
/** What is 0, a fraction or a percentage may stand there as such. */
const RAW_SIZE = /(?<![\w.-])\d*\.?\d+(px|rem|em)\b/;

/** Declarations as `property: value`. */
function declarations(css: string): { property: string; value: string }[] {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '');
  return [...plain.matchAll(/[{;]\s*(--)?([\w-]+)\s*:\s*([^;{}]+)(?=[;}])/g)].map(
    ([, , property = '', value = '']) => ({
      property,
      value: value.trim(),
    }),
  );
}

describe('the style sheet', () => {
  it('is in the layer `scriptorium`, every part of it', () => {
    for (const { name } of sheets) expect(main).toContain(`@import "./styles/${name}" layer(scriptorium);`);
    expect(main.match(/@import/g)).toHaveLength(sheets.length);
  });

  it.each(sheets.filter(({ name }) => name !== 'theme.css'))(
    'has every colour, radius, space and font of $name in a custom property',
    ({ css }) => {
      const raw = declarations(css).filter(
        ({ property, value }) =>
          (COLORED.test(property) && RAW_COLOR.test(value)) || (SIZED.test(property) && RAW_SIZE.test(value)),
      );
      expect(raw).toEqual([]);
    },
  );

  it('uses no custom property that the theme does not have', () => {
    const theme = sheets.find(({ name }) => name === 'theme.css')?.css ?? '';
    const set = new Set(
      [
        ...sheets
          .map(({ css }) => css)
          .join()
          .matchAll(/(--[\w-]+)\s*:/g),
      ].map(([, name]) => name),
    );
    const dynamic = [
      '--scriptorium-caret-rank',
      '--scriptorium-label-x',
      '--scriptorium-label-y',
      '--scriptorium-user-color',
      '--scriptorium-user-ink',
      '--scriptorium-toolbar-top',
      '--scriptorium-scroll-margin',
      '--scriptorium-keyboard',
      '--scriptorium-image-width',
      '--scriptorium-image-ratio',
    ];
    const used = sheets.flatMap(({ css }) => [...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name ?? ''));
    expect(used.filter((name) => !set.has(name) && !dynamic.includes(name))).toEqual([]);
    expect(theme).toContain('--scriptorium-page');
  });
});
