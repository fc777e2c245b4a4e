import { ScriptoriumError } from '../protocol/index.ts';
import type { LoadDocument } from './document-loader.ts';

/** Where documents are asked for. */
export interface FallbackOptions {
  /** An address with `{document}` in it, for which the percent-encoded name is put. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** The largest answer that is taken, in bytes. */
  readonly maxBytes: number;
}

const PLACE = '{document}';

/**
 * Loads documents over HTTP: 200 with a Yjs V1 update, or 404 or 204 when there is none. Everything else is a failure.
 * @throws TypeError when the address is none, or has no place for the name
 */
export function fallbackFetch({ url, token, maxBytes }: FallbackOptions): LoadDocument {
  if (!url.includes(PLACE)) throw new TypeError(`the address to load documents from has to have ${PLACE} in it`);
  const example = new URL(url.replaceAll(PLACE, 'name'));
  if (!/^https?:$/.test(example.protocol)) throw new TypeError('documents are loaded over http or https');
  const headers = {
    accept: 'application/octet-stream',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return async (document, { signal }) => {
    const response = await fetch(url.replaceAll(PLACE, encodeURIComponent(document)), { headers, signal });
    if (response.status === 404 || response.status === 204) {
      await response.body?.cancel();
      return undefined;
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`it was answered with status ${response.status}`);
    }
    return readBytes(response, maxBytes);
  };
}

async function readBytes({ body }: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new ScriptoriumError('DOCUMENT_TOO_LARGE', `The answer has more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
