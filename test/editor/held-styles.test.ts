import { describe, expect, test } from 'vitest';
import { holdStyles } from '../../editor/exchange/held-styles.ts';

describe('holdStyles', () => {
  test.each([
    ['<p style="color: red">a</p>', '<p data-held-style="color: red">a</p>'],
    ["<p class=x STYLE='a>b' id=y>a</p>", "<p class=x data-held-style='a>b' id=y>a</p>"],
    ['<br style=color:red/>', '<br data-held-style=color:red/>'],
    ['<p\n  title="style=1"\n  style = "x"\n>a', '<p\n  title="style=1"\n  data-held-style = "x"\n>a'],
    ['<img src=a/style="x" alt=">">', '<img src=a/style="x" alt=">">'],
    ['<img/style="x"/alt>', '<img/data-held-style="x"/alt>'],
  ])('gives styles another name: %s', (html, held) => {
    expect(holdStyles(html)).toBe(held);
  });

  test.each([
    '<p>style="x" and <b>a < b</b></p>',
    '<p title=\'<b style="x">\'>a</p>',
    'a <- b </p style="x"> <3',
    '<p data-style="x" styles="y">a</p>',
    '<![if !supportLists]><o:p>a</o:p><![endif]>',
    '<p title="never closed <b',
  ])('leaves everything else as it is: %s', (html) => {
    expect(holdStyles(html)).toBe(html);
  });

  test('takes style sheets, scripts, comments and handlers out', () => {
    const html =
      '<style>p > a { x: "<b" }</style ><p onclick="a(\'>\')" id=b>a<!-- <p style="x"> --><SCRIPT>1 < "</b>"</script>b';
    expect(holdStyles(html)).toBe('<p id=b>ab');
    expect(holdStyles('a<style>b')).toBe('a');
    expect(holdStyles('a<!-- b')).toBe('a');
    expect(holdStyles('a<!-->b')).toBe('ab');
  });

  test('takes no longer for what is made to take long', () => {
    const long = 100_000;
    for (const part of ['<', '<a', '<a b="', '<a b=\'"', '<!--', '<style>', '<a =']) {
      const begun = performance.now();
      holdStyles(part.repeat(long));
      expect(performance.now() - begun).toBeLessThan(2_000);
    }
  });
});
