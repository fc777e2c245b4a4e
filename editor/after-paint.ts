/** How long what waits for a frame waits where none is drawn, as in a hidden tab, in milliseconds. */
const WITHOUT_FRAMES_MS = 250;

/** What is not needed to see the text comes behind it: in a long document, to draw it takes all the time that there is. */
export interface AfterPaint {
  /** Resolves when the text has been on the screen. */
  readonly painted: Promise<void>;
  /** Resolves then, too, or after so long: the text may never come, as without a connection. */
  paintedOrAfter(durationMs: number): Promise<void>;
  /** The text has been put into the page. */
  textIsHere(): void;
  destroy(): void;
}

export function afterPaint(): AfterPaint {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let frame: number | undefined;
  let paint = (): void => {};
  const painted = new Promise<void>((resolve) => {
    paint = resolve;
  });
  const after = (durationMs: number, act: () => void): void => {
    timers.add(setTimeout(act, durationMs));
  };
  return {
    painted,
    paintedOrAfter: (durationMs) => Promise.race([painted, new Promise<void>((resolve) => after(durationMs, resolve))]),
    textIsHere() {
      if (frame !== undefined) return;
      after(WITHOUT_FRAMES_MS, paint);
      // A task that is set in the frame after comes when both are drawn.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => after(0, paint));
      });
    },
    destroy() {
      for (const timer of timers) clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
