import { encodeBare, type ServerMessage } from '../protocol/index.ts';
import { webSocketFrames } from './frame.ts';

/** How the peers of one kind of client get their messages as bytes. */
export interface Wire {
  /** The bytes for the socket, a large message in several pieces; none for a message that this client does not know. */
  frames(message: ServerMessage): readonly Uint8Array[];
}

/** For a client that said hello: every message. */
export const extendedWire: Wire = { frames: (message) => webSocketFrames(encodeBare(message)) };

/** For a `y-websocket` client: it would complain of the extensions. */
export const stockWire: Wire = {
  frames(message) {
    switch (message.type) {
      case 'welcome':
      case 'position':
      case 'refusal':
      case 'event':
        return [];
      default:
        return extendedWire.frames(message);
    }
  },
};
