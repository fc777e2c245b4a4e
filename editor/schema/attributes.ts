import type { Attribute } from '@tiptap/core';

/** What a value of an attribute means; undefined when it means nothing. Anybody may have written anything. */
export type Read<T> = (value: unknown) => T | undefined;

interface AttributeOptions<T> {
  readonly default: T | null;
  readonly read: Read<T>;
  /** Where it stands in HTML. Default: `data-` and its name. */
  readonly html?: string;
  /** Whether the part behind a split has it too. Default: true. */
  readonly keepOnSplit?: boolean;
  /** Whether a document with another value is not to be edited: code that works with it would fail or never end. */
  readonly strict?: boolean;
}

/** An attribute that is read with care wherever it comes from: what means nothing is the default. */
export function attribute<T>(name: string, options: AttributeOptions<T>): Record<string, Attribute> {
  const { read, html = `data-${name}`, keepOnSplit = true } = options;
  return {
    [name]: {
      default: options.default,
      keepOnSplit,
      parseHTML: (element) => read(element.getAttribute(html)) ?? options.default,
      renderHTML: (attributes) => {
        const value = read(attributes[name]);
        return value === undefined || value === options.default ? {} : { [html]: String(value) };
      },
      ...(options.strict && { validate: strictly(name, options.default, read) }),
    },
  };
}

/** Checks a value that must mean what it says: a number is not a string of digits. */
export function strictly(name: string, ordinary: unknown, read: Read<unknown>): (value: unknown) => void {
  return (value) => {
    if (value === ordinary || (typeof value !== 'string' && read(value) !== undefined)) return;
    throw new RangeError(`${name} has no such value`);
  };
}

/** A whole number within bounds, also as digits, as HTML has it. */
export function wholeNumber(min: number, max: number): Read<number> {
  return (value) => {
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    return Number.isInteger(number) && (number as number) >= min && (number as number) <= max
      ? (number as number)
      : undefined;
  };
}

/** One of some words. */
export function oneOf<T extends string>(words: readonly T[]): Read<T> {
  return (value) => words.find((word) => word === value);
}

/** Some text, cut where it is too long for what it is for. */
export function text(maxLength: number): Read<string> {
  return (value) => (typeof value === 'string' && value !== '' ? value.slice(0, maxLength) : undefined);
}

/** A short name without spaces, such as `c++` or `objective-c`. */
export const token: Read<string> = (value) =>
  typeof value === 'string' && /^[\w.+#-]{1,40}$/.test(value) ? value : undefined;
