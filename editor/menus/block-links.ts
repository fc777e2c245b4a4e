import { goToLinkedBlock } from '../commands/block-link.ts';
import type { MenuSession } from './session.ts';

/**
 * Goes to the block that the page's address names: as soon as it is here, unless somebody has begun to look around, and
 * whenever the address changes. Returns what ends it.
 */
export function followBlockLinks({ editor, watch }: MenuSession): () => void {
  let isWaiting = location.hash.startsWith('#block-');
  const go = (): void => {
    if (isWaiting && goToLinkedBlock(editor, location.hash)) isWaiting = false;
  };
  const onHashChange = (): void => {
    isWaiting = true;
    go();
  };
  const stopWaiting = (): void => {
    isWaiting = false;
  };
  const turns = ['keydown', 'wheel', 'pointerdown'] as const;
  addEventListener('hashchange', onHashChange);
  for (const turn of turns) addEventListener(turn, stopWaiting, { passive: true });
  const unsubscribe = watch.subscribe(go);
  go();
  return () => {
    removeEventListener('hashchange', onHashChange);
    for (const turn of turns) removeEventListener(turn, stopWaiting);
    unsubscribe();
  };
}
