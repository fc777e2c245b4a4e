import * as Y from 'yjs';

/** Below this, splitting one by one is as quick, in bytes of an update. */
const LARGE_BYTES = 8 * 1024;

/** Where structs are to be split: for each client the clocks that shall begin one. */
export type SplitPoints = Map<number, number[]>;

/**
 * Splits structs at many places at once. Yjs puts each half into the list of all structs of its client by itself, which
 * moves all those behind it: ten thousand words of a long document take seconds. Here the list is made anew, once.
 */
export function splitStructs(transaction: Y.Transaction, points: SplitPoints): void {
  const { clients } = transaction.doc.store;
  for (const [client, unsorted] of points) {
    const structs = clients.get(client);
    if (!structs) continue;
    const clocks = unsorted.sort((a, b) => a - b);
    const next: typeof structs = [];
    let at = 0;
    for (const struct of structs) {
      const { clock } = struct.id;
      while ((clocks[at] ?? Number.POSITIVE_INFINITY) <= clock) at++;
      const halves = [struct];
      if (struct instanceof Y.Item && (clocks[at] ?? Number.POSITIVE_INFINITY) < clock + struct.length) {
        const end = clock + struct.length;
        // For Yjs, these are all structs of the client as long as it splits them.
        clients.set(client, halves);
        for (let point = clocks[at]; point !== undefined && point < end; point = clocks[++at])
          Y.getItemCleanStart(transaction, Y.createID(client, point));
      }
      next.push(...halves);
    }
    clients.set(client, next);
  }
}

/** Applies an update; the same as Yjs, and quicker where it deletes in many places. */
export function applyUpdate(doc: Y.Doc, update: Uint8Array, origin: unknown): void {
  if (update.length < LARGE_BYTES) return Y.applyUpdate(doc, update, origin);
  const points: SplitPoints = new Map();
  for (const [client, ranges] of Y.decodeUpdate(update).ds.clients)
    points.set(
      client,
      ranges.flatMap(({ clock, len }) => [clock, clock + len]),
    );
  doc.transact((transaction) => {
    splitStructs(transaction, points);
    Y.applyUpdate(doc, update, origin);
  }, origin);
}
