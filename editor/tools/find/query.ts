/** What somebody looks for. */
export interface FindQuery {
  /** What is looked for: text, or the source of a regular expression. Empty: nothing. */
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
  readonly isRegex: boolean;
}

/** A part of a word, for "whole word". */
const WORD = '[\\p{L}\\p{M}\\p{N}_]';

/**
 * The expression that finds `query`. Text becomes an expression, too: it ignores case by Unicode's rules and never shifts
 * a place, as comparing in lower case would. A space also finds a space that does not break.
 * @throws SyntaxError when it is a regular expression and none
 */
export function compileQuery({ text, matchCase, wholeWord, isRegex }: FindQuery): RegExp {
  const source = isRegex ? text : text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&').replace(/ /g, '[ \\u00a0]');
  // By itself first: what is open in it must not close around what is put around it.
  const flags = `gmu${matchCase ? '' : 'i'}`;
  const regex = new RegExp(source, flags);
  return wholeWord ? new RegExp(`(?<!${WORD})(?:${source})(?!${WORD})`, flags) : regex;
}

/** The replacement for one match of a regular expression: `$1` to `$99` are its groups, `$&` is all of it, `$$` a dollar. */
export function expandReplacement(template: string, match: string, groups: readonly (string | undefined)[]): string {
  return template.replace(/\$(\$|&|\d{1,2})/g, (whole, name: string) => {
    if (name === '$') return '$';
    if (name === '&') return match;
    // `$12` is the first group and a 2 where there are no twelve groups.
    const digits = Number(name) > groups.length ? name[0] : name;
    const group = Number(digits);
    if (group === 0 || group > groups.length) return whole;
    return (groups[group - 1] ?? '') + name.slice(digits?.length);
  });
}
