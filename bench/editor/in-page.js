// Runs in every page that is measured, before its own code.

/** Notes when the first frame with text of the document was on the screen. */
(function watchPaint() {
  const text = document.querySelector('.scriptorium:not([data-loading]) .tiptap > :first-child')?.textContent;
  if (!text) return requestAnimationFrame(watchPaint);
  // The task after the next frame comes when that frame is drawn.
  return requestAnimationFrame(() =>
    setTimeout(() => {
      window.paintedAt = performance.now();
    }),
  );
})();

/** Scrolls down and up again, a little with each frame, and counts the frames. */
window.framesPerSecond = (durationMs) =>
  new Promise((resolve) => {
    const begin = performance.now();
    let frames = 0;
    const step = (now) => {
      frames++;
      const half = Math.floor((now - begin) / 2_000) % 2;
      window.scrollBy(0, half === 0 ? 40 : -40);
      if (now - begin < durationMs) requestAnimationFrame(step);
      else resolve(((frames - 1) / (now - begin)) * 1000);
    };
    requestAnimationFrame(step);
  });
