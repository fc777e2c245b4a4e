import { Editor } from '@tiptap/core';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { ObservableV2 } from 'lib0/observable';
import { afterPaint } from './after-paint.ts';
import { collaboration } from './collaboration.ts';
import { connectionOf } from './connection.ts';
import type { Blocked, EditorEvents } from './editor-events.ts';
import type { EditorHandle, EditorOptions, EditorProvider } from './editor-options.ts';
import { editorExtensions } from './extensions.ts';
import { createFrame } from './frame.ts';
import { keptMapping } from './kept-mapping.ts';
import { later } from './later.ts';
import { guardLeaving } from './leave-guard.ts';
import { LatePlace } from './media/late-parts.ts';
import { media } from './media/media-extension.ts';
import { attachMenus } from './menus/attach.ts';
import { type EditorLanguage, languages, type Messages } from './messages/index.ts';
import { attachNodes } from './nodes/attach.ts';
import { LateViews } from './nodes/late-views.ts';
import { openLinkOnModifiedClick } from './open-link.ts';
import { placeholder } from './placeholder.ts';
import { createReading, type Reading } from './reading.ts';
import { relayEvents } from './relay-events.ts';
import { SchemaGuard, type UnknownContent } from './schema-guard.ts';
import { carets } from './together/carets.ts';
import { keptPlace } from './together/kept-place.ts';
import { announceUser } from './together/presence.ts';
import { rescue } from './together/rescue.ts';
import { tools } from './tools/attach.ts';
import { viewModesIn } from './tools/view-modes.ts';
import { undoCaret } from './undo-caret.ts';
import { readUser } from './user.ts';
import { WorkingCopy } from './working-copy.ts';
import { writeGate } from './write-gate.ts';

/** The name of the XML fragment that holds the text. */
const FRAGMENT = 'default';
/** How long menus and the like wait for the text, in milliseconds. */
const WITHOUT_TEXT_MS = 3_000;
/** How long what says why there is no text waits for it, in milliseconds. */
const SAFETY_MS = 1_000;
/** About the height of a banner with its distance from the edge, in pixels. */
const BANNER_PX = 88;

