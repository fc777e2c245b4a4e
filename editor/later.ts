/**
 * Does something with a module that is loaded when the editor stands. Returns what ends it, also when it has not come
 * yet. One can write without: it may not be there any more, after an update of the server that this page is older than.
 */
export function later<M>(load: () => Promise<M>, begin: (module: M) => () => void): () => void {
  let end: (() => void) | undefined;
  let isWanted = true;
  load()
    .then((module) => {
      if (isWanted) end = begin(module);
    })
    .catch((error: unknown) => console.warn('A part of the editor could not be loaded.', error));
  return () => {
    isWanted = false;
    end?.();
  };
}
