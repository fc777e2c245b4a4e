import type katex from 'katex';

let loaded: Promise<typeof katex> | undefined;

/**
 * Draws a formula, in TeX's notation, as MathML: browsers lay it out and screen readers read it out, and it needs neither
 * a style sheet nor fonts. Nothing in it can load, link or run anything. What cannot be read is shown as it was written.
 */
export async function drawFormula(element: HTMLElement, latex: string, displayMode: boolean): Promise<void> {
  loaded ??= import('katex').then((module) => module.default);
  const { render } = await loaded;
  try {
    render(latex, element, {
      output: 'mathml',
      displayMode,
      trust: false,
      maxSize: 20,
      maxExpand: 200,
      strict: 'ignore',
    });
  } catch (error) {
    element.textContent = latex;
    throw error;
  }
}
