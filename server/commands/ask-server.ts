/** Who the command is for the server, where that asks. Not a flag: everybody on the machine sees those. */
const TOKEN_VARIABLE = 'SCRIPTORIUM_TOKEN';

/**
 * Asks the HTTP API of a server that runs, with the token in `SCRIPTORIUM_TOKEN`.
 * @throws Error that says what the server answered, or that none answers
 */
export async function askServer(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  const token = process.env[TOKEN_VARIABLE];
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  try {
    response = await fetch(url + path, { ...init, headers });
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Error(`no server answers at ${url}: ${why}`, { cause });
  }
  if (response.ok) return response;
  throw new Error(`the server at ${url} says: ${messageIn(await response.text()) ?? `status ${response.status}`}`);
}

/** The path of a document's content. */
export function updatePath(document: string): string {
  return `/api/documents/${encodeURIComponent(document)}/update`;
}

/** The message of an error as the API writes it; undefined when something else answers there. */
function messageIn(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const { error } = value as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message : undefined;
  } catch {
    return undefined;
  }
}
