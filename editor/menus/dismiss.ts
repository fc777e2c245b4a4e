/** What an open popup does when somebody turns away from it. */
export interface DismissListener {
  /** Escape was pressed, or a pointer went down elsewhere. */
  dismiss(byKey: boolean): void;
  /** An arrow key was pressed while the focus is still in the text, where a pointer left it. */
  enter?(): void;
}

/** Listens on the whole page while a popup is open. Returns what ends it. */
export function listenWhileOpen(
  element: HTMLElement,
  trigger: HTMLElement | undefined,
  listener: DismissListener,
): () => void {
  const isInside = (target: EventTarget | null): boolean =>
    target instanceof Node && (element.contains(target) || trigger?.contains(target) === true);
  const onPointerDown = (event: PointerEvent): void => {
    if (!isInside(event.target)) listener.dismiss(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || element.contains(document.activeElement)) return;
    if (event.key === 'Escape') listener.dismiss(true);
    else if (listener.enter && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) listener.enter();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('pointerdown', onPointerDown, true);
  document.addEventListener('keydown', onKeyDown, true);
  return () => {
    document.removeEventListener('pointerdown', onPointerDown, true);
    document.removeEventListener('keydown', onKeyDown, true);
  };
}
