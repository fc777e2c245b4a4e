/** A window in front of the page. The browser keeps the focus in it, closes it with Escape, and gives the focus back. */
export interface Dialog {
  readonly element: HTMLDialogElement;
  close(): void;
}

/** Opens a dialog in `parent`. A click beside it closes it; it is gone when it is closed. */
export function openDialog(parent: HTMLElement, className: string, label: string, onClose: () => void): Dialog {
  const element = document.createElement('dialog');
  element.className = `scriptorium-dialog ${className}`;
  element.ariaLabel = label;
  // At once: the event comes later, and the next key is for the text.
  const close = (): void => {
    if (!element.isConnected) return;
    element.close();
    element.remove();
    onClose();
  };
  element.addEventListener('close', close);
  element.addEventListener('cancel', (event) => {
    event.preventDefault();
    close();
  });
  element.addEventListener('pointerdown', (event) => {
    // What is outside of it counts as the dialog itself.
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (event.target === element && (x < left || x > right || y < top || y > bottom)) close();
  });
  parent.append(element);
  // A text gets its selection back with its focus, which is for its editor to do: the browser would begin at its start.
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement.isContentEditable) activeElement.blur();
  element.showModal();
  return { element, close };
}
