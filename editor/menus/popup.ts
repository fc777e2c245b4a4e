import {
  autoUpdate,
  computePosition,
  flip,
  offset,
  type Placement,
  type ReferenceElement,
  shift,
  size,
} from '@floating-ui/dom';

/** How far a popup stays from the edges of the window, in pixels. */
const MARGIN_PX = 8;

/** Something in front of the page, beside what it is about. */
export interface Popup {
  readonly element: HTMLElement;
  readonly isOpen: boolean;
  /** Shows it beside `reference`, or moves it there. */
  show(reference: ReferenceElement): void;
  /** What it is about has moved. */
  follow(): void;
  hide(): void;
  destroy(): void;
}

export interface PopupOptions {
  readonly className: string;
  readonly placement: Placement;
  /** Its distance from the reference, in pixels. Default: 4. */
  readonly gap?: number;
  /** In pixels. Default: as high as there is room. */
  readonly maxHeight?: number;
}

/** Makes a popup within `parent`. It is in the browser's top layer: nothing around the editor cuts it off. */
export function createPopup(
  parent: HTMLElement,
  { className, placement, gap = 4, maxHeight = 10_000 }: PopupOptions,
): Popup {
  const element = document.createElement('div');
  element.className = `scriptorium-popover ${className}`;
  element.popover = 'manual';
  parent.append(element);
  let reference: ReferenceElement | undefined;
  let stopFollowing: (() => void) | undefined;

  const follow = (): void => {
    if (!reference) return;
    const middleware = [
      offset(gap),
      flip({ padding: MARGIN_PX, fallbackAxisSideDirection: 'end' }),
      shift({ padding: MARGIN_PX }),
      size({
        padding: MARGIN_PX,
        apply({ availableHeight, availableWidth }) {
          element.style.maxHeight = `${Math.min(maxHeight, Math.max(120, availableHeight))}px`;
          element.style.maxWidth = `${availableWidth}px`;
        },
      }),
    ];
    void computePosition(reference, element, { strategy: 'fixed', placement, middleware }).then(({ x, y }) => {
      element.style.left = `${Math.round(x)}px`;
      element.style.top = `${Math.round(y)}px`;
      element.dataset['placed'] = '';
    });
  };
  const hide = (): void => {
    stopFollowing?.();
    stopFollowing = undefined;
    reference = undefined;
    delete element.dataset['placed'];
    if (element.isConnected && element.matches(':popover-open')) element.hidePopover();
  };

  return {
    element,
    get isOpen() {
      return reference !== undefined;
    },
    show(next) {
      const isOpen = reference !== undefined;
      reference = next;
      if (!isOpen) element.showPopover();
      stopFollowing?.();
      stopFollowing = autoUpdate(next, element, follow);
    },
    follow,
    hide,
    destroy() {
      hide();
      element.remove();
    },
  };
}
