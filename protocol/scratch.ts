import * as encoding from 'lib0/encoding';

/** What most messages and entries fit into, in bytes. */
const SCRATCH_BYTES = 4096;

const scratch = new encoding.Encoder();
scratch.cbuf = new Uint8Array(SCRATCH_BYTES);
const { cbuf } = scratch;

/**
 * Writes with an encoder that is used again and again: memory of its own for each of many small messages costs more than
 * to write them. The bytes hold until the next call; whoever keeps them copies them. `write` must not call it again.
 */
export function writeScratch(write: (encoder: encoding.Encoder) => void): Uint8Array {
  scratch.cpos = 0;
  scratch.cbuf = cbuf;
  scratch.bufs = [];
  write(scratch);
  return scratch.bufs.length > 0 ? encoding.toUint8Array(scratch) : scratch.cbuf.subarray(0, scratch.cpos);
}
