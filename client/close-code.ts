/** What a client does when the server has closed the connection. */
export type Reaction = 'reconnect-soon' | 'back-off' | 'stop' | 'new-token';

/** The reaction to a WebSocket close code, as PROTOCOL.md has it. */
export function reactionTo(code: number): Reaction {
  switch (code) {
    case 1012: // the server restarts
      return 'reconnect-soon';
    case 4401: // no valid token
      return 'new-token';
    case 4400: // not this protocol
    case 4403: // not allowed
    case 4404: // no such document
    case 4409: // the document's schema is newer
    case 4413: // message too large
      return 'stop';
    default:
      return 'back-off';
  }
}
