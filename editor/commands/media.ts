import { ImagePlus } from 'lucide-static';
import type { Command } from './command.ts';

/** Images of the device. */
export const mediaCommands: readonly Command[] = [
  {
    name: 'image',
    group: 'insert',
    icon: ImagePlus,
    needs: 'image',
    slash: true,
    run: (editor) => editor.commands.pickImages(),
    isPossible: () => true,
  },
];
