/**
 * Draws a formula, in TeX's notation, as MathML: browsers lay it out and screen readers read it out, and it needs neither
 * a style sheet nor fonts. Nothing in it can load, link or run anything. What cannot be read is shown as it was written.
 */
export async function drawFormula(element: HTMLElement, latex: string, displayMode: boolean): Promise<void> {
  const { render } = await import('../parts/formulas.ts');
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
  markVariables(element);
}

/**
 * A variable is slanted. Browsers take letters of their own for that, which many systems have no font for: the place of
 * the letter is empty there. The style sheet has them slant the ordinary letter.
 */
function markVariables(element: HTMLElement): void {
  for (const name of element.querySelectorAll('mi:not([mathvariant])')) {
    name.classList.toggle('scriptorium-variable', [...(name.textContent ?? '')].length === 1);
  }
}
