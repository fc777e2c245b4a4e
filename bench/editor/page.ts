// Runs in the browser: the editor, and the two bindings alone, with what measures them.
import { Editor, Extension } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { ySyncPlugin, yUndoPlugin } from 'y-prosemirror';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { createEditor, editorExtensions } from '../../editor/index.ts';

/** What is measured: the editor as it is, and one binding or the other without anything around it. */
export type Subject = 'editor' | 'y-tiptap' | 'y-prosemirror';

export interface Keystrokes {
  /** Applying a remote keystroke, in milliseconds each: script, and layout after it. */
  readonly remote: readonly number[];
  readonly remoteLayout: readonly number[];
  /** The same of a local one. */
  readonly local: readonly number[];
  readonly localLayout: readonly number[];
}

const yProsemirror = (doc: Y.Doc) =>
  Extension.create({
    name: 'yProsemirror',
    addProseMirrorPlugins: () => [ySyncPlugin(doc.getXmlFragment('default')), yUndoPlugin()],
  });

function open(subject: Subject, doc: Y.Doc): Editor {
  const element = document.createElement('div');
  document.body.append(element);
  if (subject === 'editor') {
    const provider = { doc, awareness: new Awareness(doc), synced: true, on() {}, off() {} };
    return createEditor(element, { provider, user: { name: 'Ada', color: '#15854a' } }).editor;
  }
  const binding = subject === 'y-tiptap' ? Collaboration.configure({ document: doc }) : yProsemirror(doc);
  return new Editor({ element, extensions: [...editorExtensions(), binding] });
}

/** Frames are drawn when the measurement says so: `frame` runs what waits for one. */
const frames = new Map<number, FrameRequestCallback>();

function takeFrames(): void {
  let last = 0;
  window.requestAnimationFrame = (callback) => {
    frames.set(++last, callback);
    return last;
  };
  window.cancelAnimationFrame = (id) => void frames.delete(id);
}

function frame(): void {
  const due = [...frames.values()];
  frames.clear();
  for (const callback of due) callback(performance.now());
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

async function measure(subject: Subject, update: Uint8Array, count: number): Promise<Keystrokes> {
  takeFrames();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  const remoteDoc = new Y.Doc();
  Y.applyUpdate(remoteDoc, update);
  const editor = open(subject, doc);
  await turn();
  frame();
  const length = doc.getXmlFragment('default').length;
  const paragraph = (of: Y.Doc, i: number) =>
    (of.getXmlFragment('default').get(Math.floor((i * 0.61803 * length) % length)) as Y.XmlElement).get(0) as Y.XmlText;
  const result = { remote: [], remoteLayout: [], local: [], localLayout: [] } as Record<keyof Keystrokes, number[]>;
  const layout = () => editor.view.dom.getBoundingClientRect().height;
  layout();
  // Somebody writes in the middle of the document.
  const middle = Math.floor(editor.state.doc.childCount / 2);
  let position = 5;
  for (let i = 0; i < middle; i++) position += editor.state.doc.child(i).nodeSize;
  editor.commands.setTextSelection(position);
  frame();

  for (let i = 0; i < count; i++) {
    const before = Y.encodeStateVector(remoteDoc);
    paragraph(remoteDoc, i).insert(3, 'r');
    const keystroke = Y.encodeStateAsUpdate(remoteDoc, before);
    await turn();
    const begin = performance.now();
    Y.applyUpdate(doc, keystroke, 'server');
    await Promise.resolve();
    frame();
    await Promise.resolve();
    const applied = performance.now();
    layout();
    result.remote.push(applied - begin);
    result.remoteLayout.push(performance.now() - applied);
  }
  const own: Uint8Array[] = [];
  doc.on('update', (written: Uint8Array) => own.push(written));
  for (let i = 0; i < count; i++) {
    await turn();
    const begin = performance.now();
    editor.view.dispatch(editor.state.tr.insertText('l'));
    await Promise.resolve();
    frame();
    await Promise.resolve();
    const applied = performance.now();
    layout();
    result.local.push(applied - begin);
    result.localLayout.push(performance.now() - applied);
  }
  if (own.length < count) throw new Error(`${subject}: ${own.length} of ${count} keystrokes arrived in the document`);
  if (!editor.getText().includes('r')) throw new Error(`${subject} shows nothing of the others`);
  return result;
}

declare global {
  interface Window {
    measure: typeof measure;
    /** Of in-page.js: when the document was painted, in milliseconds from the start of the navigation. */
    paintedAt?: number;
    framesPerSecond: (durationMs: number) => Promise<number>;
  }
}

window.measure = measure;
