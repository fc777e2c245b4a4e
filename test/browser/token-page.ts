// The page of a product that gives its users tokens: bundled by access.test.ts, run in the browser.
import { createEditor, type EditorHandle } from '../../editor/index.ts';

declare global {
  interface Window {
    /** Answered by the test, as a product's own server would. */
    nextToken: () => Promise<string>;
    openWithTokens: (document: string) => EditorHandle;
  }
}

window.openWithTokens = (name) => {
  const element = document.createElement('div');
  document.body.append(element);
  return createEditor(element, {
    document: name,
    url: '/sync',
    user: { name: 'Ada', color: '#15854a' },
    token: () => window.nextToken(),
  });
};
