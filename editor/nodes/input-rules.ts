import { type Editor, type InputRule, inputRulesPlugin, markInputRule, nodeInputRule } from '@tiptap/core';
import type { Plugin } from '@tiptap/pm/state';

/** What turns into something while it is typed: `==marked==`, `$x^2$`. */
export function inputRules(editor: Editor): Plugin {
  return inputRulesPlugin({ editor, rules: rulesFor(editor) });
}

function rulesFor({ schema: { nodes, marks } }: Editor): InputRule[] {
  const { inlineMath } = nodes;
  const { highlight } = marks;
  return [
    ...(highlight ? [markInputRule({ find: /(?:^|\s)(==(?!\s)([^=]+)(?<!\s)==)$/, type: highlight })] : []),
    ...(inlineMath
      ? [
          nodeInputRule({
            // Not `$5 and $6`, nor what is in the middle of a word.
            find: /(?<![\w$\\])(\$(?![\s\d])([^$\n]*[^$\s])\$)$/,
            type: inlineMath,
            getAttributes: ([, , latex]) => ({ latex }),
          }),
        ]
      : []),
  ];
}
