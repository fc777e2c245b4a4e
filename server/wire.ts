import { encodeBare, type ServerMessage } from '../protocol/index.ts';
import { webSocketFrame } from './frame.ts';

/** How the peers of one kind of client get their messages as bytes. */
export interface Wire {
  /** The bytes for the socket; undefined for a message that this client does not know. */
  frame(message: ServerMessage): Uint8Array | undefined;
}

/** For a client that said hello: every message. */
export const extendedWire: Wire = { frame: (message) => webSocketFrame(encodeBare(message)) };

/** For a `y-websocket` client: it would complain of the extensions. */
export const stockWire: Wire = {
  frame(message) {
    switch (message.type) {
      case 'welcome':
      case 'position':
      case 'refusal':
      case 'event':
        return undefined;
      default:
        return extendedWire.frame(message);
    }
  },
};
