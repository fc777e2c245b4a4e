import { encodeBareScratch } from '../protocol/bare.ts';
import { type ErrorCode, type ServerMessage, wireCode } from '../protocol/index.ts';
import { compressed } from './compression.ts';
import { webSocketFrames } from './frame.ts';

/** How the peers of one kind of client get their messages as bytes. */
export interface Wire {
  /** A small number of its own, so that bytes can be kept by it. */
  readonly index: number;
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

const WIRES: readonly Wire[] = [0, 1, 2, 3].map((index) => {
  const { extended, compresses } = traitsOf(index);
  return {
    index,
    frames(message) {
      const told = extended ? message : asStock(message);
      if (told === undefined) return [];
      const payload = encodeBareScratch(told); // each frame is a copy
      const isLarge = compresses && payload.length >= COMPRESSED_FROM_BYTES;
      return isLarge ? webSocketFrames(compressed(payload), true) : webSocketFrames(payload);
    },
  };
});

/** The wire for a client. */
export function wireFor({ extended, compresses }: WireTraits): Wire {
  const wire = WIRES[(extended ? 1 : 0) + (compresses ? 2 : 0)];
  if (wire === undefined) throw new RangeError('there is a wire for every client');
  return wire;
}

function traitsOf(index: number): WireTraits {
  return { extended: index % 2 === 1, compresses: index >= 2 };
}

/** What a `y-websocket` client has a message of its own for: it may not do that. */
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
