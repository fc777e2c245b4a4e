import type { ScriptoriumProvider } from '../../client/index.ts';

/** What an upload is given beside the file. */
export interface UploadOptions {
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** Says how much has been sent, from 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/**
 * Stores an image and says by which address it goes into the document: a path on the server, or the address of another.
 * Rejects with an Error whose message is shown.
 */
export type Upload = (file: File, options: UploadOptions) => Promise<{ readonly src: string }>;

/** Where the images of a document are. */
export interface FileService {
  /** Undefined where there is nowhere to store them. */
  readonly upload: Upload | undefined;
  /** Whether an address is that of a file on the server. */
  isOnServer(src: string): boolean;
  /** Whether it is that of a file of this document. */
  isOwn(src: string): boolean;
  /** Fetches a file of the server, with the token of who looks at it. */
  fetch(src: string): Promise<Blob>;
  /** Whether one is connected; undefined where that can't be known. */
  isOnline(): boolean;
}

const FILE_PATH = /^\/api\/documents\/([^/]+)\/files\/[^/?#]+$/;

/** The server told why a file was not taken. */
export class UploadError extends Error {
  /** As in PROTOCOL.md; empty when the server did not say. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'UploadError';
    this.code = code;
  }
}

/** The files of the document that a provider is connected to. */
export function serverFiles(provider: ScriptoriumProvider): FileService {
  const address = new URL(provider.url);
  const name = encodeURIComponent(provider.document);
  // Without `/sync/<document>`.
  const base = `${address.protocol.replace('ws', 'http')}//${address.host}${address.pathname.slice(0, -`/sync/${name}`.length)}`;
  return {
    async upload(file, options) {
      return { src: await send(`${base}/api/documents/${name}/files`, await provider.token(), file, options) };
    },
    isOnServer: (src) => FILE_PATH.test(src),
    isOwn: (src) => FILE_PATH.exec(src)?.[1] === name,
    async fetch(src) {
      const token = await provider.token();
      const response = await fetch(
        base + src,
        token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } },
      );
      if (!response.ok) throw new UploadError('', `HTTP ${response.status}`);
      return response.blob();
    },
    isOnline: () => provider.status === 'synced',
  };
}

/** Of a provider that is not ours, nothing is known of the server. */
export const noFiles: FileService = {
  upload: undefined,
  isOnServer: () => false,
  isOwn: () => false,
  fetch: () => Promise.reject(new UploadError('', 'There is no server.')),
  isOnline: () => navigator.onLine,
};

/** `fetch` does not tell how much has been sent. */
function send(
  url: string,
  token: string | undefined,
  file: File,
  { signal, onProgress }: UploadOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.responseType = 'json';
    if (token !== undefined) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const answer = request.response as { url?: string; error?: { code?: string; message?: string } } | null;
      if (request.status === 201 && answer?.url) resolve(answer.url);
      else reject(new UploadError(answer?.error?.code ?? '', answer?.error?.message ?? `HTTP ${request.status}`));
    };
    request.onerror = () => reject(new UploadError('', 'No answer.'));
    request.onabort = () => reject(new UploadError('', 'Aborted.'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
