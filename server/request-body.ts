import { parseJsonObject, ScriptoriumError } from '../protocol/index.ts';

/**
 * The body of a request, in a buffer of its own. Hono's `bodyLimit` makes a new `Request` of this one, and that of
 * @hono/node-server fails there unless it may change globals.
 * @throws ScriptoriumError MESSAGE_TOO_LARGE
 */
export async function readBody({ body }: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new ScriptoriumError('MESSAGE_TOO_LARGE', `A request body has at most ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/**
 * The body of a request as a JSON object; an empty one where there is no body.
 * @throws ScriptoriumError MALFORMED_REQUEST, MESSAGE_TOO_LARGE
 */
export async function jsonBody(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
  const text = Buffer.from(await readBody(request, maxBytes)).toString();
  try {
    return parseJsonObject(text || '{}');
  } catch (cause) {
    throw new ScriptoriumError('MALFORMED_REQUEST', 'The body is not a JSON object.', { cause });
  }
}
