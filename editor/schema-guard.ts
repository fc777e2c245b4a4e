import type { Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { isTooLarge, tableAround } from './schema/table-size.ts';
import { markName, type TextPart, unknownAttribute } from './stored-attributes.ts';

/** Something in a document that the editor's schema has no name for. */
export interface UnknownContent {
  readonly kind: 'node' | 'mark' | 'attribute';
  /** Its name; of an attribute with the name of the node or mark in front: `heading.number`. */
  readonly name: string;
}

const TOO_LARGE: UnknownContent = { kind: 'attribute', name: 'table.size' };

/**
 * Looks for what a schema does not know. The binding between Yjs and ProseMirror deletes such a node, the whole text
 * that such a mark is on, and such an attribute as soon as its node is changed: it must not get to see any of them.
 */
export class SchemaGuard {
  readonly #fragment: Y.XmlFragment;
  readonly #schema: Schema;
  /** Elements that have been looked at: what is new in them is told by their parent or by themselves. */
  #seen = new WeakSet<object>();

  constructor(fragment: Y.XmlFragment, schema: Schema) {
    this.#fragment = fragment;
    this.#schema = schema;
  }

  /** Looks through all of it. */
  findAnywhere(): UnknownContent | undefined {
    this.#seen = new WeakSet();
    return this.#findInChildren(this.#fragment);
  }

  /** Looks at what may be new, after these types were changed: the rest has been looked at before. */
  findIn(touched: Iterable<object>): UnknownContent | undefined {
    for (const type of touched) {
      if (!this.#isInside(type)) continue;
      const found = type === this.#fragment ? this.#findInChildren(this.#fragment) : this.#findInType(type);
      if (found) return found;
      const table = type instanceof Y.XmlElement ? tableAround(type) : undefined;
      if (table && isTooLarge(table)) return TOO_LARGE;
    }
    return undefined;
  }

  #findInType(type: unknown): UnknownContent | undefined {
    if (type instanceof Y.XmlText) return this.#findInText(type);
    if (!(type instanceof Y.XmlElement)) return { kind: 'node', name: nameOf(type) };
    const known = this.#schema.nodes[type.nodeName];
    if (known === undefined) return { kind: 'node', name: type.nodeName };
    this.#seen.add(type);
    const attribute = unknownAttribute(known.spec.attrs, type.getAttributes());
    if (attribute !== undefined) return { kind: 'attribute', name: `${type.nodeName}.${attribute}` };
    // Behind what is in it, so that its spans are numbers.
    return this.#findInChildren(type) ?? (type.nodeName === 'table' && isTooLarge(type) ? TOO_LARGE : undefined);
  }

  #findInChildren(parent: Y.XmlFragment): UnknownContent | undefined {
    // Not `toArray()`: a long document has thousands, and nearly all have been seen.
    for (let child = parent.firstChild as unknown; child !== null; child = nextOf(child)) {
      if (this.#seen.has(child as object)) continue;
      const found = this.#findInType(child);
      if (found) return found;
    }
    return undefined;
  }

  #findInText(text: Y.XmlText): UnknownContent | undefined {
    if (isPlain(text)) {
      this.#seen.add(text);
      return undefined;
    }
    for (const { insert, attributes = {} } of text.toDelta() as TextPart[]) {
      if (typeof insert !== 'string') return { kind: 'node', name: nameOf(insert) };
      for (const [key, value] of Object.entries(attributes)) {
        const name = markName(key);
        const known = this.#schema.marks[name];
        if (known === undefined) return { kind: 'mark', name };
        const attribute = unknownAttribute(known.spec.attrs, value);
        if (attribute !== undefined) return { kind: 'attribute', name: `${name}.${attribute}` };
      }
    }
    this.#seen.add(text);
    return undefined;
  }

  #isInside(type: object): boolean {
    for (let at: unknown = type; at instanceof Y.AbstractType; at = at._item?.parent) {
      if (at === this.#fragment) return true;
      if (at._item?.deleted) return false;
    }
    return false;
  }
}

/** Whether there has never been anything but characters in it: so it is with most, and quickly seen. */
function isPlain(text: Y.XmlText): boolean {
  for (let item = text._start; item !== null; item = item.right) {
    const { content } = item;
    if (!(content instanceof Y.ContentString || content instanceof Y.ContentDeleted)) return false;
  }
  return true;
}

function nextOf(child: unknown): unknown {
  return child instanceof Y.XmlElement || child instanceof Y.XmlText ? child.nextSibling : null;
}

function nameOf(value: unknown): string {
  return value instanceof Y.XmlHook ? value.hookName : typeof value === 'object' ? 'object' : String(value);
}
