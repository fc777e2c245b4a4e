/**
 * The version of the schema. It grows by one when nodes, marks or attributes are added or mean something else: whoever has
 * an older page open is then told to reload instead of writing without them.
 */
export const SCHEMA_VERSION = 2;
