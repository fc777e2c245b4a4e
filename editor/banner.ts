import { html, nothing, render } from 'lit/html.js';
import { CloudOff, HardDrive, Lock, TriangleAlert } from 'lucide-static';
import type { ScriptoriumProvider } from '../client/index.ts';
import { type BannerAction, type BannerContent, describeBanner } from './banner-content.ts';
import { icon } from './icon.ts';
import type { Messages } from './messages/index.ts';

/** How long there may be no connection before it is said. */
const OVERDUE_MS = 2_000;
const COPIED_MS = 2_000;

const ICONS: Record<BannerContent['kind'], string> = {
  offline: CloudOff,
  stopped: TriangleAlert,
  reading: Lock,
  device: HardDrive,
};

/** What a banner can do. */
export interface BannerActions {
  /** Puts the document's text on the clipboard. False where the browser does not allow that. */
  copy(): Promise<boolean>;
  /** Deletes the copy on this device and opens what the server has under the document's name now. */
  discard(): void;
}

/** Says across the lower edge of the editor what keeps the person from writing, or from what was written being safe. */
export interface Banner {
  readonly element: HTMLElement;
  destroy(): void;
}

/** Watches a provider. What is said moves nothing on the page: it lies above the text. */
export function createBanner(provider: ScriptoriumProvider, messages: Messages, does: BannerActions): Banner {
  const element = document.createElement('div');
  element.className = 'scriptorium-banner-place';
  element.role = 'status';
  let disconnectedAt: number | undefined = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dismissed = '';
  let copied = false;
  let destroyed = false;

  const labels: Record<BannerAction, () => string> = {
    retry: () => messages.banner.retry,
    copy: () => (copied ? messages.banner.copied : messages.banner.copy),
    discard: () => messages.banner.discard,
    'put-back': () => messages.banner.putBack,
    dismiss: () => messages.banner.dismiss,
  };
  const run = (action: BannerAction, text: string): void => {
    switch (action) {
      case 'retry':
        return provider.connect();
      case 'put-back':
        return provider.adopt();
      case 'discard':
        return does.discard();
      case 'copy':
        return void does.copy().then((done) => {
          copied = done;
          draw();
          setTimeout(() => {
            copied = false;
            draw();
          }, COPIED_MS);
        });
      case 'dismiss':
        dismissed = text;
        return draw();
    }
  };

  const draw = (): void => {
    if (destroyed) return;
    clearTimeout(timer);
    const now = Date.now();
    if (provider.synced) disconnectedAt = undefined;
    else disconnectedAt ??= now;
    const withoutMs = disconnectedAt === undefined ? 0 : now - disconnectedAt;
    const retryInMs = provider.nextAttemptAt === undefined ? undefined : Math.max(0, provider.nextAttemptAt - now);
    const content = describeBanner(
      {
        status: provider.status,
        isOverdue: withoutMs >= OVERDUE_MS,
        retryInS: retryInMs === undefined ? undefined : Math.ceil(retryInMs / 1000),
        ready: provider.ready,
        access: provider.access,
        closed: provider.closed,
        saved: provider.savedState,
      },
      messages,
    );
    const shown = content?.text === dismissed ? undefined : content;
    render(shown ? template(shown) : nothing, element);
    // With the next second of the countdown, or when the connection is overdue.
    if (disconnectedAt !== undefined && provider.closed === undefined) {
      const nextMs = withoutMs < OVERDUE_MS ? OVERDUE_MS - withoutMs : ((retryInMs ?? 0) % 1000) + 20;
      timer = setTimeout(draw, nextMs);
    }
  };

  const template = ({ kind, text, countdown, actions }: BannerContent) => html`<div
    class="scriptorium-banner"
    data-kind=${kind}
  >
    ${icon(ICONS[kind])}
    <p>
      ${text}${countdown === undefined ? nothing : html` <span class="scriptorium-banner-countdown" aria-hidden="true">${countdown}</span>`}
    </p>
    <div class="scriptorium-banner-actions">
      ${actions.map(
        (action) =>
          html`<button type="button" class="scriptorium-notice-action" data-action=${action} @click=${() => run(action, text)}>
            ${labels[action]()}
          </button>`,
      )}
    </div>
  </div>`;

  const events = ['status', 'ready', 'access', 'closed', 'saved'] as const;
  for (const event of events) provider.on(event, draw);
  draw();

  return {
    element,
    destroy() {
      destroyed = true;
      clearTimeout(timer);
      for (const event of events) provider.off(event, draw);
      element.remove();
    },
  };
}
