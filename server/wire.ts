import { encodeAddressedScratch } from '../protocol/addressed.ts';
import { encodeBareScratch } from '../protocol/bare.ts';
import {
  type Access,
  type AddressedServerMessage,
  allows,
  type DocumentEvent,
  documentOfAddress,
  type ErrorCode,
  type ServerMessage,
  wireCode,
} from '../protocol/index.ts';
import { compressed } from './compression.ts';
import { webSocketFrames } from './frame.ts';

/** How the peers of one kind of client get their messages as bytes. */
export interface Wire {
  /**
   * A small number, so that bytes can be kept by it: in one room, wires with the same number make the same bytes. Below 0
   * for a wire of a single peer, for which nothing is kept.
   */
  readonly index: number;
  /** Whether its clients count their edits: see `RoomPeer`. */
  readonly countsEdits: boolean;
  /** The bytes for the socket, a large message in several pieces; none for a message that this client does not know. */
  frames(message: ServerMessage): readonly Uint8Array[];
}

/** What a client said of itself. */
export interface WireTraits {
  /** It said hello. */
  readonly extended: boolean;
  /** It takes compressed messages (permessage-deflate, without context takeover). */
  readonly compresses: boolean;
}

/** Smaller messages are not compressed, in bytes: it would not pay. */
const COMPRESSED_FROM_BYTES = 1024;

const BARE_WIRES: readonly Wire[] = [0, 1, 2, 3].map((index) => {
  const { extended, compresses } = traitsOf(index);
  return {
    index,
    countsEdits: false,
    frames(message) {
      const told = extended ? message : asStock(message);
      return told === undefined ? [] : framesOf(encodeBareScratch(told), compresses);
    },
  };
});

/** The index of the wires whose address is the document's name, without compression and with it. */
const ADDRESSED = 4;
const OF_ONE_PEER = -1;
/** How many indices there are. */
export const WIRES = ADDRESSED + 2;

/** The wire for a client with the bare framing. */
export function wireFor({ extended, compresses }: WireTraits): Wire {
  const wire = BARE_WIRES[(extended ? 1 : 0) + (compresses ? 2 : 0)];
  if (wire === undefined) throw new RangeError('there is a wire for every client');
  return wire;
}

/** The wire for a document at an address, in Hocuspocus' protocol. */
export function addressedWire(address: string, compresses: boolean): Wire {
  const isShared = documentOfAddress(address) === address;
  return {
    index: isShared ? ADDRESSED + (compresses ? 1 : 0) : OF_ONE_PEER,
    countsEdits: true,
    frames(message) {
      const told = asHocuspocus(message);
      return told === undefined ? [] : framesOf(encodeAddressedScratch(address, told), compresses);
    },
  };
}

/** A WebSocket message as frames of their own bytes. */
export function framesOf(payload: Uint8Array, compresses: boolean): readonly Uint8Array[] {
  const isLarge = compresses && payload.length >= COMPRESSED_FROM_BYTES;
  return isLarge ? webSocketFrames(compressed(payload), true) : webSocketFrames(payload);
}

function traitsOf(index: number): WireTraits {
  return { extended: index % 2 === 1, compresses: index >= 2 };
}

/** What stock clients have a message of its own for: they may not do that. */
const DENIALS: readonly string[] = (['UNAUTHORIZED', 'FORBIDDEN', 'READ_ONLY'] satisfies ErrorCode[]).map(wireCode);

/** The message as a `y-websocket` client knows it; undefined for one that it would complain of. */
function asStock(message: ServerMessage): ServerMessage | undefined {
  switch (message.type) {
    case 'refusal': {
      const { code, message: reason } = message.refusal;
      return DENIALS.includes(code) ? { type: 'auth-denied', reason } : undefined;
    }
    case 'welcome':
    case 'position':
    case 'event':
      return undefined;
    default:
      return message;
  }
}

/** The message as a client of Hocuspocus knows it; undefined where it has none for that. */
function asHocuspocus(message: ServerMessage): AddressedServerMessage | undefined {
  switch (message.type) {
    case 'welcome':
      return authenticated(message.welcome.access);
    case 'sync-status':
      return { type: 'edit-status', taken: message.payload[0] === 1 };
    case 'event':
      return eventAsHocuspocus(message.event);
    case 'refusal': // what is refused of an edit is said by its status, and the rest when the peer is ended
    case 'auth-denied':
    case 'position':
      return undefined;
    default:
      return message;
  }
}

function authenticated(access: Access): AddressedServerMessage {
  return { type: 'authenticated', scope: allows(access, 'write') ? 'read-write' : 'readonly' };
}

function eventAsHocuspocus(event: DocumentEvent): AddressedServerMessage | undefined {
  const { type, access, payload } = event;
  switch (type) {
    case 'access':
      return authenticated(access as Access);
    case 'token-expiring':
      return { type: 'token-request' };
    case 'stateless':
      return { type: 'stateless', payload: String(payload) };
    default:
      return undefined;
  }
}
