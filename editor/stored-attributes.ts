import type { AttributeSpec } from '@tiptap/pm/model';

/** Two marks of one type that may overlap are told apart by a hash behind the name. */
const HASH = /--[a-zA-Z0-9+/=]{8}$/;
/** The binding's own, for showing versions; never in a schema. */
const RESERVED = 'ychange';

type AttributeSpecs = Readonly<Record<string, AttributeSpec>>;

/** A run of text as `Y.XmlText` gives it: marks by their name, with their attributes. */
export interface TextPart {
  /** A string; anything else was put there by something that is not this editor. */
  readonly insert: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The mark's name in the schema, of the name in the shared text. */
export function markName(key: string): string {
  return key.replace(HASH, '');
}

/** The attributes that a schema knows (`spec` is a node's or mark's `spec.attrs`), of those in the shared document. */
export function knownAttributes(spec: object | null | undefined, stored: unknown): Record<string, unknown> {
  return Object.fromEntries(attributesOf(stored).filter(([name]) => spec && Object.hasOwn(spec, name)));
}

/** The name of the first attribute that a schema does not know, or with a value that it must not have. */
export function unknownAttribute(spec: AttributeSpecs | null | undefined, stored: unknown): string | undefined {
  return attributesOf(stored).find(
    ([name, value]) => !spec || !Object.hasOwn(spec, name) || !isValid(spec[name], value),
  )?.[0];
}

/** As ProseMirror does when it makes a node: where it throws, the binding deletes what it could not make. */
function isValid(spec: AttributeSpec | undefined, value: unknown): boolean {
  const { validate } = spec ?? {};
  if (validate === undefined) return true;
  if (typeof validate === 'string') return validate.split('|').includes(value === null ? 'null' : typeof value);
  try {
    validate(value);
    return true;
  } catch {
    return false;
  }
}

/** Those that say something. A mark without attributes is stored as `{}`, or as `true` by other bindings. */
function attributesOf(stored: unknown): [string, unknown][] {
  if (typeof stored !== 'object' || stored === null) return [];
  return Object.entries(stored).filter(([name, value]) => value !== null && value !== undefined && name !== RESERVED);
}
