import { describe, expect, it } from 'vitest';
import { type BannerFacts, describeBanner } from '../../editor/banner-content.ts';
import { languages } from '../../editor/messages/index.ts';
import { describeSave, type SaveFacts } from '../../editor/save-state.ts';

const { messages } = await languages.find();

const facts: SaveFacts = { status: 'synced', saved: true, unsavedChanges: 0, kept: true };
const say = (differing: Partial<SaveFacts>): string => describeSave({ ...facts, ...differing }, messages).text;

describe('the save state in words', () => {
  it('says "Saved" when connected and all is acknowledged, and in no other case', () => {
    const said = (['connecting', 'synced', 'offline'] as const).flatMap((status) =>
      [true, false].flatMap((saved) =>
        [true, false].flatMap((kept) =>
          [undefined, 'No room'].map((refusal) => ({
            ...{ status, saved, refusal },
            text: say({ status, saved, kept, refusal, unsavedChanges: saved ? 0 : 2 }),
          })),
        ),
      ),
    );
    const saved = said.filter(({ text }) => text === 'Saved');
    expect(saved.length).toBe(4);
    expect(saved.every(({ status, saved }) => status === 'synced' && saved)).toBe(true);
  });

  it('counts what is kept on this device, and never says so of what is not', () => {
    expect(say({ status: 'offline' })).toBe('Offline: all changes are saved');
    const waiting = { status: 'offline', saved: false, unsavedChanges: 12 } as const;
    expect(say({ ...waiting, kept: true })).toBe('Offline: kept on this device (12 changes)');
    expect(say({ ...waiting, kept: true, unsavedChanges: 1 })).toBe('Offline: kept on this device (1 change)');
    expect(say({ ...waiting, kept: false })).toBe('Not saved: offline, and only in this page (12 changes)');
    expect(say({ saved: false, unsavedChanges: 1 })).toBe('Saving...');
  });

  it('gives the reason where the server wants nothing', () => {
    const refusal = 'you are not signed in';
    expect(say({ status: 'offline', saved: false, unsavedChanges: 1, refusal })).toBe(
      'Not saved: you are not signed in',
    );
    expect(say({ status: 'offline', refusal })).toBe('Disconnected: you are not signed in');
  });
});

describe('the banner', () => {
  const calm: BannerFacts = {
    status: 'synced',
    isOverdue: false,
    retryInS: undefined,
    ready: true,
    access: 'write',
    closed: undefined,
    saved: { saved: true, unsavedChanges: 0, kept: true },
  };
  const show = (differing: Partial<BannerFacts>) => describeBanner({ ...calm, ...differing }, messages);

  it('is silent when all is well, and when the connection is gone for a moment', () => {
    expect(show({})).toBeUndefined();
    expect(show({ status: 'offline' })).toBeUndefined();
  });

  it('says where the changes are, and what can be done', () => {
    const offline = { status: 'offline', isOverdue: true, retryInS: 4 } as const;
    expect(show(offline)).toEqual({
      kind: 'offline',
      text: 'There is no connection to the server.',
      countdown: 'Next attempt in 4 s.',
      actions: ['retry'],
    });
    const unsaved = { saved: false, unsavedChanges: 3 };
    expect(show({ ...offline, saved: { ...unsaved, kept: true } })?.text).toContain('kept on this device (3 changes)');
    expect(show({ ...offline, saved: { ...unsaved, kept: false } })?.text).toContain('3 changes are nowhere else');
    expect(show({ ...offline, ready: false })?.text).toContain('has not been opened on this device before');
  });

  it('says why nothing can be written, and lets the text be copied', () => {
    const saved = { saved: false, unsavedChanges: 2, kept: true };
    expect(show({ access: 'read', saved })).toEqual({
      kind: 'reading',
      text: 'You can read this document, but not change it. 2 changes of yours were not sent; this device keeps them.',
      actions: ['copy', 'dismiss'],
    });
    const actionsOf = (code: number, reason: string) => show({ closed: { code, reason } })?.actions;
    expect(actionsOf(4401, 'unauthorized')).toEqual(['copy', 'retry']);
    expect(actionsOf(4403, 'forbidden')).toEqual(['copy']);
    expect(actionsOf(4404, 'document-replaced')).toEqual(['copy', 'put-back', 'discard']);
    expect(actionsOf(4409, 'schema-outdated')).toBeUndefined();
  });

  it('says that this device keeps nothing, once the document is here', () => {
    const saved = { saved: true, unsavedChanges: 0, kept: true, trouble: 'full' } as const;
    expect(show({ saved })?.text).toContain('full');
    expect(show({ saved, ready: false })).toBeUndefined();
  });

  it('is written in German where it is asked for', async () => {
    const { messages } = await languages.find('de');
    const german = describeBanner({ ...calm, access: 'read' }, messages);
    expect(german?.text).toBe('Du kannst dieses Dokument lesen, aber nicht ändern.');
  });
});
