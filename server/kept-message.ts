/** What may lie beside a message that is not copied, in bytes: its header, mostly, and a sync status. */
const BESIDE_BYTES = 256;

/**
 * A message as it may be kept. A socket's bytes come in the memory that they were read into, often many messages in one:
 * whoever keeps one of them would keep all, so it is copied. Not one that fills most of that memory, as what somebody
 * types does: to allocate memory for each of those costs more than to relay them.
 */
export function keptMessage(message: Buffer): Uint8Array {
  return message.buffer.byteLength <= 2 * message.length + BESIDE_BYTES ? message : new Uint8Array(message);
}
