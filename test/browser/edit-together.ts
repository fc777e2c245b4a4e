// Runs in the browser: several people at random edits in one page, and what their bindings know of it.
import type { Editor } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import {
  absolutePositionToRelativePosition,
  getRelativeSelection,
  type ProsemirrorBinding,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { createEditor } from '../../editor/index.ts';
import { relativeSelection } from '../../editor/relative-selection.ts';
import { seededRandom } from '../support/random.ts';

interface Person {
  readonly doc: Y.Doc;
  readonly editor: Editor;
  /** What the others did and has not arrived. */
  readonly waiting: Uint8Array[];
  readonly destroy: () => void;
}

/** Frames come when the test says so, so that the same seed is the same run. */
function takeFrames(): () => void {
  const waiting = new Map<number, FrameRequestCallback>();
  let last = 0;
  window.requestAnimationFrame = (callback) => {
    waiting.set(++last, callback);
    return last;
  };
  window.cancelAnimationFrame = (id) => void waiting.delete(id);
  return () => {
    const due = [...waiting.values()];
    waiting.clear();
    for (const callback of due) callback(performance.now());
  };
}

/** Three people make so many edits; what is wrong then, in words. The same seed makes the same edits. */
export function editTogether(seed: number, edits: number): string[] {
  const random = seededRandom(seed);
  const frame = takeFrames();
  // What is undone at once depends on how fast one types.
  let now = 0;
  Date.now = () => now;
  const people = [1, 2, 3].map((clientID) => createPerson(clientID));
  for (const person of people) {
    person.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'others') for (const other of people) if (other !== person) other.waiting.push(update);
    });
  }
  const wrong: string[] = [];
  for (let i = 0; i < edits; i++) {
    const person = people[Math.floor(random() * people.length)];
    if (person === undefined) continue;
    now += random() * 800;
    edit(person.editor, random);
    if (random() < 0.5) receive(person);
    if (random() < 0.3) frame();
    if (random() < 0.1)
      for (const each of people) wrong.push(...check(each.editor).map((what) => `edit ${i}: ${what}`));
  }
  for (let round = 0; round < 3; round++) {
    for (const person of people) receive(person);
    frame();
  }
  const [first, ...others] = people.map(({ editor }) => JSON.stringify(editor.getJSON()));
  if (others.some((other) => other !== first)) wrong.push('they do not see the same');
  for (const { editor, destroy } of people) {
    wrong.push(...check(editor));
    destroy();
  }
  return wrong;
}

/**
 * How many blocks the view has as other nodes than the document's, once all has been loaded that comes after the text, and
 * again after somebody else has written. Each of those would be compared to its last letter with every remote keystroke.
 */
export async function blocksToCompare(): Promise<number[]> {
  const other = new Y.Doc();
  const blocks = Array.from({ length: 40 }, (_, i) => {
    const block = new Y.XmlElement('paragraph');
    block.insert(0, [new Y.XmlText(`block ${i}`)]);
    return block;
  });
  other.getXmlFragment('default').insert(0, blocks);
  const { doc, editor, destroy } = createPerson(1, Y.encodeStateAsUpdate(other));
  const counts: number[] = [];
  const count = (): void => {
    const { docView } = editor.view as unknown as { docView: { children: { node: unknown }[] } };
    const isOther = docView.children.filter(({ node }, i) => node !== editor.state.doc.maybeChild(i));
    counts.push(editor.state.doc.childCount - docView.children.length + isOther.length);
  };
  const plugins = editor.state.plugins.length;
  while (editor.state.plugins.length === plugins) await new Promise((resolve) => setTimeout(resolve, 10));
  count();
  const text = blocks[7]?.get(0);
  if (text instanceof Y.XmlText) text.insert(3, 'x');
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)), 'others');
  await new Promise((resolve) => requestAnimationFrame(resolve));
  count();
  if (!editor.getText().includes('bloxck 7')) throw new Error('what somebody else wrote is not shown');
  destroy();
  return counts;
}

