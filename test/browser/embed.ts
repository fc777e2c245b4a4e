// The page of somebody who embeds the editor: bundled by embed.test.ts, run in the browser.
import { createEditor, type EditorHandle } from '../../editor/index.ts';

declare global {
  interface Window {
    /** Makes an editor with a connection of its own. */
    embed: (document: string, user: string) => EditorHandle;
    /** Makes one on a connection that is there already. */
    embedWith: (provider: EditorHandle['provider'], user: string) => EditorHandle;
  }
}

const color = '#15854a';

function place(): HTMLElement {
  const element = document.createElement('div');
  document.body.append(element);
  return element;
}

window.embed = (name, user) => createEditor(place(), { document: name, url: '/sync', user: { name: user, color } });
window.embedWith = (provider, user) => createEditor(place(), { provider, user: { name: user, color } });
