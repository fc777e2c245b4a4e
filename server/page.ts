import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** The built web page, found from the sources as from the package. */
const FOLDERS = ['../app/', '../dist/app/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** Files with a hash of their content in their names. */
const ASSETS = /^\/assets\//;

/** Serves the web page: its files, and its one HTML file for every path that names a place in it. */
export function createPage(
  setSecurityHeaders: (response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  const folder = FOLDERS.find((path) => existsSync(`${path}assets`));
  if (folder === undefined) return (_request, _response, next) => next();
  return sirv(folder, {
    single: true,
    // A document may be called `notes.txt`: only assets are files for certain.
    ignores: [ASSETS],
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(response, path) {
      setSecurityHeaders(response);
      // Names of assets have a hash of their content; the HTML has not.
      response.setHeader('Cache-Control', ASSETS.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
