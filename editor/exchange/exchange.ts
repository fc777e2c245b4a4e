import { type Editor, getText, getTextSerializersFromSchema } from '@tiptap/core';
import { DOMSerializer, type Node, type Schema, Slice } from '@tiptap/pm/model';
import { AllSelection, Selection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { FileService } from '../media/file-service.ts';
import type { TextFormat } from './formats.ts';
import { readMarkdown } from './markdown-reader.ts';
import { writeMarkdown } from './markdown-writer.ts';

/** The document as a text. Images of the server are in HTML themselves, where they can be had. */
export async function exportAs(editor: Editor, format: TextFormat, title: string, files: FileService): Promise<string> {
  const { doc } = editor.state;
  switch (format) {
    case 'markdown':
      return `${writeMarkdown(doc)}\n`;
    case 'text':
      return `${plainText(doc)}\n`;
    case 'html':
      return page(await bodyOf(doc, files), title);
  }
}

/**
 * Puts a text in: in place of the empty line that a new document is, else at `at` or at the caret. One step of undo.
 * It comes in as what is pasted does.
 */
export function importInto(editor: Editor, format: TextFormat, text: string, at?: number): void {
  const { view } = editor;
  if (!view.editable) return;
  const { doc, tr, schema } = editor.state;
  const only = doc.childCount === 1 ? doc.firstChild : null;
  if (only?.type.name === 'paragraph' && only.content.size === 0) tr.setSelection(new AllSelection(doc));
  else if (at !== undefined) tr.setSelection(Selection.near(doc.resolve(Math.min(at, doc.content.size))));
  if (tr.selectionSet) view.dispatch(tr);
  view.pasteHTML(format === 'html' ? text : htmlOf(view, contentOf(schema, format, text)));
}

/** As if it came from an editor of this kind. */
function htmlOf(view: EditorView, { content }: Node): string {
  return view.serializeForClipboard(new Slice(content, 0, 0)).dom.innerHTML;
}

function contentOf(schema: Schema, format: 'markdown' | 'text', text: string): Node {
  const lines = text.replace(/\r\n?/g, '\n');
  if (format === 'markdown') return readMarkdown(schema, lines);
  const paragraphs = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ type: 'paragraph', content: [{ type: 'text', text: line }] }));
  return schema.nodeFromJSON({ type: 'doc', content: paragraphs.length > 0 ? paragraphs : [{ type: 'paragraph' }] });
}

function plainText(doc: Node): string {
  const blocks: string[] = [];
  const textSerializers = getTextSerializersFromSchema(doc.type.schema);
  doc.descendants((node) => {
    if (node.type.name === 'image') blocks.push(String(node.attrs['caption'] ?? node.attrs['alt'] ?? ''));
    if (node.type.name === 'blockMath') blocks.push(String(node.attrs['latex']));
    if (!node.isTextblock) return true;
    blocks.push(getText(node, { blockSeparator: '\n', textSerializers }));
    return false;
  });
  return blocks.filter((block) => block !== '').join('\n\n');
}

async function bodyOf(doc: Node, files: FileService): Promise<string> {
  const body = document.createElement('div');
  body.append(DOMSerializer.fromSchema(doc.type.schema).serializeFragment(doc.content));
  for (const image of body.querySelectorAll('img')) {
    const src = image.getAttribute('src') ?? '';
    if (!files.isOnServer(src)) continue;
    const data = await files.fetch(src).then(dataUrl, () => undefined);
    // It can't be had at present: its words are left.
    if (data === undefined) image.removeAttribute('src');
    else image.setAttribute('src', data);
  }
  return body.innerHTML;
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

const STYLE =
  'body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1.0625rem/1.6 system-ui,sans-serif;color:#1f2227}' +
  'img{max-width:100%;height:auto}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.25rem .5rem}' +
  'pre,code{font-family:ui-monospace,monospace;background:#f1efeb}pre{padding:1rem;overflow:auto}' +
  'blockquote,[data-type=callout]{margin-inline:0;padding-inline-start:1rem;border-inline-start:3px solid #8a867d}' +
  '[data-type=taskList]{list-style:none;padding-inline-start:0}[data-type=taskItem]{display:flex;gap:.5rem}' +
  '[data-type=taskItem]>div>p{margin:0}';

/** A page that needs nothing else, and may do nothing. */
function page(body: string, title: string): string {
  const name = document.createElement('title');
  name.textContent = title;
  const policy = "default-src 'none'; img-src data: https:; style-src 'unsafe-inline'";
  return (
    `<!doctype html>\n<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<meta name="viewport" content="width=device-width">${name.outerHTML}<style>${STYLE}</style></head>\n<body>${body}</body></html>\n`
  );
}
