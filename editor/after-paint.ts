/** How long what is not the text waits for it, in milliseconds: it may never come, as without a connection. */
const WITHOUT_TEXT_MS = 1_000;
/** How long it waits for a frame where none is drawn, as in a hidden tab, in milliseconds. */
const WITHOUT_FRAMES_MS = 250;

/** What is not needed to see the text comes behind it: in a long document, to draw it takes all the time that there is. */
export interface AfterPaint {
  /** Resolves when the text has been on the screen. */
  readonly painted: Promise<void>;
  /** Resolves then, too, or when the text has not come for a while. */
  readonly idle: Promise<void>;
  /** The text has been put into the page. */
  textIsHere(): void;
  destroy(): void;
}

export function afterPaint(): AfterPaint {
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let paint = (): void => {};
  const painted = new Promise<void>((resolve) => {
    paint = resolve;
  });
  const idle = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WITHOUT_TEXT_MS);
    void painted.then(resolve);
  });
  return {
    painted,
    idle,
    textIsHere() {
      if (frame !== undefined) return;
      clearTimeout(timer);
      timer = setTimeout(paint, WITHOUT_FRAMES_MS);
      // A task that is set in the frame after comes when both are drawn.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => setTimeout(paint));
      });
    },
    destroy() {
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
