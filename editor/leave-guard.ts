import type { ScriptoriumProvider } from '../client/index.ts';

/** Has the browser ask before the page is closed with something that is neither on the server nor on this device. */
export function guardLeaving(provider: ScriptoriumProvider): () => void {
  const onBeforeUnload = (event: BeforeUnloadEvent): void => {
    if (!provider.savedState.kept) event.preventDefault();
  };
  window.addEventListener('beforeunload', onBeforeUnload);
  return () => window.removeEventListener('beforeunload', onBeforeUnload);
}
