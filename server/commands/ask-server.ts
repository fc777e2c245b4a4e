/**
 * Asks the HTTP API of a server that runs.
 * @throws Error that says what the server answered, or that none answers
 */
export async function askServer(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url + path, init);
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
