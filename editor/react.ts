import {
  type CSSProperties,
  createElement,
  forwardRef,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { createEditor } from './create-editor.ts';
import type { EditorEvents } from './editor-events.ts';
import type { EditorHandle, EditorOptions, EditorProvider, ServerOptions } from './editor-options.ts';

/** The options of `createEditor`, of which either `document` or `provider` is given, and its events. */
export interface ScriptoriumOptions
  extends Omit<EditorOptions, 'on'>,
    Partial<Omit<ServerOptions, keyof EditorOptions>> {
  readonly provider?: EditorProvider;
  // Each may be another function with every render.
  readonly onReady?: EditorEvents['ready'];
  readonly onStatus?: EditorEvents['status'];
  readonly onSaved?: EditorEvents['saved'];
  readonly onAccess?: EditorEvents['access'];
  readonly onBlocked?: EditorEvents['blocked'];
  readonly onError?: EditorEvents['error'];
}

/** The editor's handle, as components have it. */
export type ScriptoriumHandle = EditorHandle<EditorProvider>;

/** What {@link useScriptorium} gives. */
export interface Scriptorium {
  /** For the element that the editor goes into. */
  readonly ref: RefObject<HTMLDivElement | null>;
  /** The editor, once it is there. */
  readonly handle: ScriptoriumHandle | undefined;
}

/**
 * An editor in the element that `ref` is given to. It is made in an effect, so nothing happens on a server, and
 * StrictMode's second mount leaves one editor and one connection. `user`, `editable`, `theme`, `token` and the handlers
 * may change; another `document`, `url`, `provider`, `schemaVersion`, `locale`, `toolbar`, `placeholder` or `label`
 * makes the editor anew. `extensions` and `messages` are those of the render in which it is made.
 */
export function useScriptorium(options: ScriptoriumOptions): Scriptorium {
  const ref = useRef<HTMLDivElement>(null);
  const [handle, setHandle] = useState<ScriptoriumHandle>();
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { document, url, provider, schemaVersion, locale, toolbar, placeholder, label } = options;
  const { user, editable, theme } = options;

  // biome-ignore lint/correctness/useExhaustiveDependencies: these make it anew; the others are read when needed
  useEffect(() => {
    if (!ref.current || !(document || provider)) return;
    const made = makeEditor(ref.current, latest);
    setHandle(made);
    return () => {
      setHandle(undefined);
      made.destroy();
    };
  }, [document, url, provider, schemaVersion, locale, toolbar, placeholder, label]);
  useEffect(() => {
    if (user) handle?.setUser(user);
  }, [handle, user]);
  useEffect(() => handle?.setEditable(editable ?? true), [handle, editable]);
  useEffect(() => handle?.setTheme(theme ?? 'auto'), [handle, theme]);
  return { ref, handle };
}

/** What {@link ScriptoriumEditor} takes: the options, and how the element around the editor looks. */
export interface ScriptoriumEditorProps extends ScriptoriumOptions {
  readonly className?: string;
  readonly style?: CSSProperties;
}

/** The editor as a component: see {@link useScriptorium}. Its `ref` is the handle. On a server it is an empty `div`. */
export const ScriptoriumEditor = forwardRef<ScriptoriumHandle | undefined, ScriptoriumEditorProps>(
  ({ className, style, ...options }, handleRef) => {
    const { ref, handle } = useScriptorium(options);
    useImperativeHandle(handleRef, () => handle, [handle]);
    return createElement('div', { ref, className, style });
  },
);
ScriptoriumEditor.displayName = 'ScriptoriumEditor';

function makeEditor(element: HTMLElement, latest: RefObject<ScriptoriumOptions>): ScriptoriumHandle {
  const { provider, document, token, onReady, onStatus, onSaved, onAccess, onBlocked, onError, ...options } =
    latest.current;
  const on: EditorEvents = {
    ready: () => latest.current.onReady?.(),
    status: (event) => latest.current.onStatus?.(event),
    saved: (event) => latest.current.onSaved?.(event),
    access: (event) => latest.current.onAccess?.(event),
    blocked: (event) => latest.current.onBlocked?.(event),
    error: (event) => latest.current.onError?.(event),
  };
  if (provider) return createEditor(element, { ...options, on, provider });
  const newestToken = () => {
    const { token } = latest.current;
    return typeof token === 'function' ? token() : token;
  };
  return createEditor(element, { ...options, on, document: document ?? '', token: newestToken });
}
