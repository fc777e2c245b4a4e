import type { Editor } from '@tiptap/core';

/**
 * Puts all of the text on the clipboard, with its formatting for who takes it. Where the page may not write there, the
 * text is selected instead, so that the person can copy it. Resolves to whether it is on the clipboard.
 */
export async function copyText(editor: Editor): Promise<boolean> {
  const html = editor.getHTML();
  const text = editor.getText({ blockSeparator: '\n\n' });
  try {
    await navigator.clipboard.write([
      new ClipboardItem({
        'text/html': new Blob([html], { type: 'text/html' }),
        'text/plain': new Blob([text], { type: 'text/plain' }),
      }),
    ]);
    return true;
  } catch {
    getSelection()?.selectAllChildren(editor.view.dom);
    return document.execCommand('copy');
  }
}
