import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { ScriptoriumError } from '../../protocol/index.ts';
import { RefusalLog } from '../../server/refusal-log.ts';

test('of each code there is one line a second, with the number of those left out; all errors of the server are there', () => {
  const lines: { code: string; leftOut?: number }[] = [];
  const log = new RefusalLog(pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }));
  vi.useFakeTimers();
  try {
    const note = (code: 'HELLO_TIMEOUT' | 'MALFORMED_MESSAGE' | 'INTERNAL', times: number) => {
      for (let i = 0; i < times; i++) log.note(new ScriptoriumError(code, 'why'), { document: 'd' }, 'refused');
    };
    note('HELLO_TIMEOUT', 1_000);
    note('MALFORMED_MESSAGE', 2);
    note('INTERNAL', 3);
    vi.advanceTimersByTime(1_000);
    note('HELLO_TIMEOUT', 2);
    expect(lines.map(({ code, leftOut }) => [code, leftOut])).toEqual([
      ['HELLO_TIMEOUT', undefined],
      ['MALFORMED_MESSAGE', undefined],
      ['INTERNAL', undefined],
      ['INTERNAL', undefined],
      ['INTERNAL', undefined],
      ['HELLO_TIMEOUT', 999],
    ]);
  } finally {
    vi.useRealTimers();
  }
});
