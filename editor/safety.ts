import type { Editor } from '@tiptap/core';
import { deleteCopy, type ScriptoriumProvider } from '../client/index.ts';
import { createBanner } from './banner.ts';
import { copyText } from './copy-text.ts';
import type { Frame } from './frame.ts';
import type { Messages } from './messages/index.ts';
import { describeSave, type SaveState, watchSaveFacts } from './save-state.ts';
import { createSaveStatus } from './save-status.ts';

/** What of it is wanted, and in which words. */
export interface SafetyOptions {
  readonly messages: Messages;
  /** Whether to show the save state beside the toolbar. */
  readonly saveState: boolean;
}

/** Shows whether what is written is safe, and says what is in the way. Returns what ends it. */
export function showSafety(
  provider: ScriptoriumProvider,
  editor: Editor,
  frame: Frame,
  { messages, saveState }: SafetyOptions,
): () => void {
  const banner = createBanner(provider, messages, {
    copy: () => copyText(editor),
    discard() {
      provider.destroy();
      void deleteCopy(provider.serverUrl, provider.document).finally(() => location.reload());
    },
  });
  frame.addBanner(banner.element);
  const stops = [banner.destroy];

  if (saveState) {
    const facts = watchSaveFacts(provider, messages);
    const describe = (): SaveState => describeSave(facts(), messages);
    const status = createSaveStatus(describe());
    const show = (): void => status.show(describe());
    frame.addSaveStatus(status.element);
    const events = ['status', 'saved', 'closed'] as const;
    for (const event of events) provider.on(event, show);
    stops.push(() => {
      for (const event of events) provider.off(event, show);
      status.destroy();
    });
  }
  return () => {
    for (const stop of stops) stop();
  };
}