/** Somebody with an editor on a document, which may have something in it. */
export function createPerson(clientID: number, content?: Uint8Array): Person {
  const doc = new Y.Doc();
  doc.clientID = clientID;
  if (content) Y.applyUpdate(doc, content);
  const element = document.createElement('div');
  document.body.append(element);
  const provider = { doc, awareness: new Awareness(doc), synced: true, on() {}, off() {} };
  const handle = createEditor(element, { provider });
  return {
    doc,
    editor: handle.editor,
    waiting: [],
    destroy() {
      handle.destroy();
      doc.destroy();
      element.remove();
    },
  };
}

function receive({ doc, waiting }: Person): void {
  for (const update of waiting.splice(0)) Y.applyUpdate(doc, update, 'others');
}

/** Without lists and quotes: changed by two at once, they may merge into what the schema does not have. */
function edit(editor: Editor, random: () => number): void {
  const { doc } = editor.state;
  const place = (): number => Math.floor(random() * (doc.content.size + 1));
  const [one, other] = [place(), place()];
  const near = Math.min(doc.content.size, one + Math.floor(random() * 8));
  const selection = TextSelection.between(doc.resolve(one), doc.resolve(random() < 0.8 ? near : other));
  editor.view.dispatch(editor.state.tr.setSelection(selection));
  const word = Math.floor(random() * 1e6).toString(36);
  const commands: (() => unknown)[] = [
    () => editor.commands.insertContent(word),
    () => editor.commands.insertContent(`${word} `),
    // Across blocks of different depths Tiptap's command throws.
    () => selection.$from.sameParent(selection.$to) && editor.commands.splitBlock(),
    () => editor.commands.joinBackward(),
    () => editor.commands.deleteSelection(),
    () => editor.commands.toggleBold(),
    () => editor.commands.toggleHeading({ level: 2 }),
    () => editor.commands.undo(),
    () => editor.commands.redo(),
    () => moveBlock(editor, random),
  ];
  commands[Math.floor(random() * commands.length)]?.();
}

/** As one drags a block: it is taken out here and put in there, in one transaction. */
function moveBlock(editor: Editor, random: () => number): void {
  const { doc, tr } = editor.state;
  if (doc.childCount < 2) return;
  const index = Math.floor(random() * doc.childCount);
  let from = 0;
  for (let i = 0; i < index; i++) from += doc.child(i).nodeSize;
  const block = doc.child(index);
  tr.delete(from, from + block.nodeSize);
  let to = 0;
  for (let i = Math.floor(random() * tr.doc.childCount); i > 0; i--) to += tr.doc.child(i - 1).nodeSize;
  editor.view.dispatch(tr.insert(to, block));
}

function check(editor: Editor): string[] {
  const { binding } = ySyncPluginKey.getState(editor.state) as {
    binding: { doc: Y.Doc; type: Y.XmlFragment; mapping: Map<never, never> };
  };
  const { doc } = editor.state;
  const wrong: string[] = [];
  const types = binding.type.toArray();
  // An empty document has a paragraph on the screen that nobody has written.
  if (types.length === 0) return wrong;
  if (types.length !== doc.childCount) return [`${types.length} blocks are shared, ${doc.childCount} shown`];
  for (const [i, type] of types.entries()) {
    const known = (binding.mapping as Map<unknown, { eq?(node: unknown): boolean }>).get(type);
    if (known?.eq?.(doc.child(i)) !== true) wrong.push(`block ${i} is not what the binding thinks`);
  }
  // What was looked up before is still so.
  const own = binding as unknown as ProsemirrorBinding;
  const [known, now] = [relativeSelection(own).read(editor.state), getRelativeSelection(own, editor.state)];
  if (JSON.stringify(known) !== JSON.stringify(now)) wrong.push('the selection is not where it is thought to be');
  for (let position = 1; position < doc.content.size; position++) {
    const $position = doc.resolve(position);
    if (!$position.parent.isTextblock || $position.parentOffset === 0) continue;
    if ($position.parentOffset === $position.parent.content.size) continue;
    const relative = absolutePositionToRelativePosition(position, binding.type as never, binding.mapping as never);
    const back = relativePositionToAbsolutePosition(
      binding.doc,
      binding.type as never,
      relative as never,
      binding.mapping as never,
    );
    if (back !== position) wrong.push(`position ${position} comes back as ${back}`);
  }
  return wrong;
}
