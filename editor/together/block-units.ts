import * as Y from 'yjs';

/** A letter of a block, or what stands in the text like one. */
export interface Unit {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
  /** It was in the block before the transaction; else it came with it, and went with it. */
  readonly wasThere: boolean;
}

/** A block that a transaction deleted, with all that was in its text. */
export interface GoneBlock {
  readonly element: Y.XmlElement;
  readonly units: readonly Unit[];
}

/** The blocks with text that a transaction deleted, with what was in them before it, and what came only to go with them. */
export function goneBlocks(transaction: Y.Transaction): GoneBlock[] {
  const gone: GoneBlock[] = [];
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    const element =
      struct instanceof Y.Item && struct.content instanceof Y.ContentType ? struct.content.type : undefined;
    if (!(element instanceof Y.XmlElement) || isNew(transaction, struct.id)) return;
    const units = unitsOf(element, (item) => {
      if (isNew(transaction, item.id)) return item.deleted ? 'came' : undefined;
      return Y.isDeleted(transaction.deleteSet, item.id) ? 'was' : undefined;
    });
    if (units) gone.push({ element, units });
  });
  return gone;
}

/** The blocks with text that are new and still there, with what is in them. */
export function writtenBlocks(transaction: Y.Transaction): Map<Y.XmlElement, string[]> {
  const written = new Map<Y.XmlElement, string[]>();
  const visit = (parent: Y.XmlFragment): void => {
    for (const child of parent.toArray()) {
      if (!(child instanceof Y.XmlElement) || !child._item || !isNew(transaction, child._item.id)) continue;
      const units = unitsOf(child, (item) => (item.deleted ? undefined : 'was'));
      if (!units) visit(child);
      else
        written.set(
          child,
          units.map(({ text }) => text),
        );
    }
  };
  for (const type of transaction.changed.keys()) {
    if (type instanceof Y.XmlFragment && !type._item?.deleted) visit(type);
  }
  return written;
}

function isNew({ beforeState }: Y.Transaction, { client, clock }: Y.ID): boolean {
  return clock >= (beforeState.get(client) ?? 0);
}

/** What an element has of text, by those items that `isIn` takes; undefined when it has none in it, as a list. */
function unitsOf(element: Y.XmlElement, isIn: (item: Y.Item) => 'was' | 'came' | undefined): Unit[] | undefined {
  const units: Unit[] = [];
  let hasText = false;
  const add = (item: Y.Item, texts: Iterable<string>): void => {
    const state = isIn(item);
    if (state === undefined) return;
    let { clock } = item.id;
    for (const text of texts) units.push({ client: item.id.client, clock: clock++, text, wasThere: state === 'was' });
  };
  for (let item = element._start; item; item = item.right) {
    const type = item.content instanceof Y.ContentType ? item.content.type : undefined;
    if (type instanceof Y.XmlText) {
      if (isIn(item) === undefined) continue;
      hasText = true;
      for (let part = type._start; part; part = part.right) {
        if (part.content instanceof Y.ContentString) add(part, part.content.str.split(''));
        else if (part.content instanceof Y.ContentEmbed) add(part, ['\ufffc']);
      }
    } else if (type instanceof Y.XmlElement) add(item, [`<${type.nodeName}>`]);
  }
  return hasText ? units : undefined;
}
