import { describe, expect, test } from 'vitest';
import { parseJsonObject } from '../../protocol/index.ts';

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const list = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

test('what is an ordinary object is taken as JSON.parse gives it', () => {
  for (const json of [
    '{}',
    '{"a":[1,{"b":null}]}',
    nested(32),
    list(31),
    '{"constructor":1,"prototype":2}',
    '{"x":"__proto__"}',
  ]) {
    expect(parseJsonObject(json)).toEqual(JSON.parse(json));
  }
});

describe('refused is', () => {
  test.each([
    ['what is no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['an array', '[]'],
    ['a text', '"{}"'],
    ['an object that is too deep', nested(33)],
    ['one with lists that are too deep', list(32)],
    ['one that is so deep that recursion would end', list(200_000)],
    ['one with a prototype', '{"__proto__":{"admin":true}}'],
    ['one with a prototype far inside', '{"a":[{"b":{"__proto__":1}}]}'],
    ['one with a prototype that is spelled otherwise', '{"\\u005f_proto__":{}}'],
    ["one with its constructor's prototype", '{"constructor":{"prototype":{"admin":true}}}'],
  ])('%s', (_, json) => {
    expect(() => parseJsonObject(json)).toThrow();
  });
});