/** Puts an editor for a provider's document into an element. `release` is called when it is destroyed, once. */
export function bindEditor<P extends EditorProvider>(
  element: HTMLElement,
  options: EditorOptions,
  provider: P,
  release: () => void,
): EditorHandle<P> {
  const connection = connectionOf(provider);
  const { doc, awareness } = connection;
  const fragment = doc.getXmlFragment(FRAGMENT);
  const events = new ObservableV2<EditorEvents>();
  let editable = options.editable ?? true;
  let isHere = false;
  let unknown: UnknownContent | undefined;
  let reading: Reading | undefined;
  let told: Blocked | undefined;
  /** Absent while it is loaded: until then nothing is said, in no language. */
  let language: EditorLanguage | undefined;
  const label = (): string => options.label ?? language?.messages.editor.document ?? '';

  const frame = createFrame(element, options.theme, options.toolbar);
  const copy = new WorkingCopy(doc, {
    mustWait: () => editor.view.composing,
    admits(touched) {
      unknown = touched ? guard.findIn(touched) : guard.findAnywhere();
      return unknown === undefined;
    },
    // Before the text is drawn: of text that is there, the browser lays out all anew when it becomes editable.
    onStarting: () => showEditable(mayBeEdited()),
    onStopped: () => update(),
  });
  const mediaPlace = new LatePlace();
  const views = new LateViews();
  const paint = afterPaint();
  void paint.painted.then(frame.setPainted);
  const idle = paint.paintedOrAfter(WITHOUT_TEXT_MS);
  const presence = announceUser(awareness, options.user ?? readUser(undefined));
  const editor = new Editor({
    element: frame.content,
    editable: false,
    // A page with a strict content security policy refuses injected styles; they are in styles.css.
    injectCSS: false,
    extensions: [
      ...editorExtensions(),
      ...(options.extensions ?? []),
      collaboration.configure({ document: copy.doc, field: FRAGMENT }),
      keptMapping,
      undoCaret,
      keptPlace,
      rescue(doc, copy.doc, () => copy.writable),
      tools({
        frame,
        options,
        name: connection.scriptorium?.document,
        onSwitched: () => update(),
      }),
      carets(awareness),
      media(mediaPlace),
      views.extension,
      writeGate(() => copy.writable),
      placeholder(() => options.placeholder ?? language?.messages.editor.placeholder ?? ''),
    ],
    editorProps: {
      // It takes the focus also where one may only read: shortcuts and arrow keys work there, too.
      attributes: () => ({ role: 'textbox', 'aria-multiline': 'true', 'aria-label': label(), tabindex: '0' }),
      handleClick: openLinkOnModifiedClick,
      // The line that is written in stays above the banner.
      scrollMargin: { top: 5, right: 5, bottom: BANNER_PX, left: 5 },
      scrollThreshold: { top: 0, right: 0, bottom: BANNER_PX, left: 0 },
    },
  });
  editor.on('transaction', ({ transaction }) => {
    if (transaction.docChanged && transaction.getMeta(ySyncPluginKey) === undefined) presence.type();
  });
  const guard = new SchemaGuard(fragment, editor.schema);

  const blocked = (): Blocked | undefined => {
    if (unknown) return { reason: 'unknown-content', unknown };
    return connection.outdatedSchema ? { reason: 'outdated-schema' } : undefined;
  };

  const mayBeEdited = (): boolean => {
    const wanted = editable && !viewModesIn(editor.state).has('reading');
    return isHere && wanted && blocked() === undefined && connection.mayWrite;
  };
  const showEditable = (wanted: boolean): void => {
    if (editor.isEditable !== wanted) editor.setEditable(wanted);
  };

  /** Brings what is shown in line with what is known. */
  const update = (): void => {
    if (editor.isDestroyed) return;
    const block = blocked();
    copy.writable = mayBeEdited();
    showEditable(copy.writable);
    frame.setLoading(!isHere);
    if (!language) return;
    if ((unknown !== undefined) !== (reading !== undefined)) showForReading(unknown !== undefined, language);
    if (block?.reason === told?.reason) return;
    told = block;
    const { messages } = language;
    const text =
      block?.reason === 'unknown-content' ? tellUnknown(block.unknown, messages) : messages.editor.outdatedSchema;
    frame.notify(block && { text, action: { label: messages.editor.reload, run: () => location.reload() } });
    events.emit('blocked', [block]);
  };

  const showForReading = (wanted: boolean, { messages }: EditorLanguage): void => {
    reading?.destroy();
    reading = wanted
      ? createReading({
          fragment,
          schema: editor.schema,
          label: label(),
          unknownLabel: messages.editor.unknownPart,
          showImage: (image, src) => mediaPlace.use((parts) => parts.showImage(image, src)),
          onChange() {
            copy.start();
            update();
            return copy.flows;
          },
        })
      : undefined;
    frame.standIn(reading?.element);
  };

  const onHere = (): void => {
    // Once is enough: what is written while disconnected is merged when the connection is back.
    const isFirst = !isHere;
    isHere = true;
    copy.start();
    update();
    paint.textIsHere();
    // At the next turn: whoever made the editor listens then, too.
    if (isFirst) queueMicrotask(() => events.emit('ready', []));
  };

  for (const [event, listener] of Object.entries(options.on ?? {}) as [keyof EditorEvents, () => void][]) {
    events.on(event, listener);
  }
  const stops = [
    paint.destroy,
    relayEvents(connection, events),
    connection.onSynced(onHere),
    connection.onRightsChanged(update),
  ];
  /** Puts in place what speaks. */
  const speak = (spoken: EditorLanguage): void => {
    if (editor.isDestroyed) return;
    language = spoken;
    const { messages } = spoken;
    frame.setLanguage(spoken);
    // Has it read the texts that are its attributes.
    editor.view.setProps({});
    stops.push(attachMenus(editor, frame, messages, options, idle));
    stops.push(attachNodes({ editor, messages, awareness, mentions: options.mentions, views }, idle));
    const { scriptorium } = connection;
    const loadMedia = async () => {
      await idle;
      return (await import('./media/media.ts')).createMedia({ editor, provider: scriptorium, options });
    };
    stops.push(later(loadMedia, (parts) => mediaPlace.fill(parts)));
    if (scriptorium) {
      const saveState = options.saveState ?? true;
      const loadSafety = () => paint.paintedOrAfter(SAFETY_MS).then(() => import('./safety.ts'));
      stops.push(guardLeaving(scriptorium));
      stops.push(
        later(loadSafety, ({ showSafety }) => showSafety(scriptorium, editor, frame, { messages, saveState })),
      );
    }
    const isConnected = (): boolean => scriptorium?.status !== 'offline';
    stops.push(
      later(
        () => idle.then(() => import('./together/announce.ts')),
        ({ announcePeople }) => announcePeople(frame.root, awareness, isConnected, spoken),
      ),
    );
    update();
  };
  update();
  const found = languages.find(options.locale, options.messages);
  if (found instanceof Promise) void found.then(speak);
  else speak(found);
  if (connection.synced) onHere();

  return {
    editor,
    provider,
    doc,
    awareness,
    get writable() {
      return copy.writable;
    },
    setUser(user) {
      if (!editor.isDestroyed) presence.setUser(user);
    },
    setEditable(next) {
      editable = next;
      update();
    },
    exportAs: (format, { title = '' } = {}) =>
      new Promise((resolve) => mediaPlace.use((parts) => resolve(parts.exportAs(format, title)))),
    importFrom: (format, text) =>
      new Promise((resolve) => mediaPlace.use((parts) => resolve(parts.importFrom(format, text)))),
    setTheme: frame.setTheme,
    on: (event, listener) => void events.on(event, listener),
    off: (event, listener) => events.off(event, listener),
    destroy() {
      if (editor.isDestroyed) return;
      for (const stop of stops) stop();
      reading?.destroy();
      editor.destroy();
      copy.destroy();
      presence.destroy();
      frame.destroy();
      events.destroy();
      connection.release();
      release();
    },
  };
}

function tellUnknown({ kind, name }: UnknownContent, { editor }: Messages): string {
  switch (kind) {
    case 'node':
      return editor.unknownNode({ name });
    case 'mark':
      return editor.unknownMark({ name });
    case 'attribute':
      return editor.unknownAttribute({ name });
  }
}
