/** How deep objects and arrays may lie in each other. Code that walks a value by recursion gets through that anywhere. */
const MAX_DEPTH = 32;

/** Whether the value is an object, and not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The object that somebody sent as JSON. Refused are one that is deeper than 32 and one with keys by which a careless
 * merge changes the prototype of every object (`__proto__`, and `prototype` in a `constructor`): it is passed on.
 * @throws SyntaxError, TypeError or RangeError
 */
export function parseJsonObject(json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json);
  if (!isObject(value)) throw new TypeError('it is not an object');
  checkValue(value, 1);
  return value;
}

function checkValue(value: object, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError('it is too deep');
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (typeof item === 'object' && item !== null) checkValue(item, depth + 1);
    }
    return;
  }
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (key === '__proto__') throw new TypeError('it has a key __proto__');
    if (typeof member !== 'object' || member === null) continue;
    if (key === 'constructor' && Object.hasOwn(member, 'prototype')) {
      throw new TypeError('it has a key constructor.prototype');
    }
    checkValue(member, depth + 1);
  }
}
