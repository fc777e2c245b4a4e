import { COLORS } from '../schema/colors.ts';
import type { Command } from './command.ts';

/** The colours of text and behind it, each as one command. */
export const colorCommands: readonly Command[] = [...colors('textStyle', 'text'), ...colors('highlight', 'highlight')];

function colors(mark: string, kind: 'text' | 'highlight'): Command[] {
  const none: Command = {
    name: `${kind}-none`,
    group: 'color',
    icon: swatch(kind, 'none'),
    needs: mark,
    run: (editor) => editor.commands.unsetMark(mark),
    isActive: (state) => state.markable && !state.marks.has(mark),
    isPossible: (state) => state.markable,
  };
  const named = COLORS.map(
    (color): Command => ({
      name: `${kind}-${color}`,
      group: 'color',
      icon: swatch(kind, color),
      needs: mark,
      run: (editor) => editor.commands.setMark(mark, { color }),
      isActive: (state) => state.marks.get(mark)?.['color'] === color,
      isPossible: (state) => state.markable,
    }),
  );
  return [none, ...named];
}

/** A letter in the colour, or on it; the style sheet knows which that is. */
function swatch(kind: 'text' | 'highlight', color: string): string {
  return `<svg viewBox="0 0 24 24" class="scriptorium-swatch" data-kind="${kind}" data-color="${color}"><rect width="24" height="24" rx="5"/><path d="m7 18 5-12 5 12M8.7 14h6.6" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
}
