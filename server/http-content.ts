import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import { encodeBackup } from '../persistence/index.ts';
import type { HttpAccess } from './access/http-guard.ts';
import { documentOfPath } from './document-path.ts';
import type { FileStore } from './files/file-store.ts';
import type { Logger } from './logger.ts';
import { readBody } from './request-body.ts';
import type { Rooms } from './rooms.ts';

/** What these routes need from their surroundings. */
export interface ContentContext {
  readonly rooms: Rooms;
  readonly http: HttpAccess;
  readonly files: FileStore;
  readonly logger: Logger;
  readonly maxImportBytes: number;
}

const UPDATE = '/api/documents/:document/update';

/**
 * The content of documents over HTTP, as bytes:
 *
 *     GET  /api/documents/:document/update   the document as one Yjs V1 update
 *     POST /api/documents/:document/update   a Yjs V1 update: merged into the document, seen by its peers
 *     GET  /api/backup                       everything, as it is at one moment: see persistence/backup-file.ts
 */
export function addContentRoutes(api: Hono, { rooms, http, files, logger, maxImportBytes }: ContentContext): void {
  api.get(UPDATE, async (c) => {
    const document = documentIn(c.req.url);
    await http.need(c, document, 'read');
    const update = await rooms.readUpdate(document);
    return c.body(new Uint8Array(update), 200, { 'Content-Type': 'application/octet-stream' });
  });
  api.post(UPDATE, async (c) => {
    const document = documentIn(c.req.url);
    await http.need(c, document, 'write');
    await rooms.edit(document, await readBody(c.req.raw, maxImportBytes));
    return c.body(null, 204);
  });
  api.get('/api/backup', async (c) => {
    await http.serverAdmin(c);
    const stream = encodeBackup(rooms.storage.backup(), files);
    // The status has been sent by then: whoever reads it sees that it is cut off.
    stream.on('error', (err) => {
      if (err.name === 'AbortError') logger.info('a backup was broken off by who asked for it');
      else logger.error({ err }, 'a backup failed');
    });
    return c.body(Readable.toWeb(stream) as ReadableStream, 200, { 'Content-Type': 'application/gzip' });
  });
}

/** Hono's own decoding of a path lets what is not percent-encoded UTF-8 through as it is. */
function documentIn(url: string): string {
  return documentOfPath(new URL(url).pathname.split('/')[3] ?? '');
}
