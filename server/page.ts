import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { pathOf } from './mount.ts';

/** The built web page, found from the sources as from the package. */
const FOLDERS = ['../app/', '../dist/app/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** Files with a hash of their content in their names. */
const ASSETS = /^\/assets\//;
const HTML = 'index.html';
/** The same with what the page of a document needs more, to be fetched at once. */
const DOCUMENT_HTML = 'document.html';
const DOCUMENTS = /^\/d\//;

interface Html {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Serves the web page: its files, and its HTML for every path that names a place in it. */
export function createPage(
  basePath: string,
  setSecurityHeaders: (response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  const folder = FOLDERS.find((path) => existsSync(`${path}assets`));
  if (folder === undefined) return (_request, _response, next) => next();
  const read = (name: string): Html => {
    const bytes = Buffer.from(mounted(readFileSync(folder + name, 'utf8'), basePath));
    return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
  };
  const html = read(HTML);
  const documentHtml = read(DOCUMENT_HTML);
  const files = sirv(folder, {
    etag: true,
    gzip: true,
    brotli: true,
    extensions: [],
    setHeaders(response, path) {
      setSecurityHeaders(response);
      // Names of assets have a hash of their content; others have not.
      response.setHeader('Cache-Control', ASSETS.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  function sendHtml({ method, headers }: IncomingMessage, response: ServerResponse, { bytes, etag }: Html): void {
    setSecurityHeaders(response);
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('ETag', etag);
    if (headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': bytes.length });
    response.end(method === 'HEAD' ? undefined : bytes);
  }

  return (request, response, next) => {
    const path = pathOf(request.url ?? '/');
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    if (path === `/${HTML}` || path === `/${DOCUMENT_HTML}`) return sendHtml(request, response, html);
    const send = (): void => sendHtml(request, response, DOCUMENTS.test(path) ? documentHtml : html);
    // A document may be called `notes.txt`: only assets are files for certain.
    files(request, response, () => (ASSETS.test(path) ? next() : send()));
  };
}

/** The page as it is at its path: what it loads, and where it finds itself. */
function mounted(html: string, basePath: string): string {
  return html
    .replaceAll(/(src|href)="\.\//g, `$1="${basePath}/`)
    .replace('name="scriptorium-base-path" content=""', `name="scriptorium-base-path" content="${basePath}"`);
}
