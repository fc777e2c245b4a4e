import { type Access, type Closed, DOCUMENT_REPLACED, type SavedState, type Status } from '../client/index.ts';
import type { Messages } from './messages/index.ts';
import { describeClosed } from './save-state.ts';

/** What is known about the connection, the person's rights and this device. */
export interface BannerFacts {
  readonly status: Status;
  /** Whether there has been no connection for so long that it has to be said. */
  readonly isOverdue: boolean;
  /** Seconds until the next attempt to connect; undefined while one is under way. */
  readonly retryInS: number | undefined;
  /** Whether the document's content is here. */
  readonly ready: boolean;
  readonly access: Access | undefined;
  readonly closed: Closed | undefined;
  readonly saved: SavedState;
}

/** What the person can do about it. */
export type BannerAction = 'retry' | 'copy' | 'discard' | 'put-back' | 'dismiss';

/** What has to be said across the editor. */
export interface BannerContent {
  readonly kind: 'offline' | 'stopped' | 'reading' | 'device';
  readonly text: string;
  /** What changes every second, and so is not read out. */
  readonly countdown?: string;
  readonly actions: readonly BannerAction[];
}

/** The most important of what there is to say, if anything. */
export function describeBanner(facts: BannerFacts, messages: Messages): BannerContent | undefined {
  const { closed, access, ready, saved } = facts;
  if (closed) return stopped(closed, facts, messages);
  if (facts.status !== 'synced' && facts.isOverdue) return offline(facts, messages);
  if (access === 'none' || access === 'read' || access === 'comment') {
    const text = access === 'none' ? messages.banner.noAccess : messages.banner.readOnly;
    const actions: BannerAction[] = saved.saved ? ['dismiss'] : ['copy', 'dismiss'];
    return { kind: 'reading', text: sentences(text, unsent(saved, messages)), actions };
  }
  if (ready && saved.trouble) {
    const text = {
      forbidden: messages.banner.storageForbidden,
      full: messages.banner.storageFull,
      failed: messages.banner.storageFailed,
    }[saved.trouble];
    return { kind: 'device', text, actions: ['dismiss'] };
  }
  return undefined;
}

function stopped(closed: Closed, { ready, saved }: BannerFacts, messages: Messages): BannerContent | undefined {
  // Of a newer schema the editor says itself what is to be done.
  if (closed.code === 4409) return undefined;
  const actions: BannerAction[] = ready ? ['copy'] : [];
  if (closed.code === 4401) actions.push('retry');
  if (closed.reason === DOCUMENT_REPLACED) actions.push('put-back', 'discard');
  return { kind: 'stopped', text: sentences(describeClosed(closed, messages), unsent(saved, messages)), actions };
}

function offline({ ready, saved, retryInS }: BannerFacts, messages: Messages): BannerContent {
  const { unsavedChanges, kept } = saved;
  const changes =
    unsavedChanges === 0
      ? ''
      : kept
        ? messages.banner.kept({ count: unsavedChanges })
        : messages.banner.notKept({ count: unsavedChanges });
  return {
    kind: 'offline',
    text: ready ? sentences(messages.banner.noConnection, changes) : messages.banner.neverHere,
    countdown: retryInS === undefined ? messages.banner.tryingNow : messages.banner.nextAttempt({ seconds: retryInS }),
    actions: ['retry'],
  };
}

function unsent({ unsavedChanges, kept }: SavedState, messages: Messages): string {
  if (unsavedChanges === 0) return '';
  return kept
    ? messages.banner.unsent({ count: unsavedChanges })
    : messages.banner.unsentNotKept({ count: unsavedChanges });
}

function sentences(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}
