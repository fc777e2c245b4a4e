import type { ObservableV2 } from 'lib0/observable';
import type { ProviderEvents } from '../client/index.ts';
import type { EditorConnection } from './connection.ts';
import { EditorError, type EditorEvents } from './editor-events.ts';

/** Passes on what the provider tells, as events of the editor. Returns what stops it. */
export function relayEvents(connection: EditorConnection, events: ObservableV2<EditorEvents>): () => void {
  const { scriptorium } = connection;
  const stops: (() => void)[] = [];
  const on = <E extends keyof ProviderEvents>(event: E, listener: ProviderEvents[E]): void =>
    void stops.push(connection.on(event, listener));

  on('status', (event) => events.emit('status', [event]));
  if (scriptorium) {
    on('access', (event) => events.emit('access', [event]));
    on('saved', (event) => events.emit('saved', [event]));
    on('refused', ({ code, message }) => events.emit('error', [new EditorError(code, message)]));
    on('closed', ({ reason }) => events.emit('error', [new EditorError(reason, 'The server closed the document.')]));
  }
  return () => {
    for (const stop of stops) stop();
  };
}
