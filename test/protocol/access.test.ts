import { expect, test } from 'vitest';
import { ACCESSES, allows, isAccess } from '../../protocol/index.ts';

test('each access allows what it is and all below it, and nothing above', () => {
  for (const [i, access] of ACCESSES.entries()) {
    for (const [j, needed] of ACCESSES.entries())
      expect([access, needed, allows(access, needed)]).toEqual([access, needed, j <= i]);
  }
});

test.each(['READ', 'owner', '', 'constructor', null, undefined, 1, ['read']])('%j is no access', (value) => {
  expect(isAccess(value)).toBe(false);
});
