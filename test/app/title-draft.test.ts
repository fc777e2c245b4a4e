import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTitleDraft } from '../../app/title-draft.ts';

/** A server whose answers come when the test says so. */
function createServer() {
  const requests: { title: string; take(): Promise<void>; fail(): Promise<void> }[] = [];
  const save = (title: string): Promise<void> =>
    new Promise((resolve, reject) => {
      requests.push({
        title,
        take: async () => resolve(),
        fail: async () => reject(new Error('no connection')),
      });
    });
  return { requests, save };
}

describe('a title that is being edited', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is sent once typing pauses, and is pending until it was taken', async () => {
    const { requests, save } = createServer();
    const onChange = vi.fn();
    const title = createTitleDraft({ title: '' }, save, onChange);
    title.edit('A');
    title.edit('AB');
    expect(title.value).toBe('AB');
    expect(title.pending).toBe(true);
    await vi.advanceTimersByTimeAsync(400);
    expect(requests.map((request) => request.title)).toEqual(['AB']);
    expect(title.pending).toBe(true);
    await requests[0]?.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(title.pending).toBe(false);
    expect(onChange).toHaveBeenCalledTimes(3);
  });

  it('is sent one at a time, the newest last', async () => {
    const { requests, save } = createServer();
    const title = createTitleDraft({ title: '' }, save, () => {});
    title.edit('A');
    title.flush();
    title.edit('B');
    title.edit('C');
    title.flush();
    await vi.advanceTimersByTimeAsync(1000);
    expect(requests.map((request) => request.title)).toEqual(['A']);
    await requests[0]?.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(requests.map((request) => request.title)).toEqual(['A', 'C']);
    expect(title.pending).toBe(true);
  });

  it('is sent again until it is taken', async () => {
    const { requests, save } = createServer();
    const title = createTitleDraft({ title: '' }, save, () => {});
    title.edit('A');
    title.flush();
    await requests[0]?.fail();
    await vi.advanceTimersByTimeAsync(3000);
    expect(requests.length).toBe(2);
    await requests[1]?.take();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(requests.length).toBe(2);
    expect(title.pending).toBe(false);
  });

  it('shows what others write, but not over what one is typing', async () => {
    const { requests, save } = createServer();
    const title = createTitleDraft({ title: 'first' }, save, () => {});
    title.receive('theirs');
    expect(title.value).toBe('theirs');
    title.edit('mine');
    title.receive('theirs again');
    expect(title.value).toBe('mine');
    title.flush();
    await requests[0]?.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(title.value).toBe('mine');
  });
});
