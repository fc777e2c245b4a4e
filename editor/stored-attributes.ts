/** Two marks of one type that may overlap are told apart by a hash behind the name. */
const HASH = /--[a-zA-Z0-9+/=]{8}$/;
/** The binding's own, for showing versions; never in a schema. */
const RESERVED = 'ychange';

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

/** The name of the first attribute that a schema does not know. */
export function unknownAttribute(spec: object | null | undefined, stored: unknown): string | undefined {
  return attributesOf(stored).find(([name]) => !spec || !Object.hasOwn(spec, name))?.[0];
}

/** Those that say something. A mark without attributes is stored as `{}`, or as `true` by other bindings. */
function attributesOf(stored: unknown): [string, unknown][] {
  if (typeof stored !== 'object' || stored === null) return [];
  return Object.entries(stored).filter(([name, value]) => value !== null && value !== undefined && name !== RESERVED);
}
