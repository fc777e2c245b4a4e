import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import { ScriptoriumError } from '../../protocol/index.ts';
import { type HttpAccess, segmentOf } from '../access/http-guard.ts';
import { documentOfPath } from '../document-path.ts';
import { readBody } from '../request-body.ts';
import type { Rooms } from '../rooms.ts';
import type { FileStore } from './file-store.ts';

/** What these routes need from their surroundings. */
export interface FilesContext {
  readonly rooms: Rooms;
  readonly http: HttpAccess;
  readonly files: FileStore;
  readonly maxFileBytes: number;
}

const FILES = '/api/documents/:document/files';

/** A file that was made to look like a page must not be one: it runs nothing, and asks nobody for anything. */
const FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";
/** A year, in seconds: under one name there are never other bytes. */
const MAX_AGE = 31_536_000;

/**
 * The files of documents, which are images:
 *
 *     POST /api/documents/:document/files         the bytes: stores them
 *     GET  /api/documents/:document/files/:file   gives them back to whoever may read the document
 */
export function addFileRoutes(api: Hono, { rooms, http, files, maxFileBytes }: FilesContext): void {
  api.post(FILES, async (c) => {
    const document = documentOfPath(segmentOf(c, 3));
    await http.need(c, document, 'write');
    const bytes = await readFile(c, maxFileBytes);
    // As an edit does: an image may be the first thing in a document.
    const { name, ...stored } = await files.put(document, bytes, () => rooms.create(document));
    const url = `/api/documents/${encodeURIComponent(document)}/files/${name}`;
    return c.json({ url, ...stored }, 201, { Location: url });
  });
  api.get(`${FILES}/:file`, async (c) => {
    const document = documentOfPath(segmentOf(c, 3));
    await http.need(c, document, 'read');
    const name = segmentOf(c, 5);
    const { file, type, bytes } = await files.open(document, name);
    const headers = {
      'Content-Type': type,
      'Content-Length': String(bytes),
      'Content-Disposition': `inline; filename="${name}"`,
      'Content-Security-Policy': FILE_POLICY,
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': `private, max-age=${MAX_AGE}, immutable`,
      Vary: 'Authorization, Origin',
    };
    if (c.req.method === 'HEAD') {
      await file.close();
      return c.body(null, 200, headers);
    }
    // The stream closes the file, also when whoever asked for it goes away.
    return c.body(Readable.toWeb(file.createReadStream()) as ReadableStream, 200, headers);
  });
}

/** @throws ScriptoriumError FILE_TOO_LARGE, before anything is read where the request says how much it is */
async function readFile(c: Context, maxFileBytes: number): Promise<Uint8Array> {
  const tooLarge = new ScriptoriumError('FILE_TOO_LARGE', `A file has at most ${maxFileBytes} bytes (maxFileBytes).`);
  if (Number(c.req.header('Content-Length')) > maxFileBytes) throw tooLarge;
  return readBody(c.req.raw, maxFileBytes).catch((error: unknown) => {
    throw error instanceof ScriptoriumError && error.code === 'MESSAGE_TOO_LARGE' ? tooLarge : error;
  });
}
