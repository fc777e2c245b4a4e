import * as Y from 'yjs';

type Type = Exclude<Y.Item['parent'], Y.ID | null>;

/**
 * Has what is undone say where it stands. Yjs' `UndoManager` writes what was deleted anew, and looks for the places of its
 * neighbours in what else it wrote anew. Of text that was deleted and restored before, it may take the same letter for both
 * neighbours, or one for the left that is right of the other. Where such an item ends up depends on what a peer has
 * already: the documents of two people would differ for good. So before anybody is told, each says which two letters it
 * stands between here.
 */
export function keepUndonePlaces(doc: Y.Doc): void {
  doc.on('afterTransaction', ({ origin, beforeState }) => {
    if (!(origin instanceof Y.UndoManager)) return;
    const since = beforeState.get(doc.clientID) ?? 0;
    const types = new Set<Type>();
    for (const struct of newestFirst(doc)) {
      if (struct.id.clock < since) break;
      if (struct instanceof Y.Item && struct.parentSub === null && isType(struct.parent)) types.add(struct.parent);
    }
    for (const type of types) {
      const items = itemsOf(type);
      const age = ({ id }: Y.Item): number => (id.client === doc.clientID && id.clock >= since ? id.clock : -1);
      tellNeighbours(items, age, (item, left) => {
        item.origin = left?.lastId ?? null;
      });
      tellNeighbours(items.reverse(), age, (item, right) => {
        item.rightOrigin = right?.id ?? null;
      });
    }
  });
}

function* newestFirst({ store, clientID }: Y.Doc): Iterable<Y.Item | Y.GC | Y.Skip> {
  const structs = store.clients.get(clientID) ?? [];
  for (let i = structs.length - 1; i >= 0; i--) {
    const struct = structs[i];
    if (struct) yield struct;
  }
}

function isType(parent: Y.Item['parent']): parent is Type {
  return parent !== null && '_start' in parent;
}

function itemsOf({ _start }: Type): Y.Item[] {
  const items: Y.Item[] = [];
  for (let item = _start; item !== null; item = item.right) items.push(item);
  return items;
}

/**
 * For each new item, what stood before it in this order when it was put there: the nearest that is older.
 * @param age the higher, the newer; below 0 for what was there before
 */
function tellNeighbours(
  items: readonly Y.Item[],
  age: (item: Y.Item) => number,
  tell: (item: Y.Item, before: Y.Item | undefined) => void,
): void {
  /** Those before, each older than the next. */
  const before: Y.Item[] = [];
  for (const item of items) {
    const own = age(item);
    for (let last = before.at(-1); last && age(last) >= 0 && age(last) > own; last = before.at(-1)) before.pop();
    if (own >= 0) tell(item, before.at(-1));
    before.push(item);
  }
}
