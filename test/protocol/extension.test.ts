import { describe, expect, test } from 'vitest';
import { parseEvent, parseHello, parseRefusal, parseToken, parseWelcome } from '../../protocol/extension.ts';
import { errorCode } from '../support/error-code.ts';

const NOT_OBJECTS = ['', ' ', '{', 'nope', '1', '"a"', 'true', 'null', '[]', '[{}]', '{} {}', '\uFEFF{}'];

describe.each([
  { name: 'hello', parse: parseHello },
  { name: 'welcome', parse: parseWelcome },
  { name: 'refusal', parse: parseRefusal },
  { name: 'event', parse: parseEvent },
  { name: 'token', parse: parseToken },
])('a $name', ({ parse }) => {
  test.each([...NOT_OBJECTS, '{}'])('is not %j', (json) => {
    expect(errorCode(() => parse(json))).toBe('MALFORMED_MESSAGE');
  });

  test('that is nested a million deep is refused, not a stack overflow', () => {
    expect(errorCode(() => parse('['.repeat(1_000_000)))).toBe('MALFORMED_MESSAGE');
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expect(errorCode(() => parse(deep))).toBe('MALFORMED_MESSAGE');
  });

  test('takes nothing from an object that claims to be the prototype', () => {
    const json =
      '{"__proto__": {"protocol": 1, "code": "a", "message": "b", "retry": true, "type": "t", "token": "t"}}';
    expect(errorCode(() => parse(json))).toBe('MALFORMED_MESSAGE');
  });
});

describe('parseHello', () => {
  test('takes a hello with everything', () => {
    const hello = { protocol: 1, token: 'secret', schema: 4, resume: { epoch: 'e', seq: 3 } };
    expect(parseHello(JSON.stringify(hello))).toEqual(hello);
  });

  test('takes one with nothing but the protocol, and leaves out what is not there', () => {
    expect(Object.keys(parseHello('{"protocol":1}'))).toEqual(['protocol']);
  });

  test('passes over what it does not know, so that newer clients can say more', () => {
    expect(parseHello('{"protocol":2,"future":[1],"resume":{"epoch":"e","seq":0,"more":1}}')).toEqual({
      protocol: 2,
      resume: { epoch: 'e', seq: 0 },
    });
  });

  test.each([
    '{"protocol":"1"}',
    '{"protocol":1.5}',
    '{"protocol":-1}',
    '{"protocol":1e999}',
    '{"protocol":9007199254740993}',
    '{"protocol":null}',
    '{"protocol":1,"token":1}',
    '{"protocol":1,"token":null}',
    '{"protocol":1,"schema":"1"}',
    '{"protocol":1,"resume":null}',
    '{"protocol":1,"resume":[]}',
    '{"protocol":1,"resume":"e"}',
    '{"protocol":1,"resume":{"epoch":"e"}}',
    '{"protocol":1,"resume":{"seq":1}}',
    '{"protocol":1,"resume":{"epoch":1,"seq":1}}',
    '{"protocol":1,"resume":{"epoch":"e","seq":-1}}',
    '{"protocol":1,"resume":{"epoch":"e","seq":0.5}}',
    '{"protocol":1,"resume":{"epoch":"e","seq":"1"}}',
  ])('refuses %s', (json) => {
    expect(errorCode(() => parseHello(json))).toBe('MALFORMED_MESSAGE');
  });

  test('says what is wrong without repeating a token', () => {
    expect(() => parseHello('{"protocol":1,"token":["secret"]}')).toThrow(/^(?!.*secret).*hello\.token/);
  });
});

describe('parseWelcome', () => {
  const welcome = {
    protocol: 1,
    epoch: 'e',
    seq: 3,
    access: 'write',
    user: { id: 'u', name: 'Ada' },
    limits: { maxMessageBytes: 16, heartbeatMs: 5 },
  };
  const changed = (change: object): string => JSON.stringify({ ...welcome, ...change });

  test('takes a welcome with everything', () => {
    expect(parseWelcome(JSON.stringify(welcome))).toEqual(welcome);
  });

  test.each(['none', 'read', 'comment', 'write', 'admin'])('takes the access %s', (access) => {
    expect(parseWelcome(changed({ access })).access).toBe(access);
  });

  test('takes a user without a name, and none at all', () => {
    expect(parseWelcome(changed({ user: { id: 'u' } })).user).toEqual({ id: 'u' });
    expect(parseWelcome(changed({ user: null })).user).toBeNull();
    expect(parseWelcome(changed({ user: undefined })).user).toBeNull();
  });

  test.each([
    { protocol: 'one' },
    { epoch: 1 },
    { epoch: undefined },
    { seq: -1 },
    { seq: 2 ** 53 },
    { access: 'all' },
    { access: undefined },
    { user: 'u' },
    { user: {} },
    { user: { id: 1 } },
    { limits: undefined },
    { limits: [] },
    { limits: { maxMessageBytes: 1 } },
    { limits: { maxMessageBytes: 1, heartbeatMs: '5' } },
    { limits: { maxMessageBytes: null, heartbeatMs: 5 } },
  ])('refuses one with %j', (change) => {
    expect(errorCode(() => parseWelcome(changed(change)))).toBe('MALFORMED_MESSAGE');
  });
});

describe('parseRefusal', () => {
  test('takes a refusal, and only what belongs to one', () => {
    expect(parseRefusal('{"code":"a","message":"b","retry":false,"more":1}')).toEqual({
      code: 'a',
      message: 'b',
      retry: false,
    });
  });

  test.each([
    '{"code":"a","message":"b"}',
    '{"code":"a","retry":true}',
    '{"message":"b","retry":true}',
    '{"code":1,"message":"b","retry":true}',
    '{"code":"a","message":null,"retry":true}',
    '{"code":"a","message":"b","retry":1}',
  ])('refuses %s', (json) => {
    expect(errorCode(() => parseRefusal(json))).toBe('MALFORMED_MESSAGE');
  });
});

describe('parseEvent', () => {
  test('takes an event with all that it says', () => {
    expect(parseEvent('{"type":"title","title":"T","at":1}')).toEqual({ type: 'title', title: 'T', at: 1 });
  });

  test.each(['{"type":1}', '{"type":null}', '{"title":"T"}'])('refuses %s', (json) => {
    expect(errorCode(() => parseEvent(json))).toBe('MALFORMED_MESSAGE');
  });
});
