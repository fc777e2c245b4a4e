import { describe, expect, test } from 'vitest';
import { asScriptoriumError, ERRORS, type ErrorCode, ScriptoriumError, wireCode } from '../../protocol/index.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

describe.each(codes)('%s', (code) => {
  const { http, close, retry } = ERRORS[code];

  test('has an HTTP status that says it is an error', () => {
    expect(http).toBeGreaterThanOrEqual(400);
    expect(http).toBeLessThan(600);
  });

  test('has a close code that a WebSocket may be closed with', () => {
    const allowed = [1011, 1012, 1013].includes(close) || (close >= 4000 && close <= 4999);
    expect([close, allowed]).toEqual([close, true]);
  });

  test('tells a client to come back with its close code exactly when trying again can help', () => {
    const comesBack = [1011, 1012, 1013, 4401, 4408, 4429].includes(close);
    expect(retry).toBe(comesBack);
  });

  test('is the fault of the client when trying again does not help, else of the server, of time or of a token', () => {
    expect([http, retry]).toEqual([http, http >= 500 || [401, 408, 429].includes(http)]);
  });

  test('is spelled on the wire in lower case with dashes, short enough for a close reason', () => {
    expect(wireCode(code)).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(wireCode(code).length).toBeLessThanOrEqual(123);
    expect(wireCode(code).toUpperCase().replaceAll('-', '_')).toBe(code);
  });
});

test('wireCode spells STORE_UNAVAILABLE as store-unavailable', () => {
  expect(wireCode('STORE_UNAVAILABLE')).toBe('store-unavailable');
});

test('a ScriptoriumError keeps its code and its cause', () => {
  const cause = new Error('why');
  const error = new ScriptoriumError('STORE_LOCKED', 'message', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'ScriptoriumError', code: 'STORE_LOCKED', message: 'message', cause });
});

describe('asScriptoriumError', () => {
  test('leaves a ScriptoriumError as it is', () => {
    const error = new ScriptoriumError('NOT_FOUND', 'nothing');
    expect(asScriptoriumError(error)).toBe(error);
  });

  test.each([[new TypeError('secret path')], ['thrown text'], [undefined], [null]])(
    'makes INTERNAL of %s, and tells nobody but its cause',
    (thrown) => {
      const error = asScriptoriumError(thrown);
      expect(error.code).toBe('INTERNAL');
      expect(error.message).toBe('Internal error.');
      expect(error.cause).toBe(thrown);
    },
  );
});
