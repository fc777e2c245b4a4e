import { html, type TemplateResult } from 'lit/html.js';

/** What the handle needs. Widths are in pixels. */
export interface HandleOptions {
  readonly label: string;
  image(): HTMLImageElement | null;
  /** A centred image grows on both sides. */
  readonly isCentered: boolean;
  onMove(width: number): void;
  onEnd(width: number): void;
  /** The person is done with it. */
  onLeave(): void;
}

const MIN_WIDTH = 32;
const STEP = 10;
const LARGE_STEP = 100;

/** The handle at the end of an image that makes it wider and narrower: a slider, for pointer and keys. */
export function imageHandle(options: HandleOptions): TemplateResult {
  const { label, image, isCentered, onMove, onEnd, onLeave } = options;
  const now = (): number => Math.round(image()?.getBoundingClientRect().width ?? MIN_WIDTH);
  const most = (): number => Math.round(image()?.closest('figure')?.getBoundingClientRect().width ?? 10_000);
  const bounded = (width: number): number => Math.round(Math.min(Math.max(width, MIN_WIDTH), most()));

  const drag = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement;
    if (event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const [startX, startWidth] = [event.clientX, now()];
    const sign = getComputedStyle(handle).direction === 'rtl' ? -1 : 1;
    const widthAt = ({ clientX }: PointerEvent): number =>
      bounded(startWidth + (clientX - startX) * sign * (isCentered ? 2 : 1));
    const move = (event: PointerEvent): void => onMove(widthAt(event));
    const stop = (end: PointerEvent): void => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', stop);
      handle.removeEventListener('pointercancel', stop);
      onEnd(end.type === 'pointerup' ? widthAt(end) : startWidth);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', stop);
    handle.addEventListener('pointercancel', stop);
  };

  const press = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const forward = getComputedStyle(event.currentTarget as Element).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (event.key === 'Escape') onLeave();
    else if (event.key === 'ArrowUp' || event.key === forward) onEnd(bounded(now() + step));
    else if (event.key.startsWith('Arrow')) onEnd(bounded(now() - step));
    else if (event.key === 'Home') onEnd(MIN_WIDTH);
    else if (event.key === 'End') onEnd(most());
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return html`<button type="button" class="scriptorium-image-handle" role="slider" aria-label=${label}
    aria-valuemin=${MIN_WIDTH} aria-valuemax=${most()} aria-valuenow=${now()}
    @pointerdown=${drag} @keydown=${press}></button>`;
}
