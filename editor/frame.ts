import type { Theme } from './editor-options.ts';
import type { EditorLanguage } from './messages/index.ts';
import { createNotice, type NoticeContent } from './notice.ts';

/**
 * The elements around the text:
 *
 *     .scriptorium
 *       .scriptorium-head        stays in sight
 *         .scriptorium-toolbar
 *         .scriptorium-save      the save state
 *         .scriptorium-notice    empty unless there is something to say
 *         what a tool shows over the upper end of the text, such as .scriptorium-find
 *       .scriptorium-content     the editor, or what stands in for it
 *       .scriptorium-menus       open popups; takes no room
 *       .scriptorium-status-place   at the lower end of what is in sight: counts, reading mode; mostly empty
 *       .scriptorium-banner-place   above the lower end of what is in sight of the text; mostly empty
 */
export interface Frame {
  readonly root: HTMLElement;
  readonly head: HTMLElement;
  readonly content: HTMLElement;
  addToolbar(toolbar: HTMLElement): void;
  addSaveStatus(status: HTMLElement): void;
  addBanner(banner: HTMLElement): void;
  /** Adds what holds the popups of menus. */
  addMenus(menus: HTMLElement): void;
  /** Adds what a tool shows over the upper end of the text. */
  addTool(tool: HTMLElement): void;
  /** Adds what a tool says at the lower end of what is in sight. */
  addStatus(status: HTMLElement): void;
  setTheme(theme: Theme): void;
  /** What is around the text is in this language; the text itself is in whatever people write. */
  setLanguage(language: Pick<EditorLanguage, 'locale' | 'direction'>): void;
  /** Until the document is here, its place is kept. */
  setLoading(loading: boolean): void;
  /** The text has been on the screen: from now on all of it is laid out. */
  setPainted(): void;
  /** Says this in the place of the toolbar: why nobody can write here. */
  notify(notice: NoticeContent | undefined): void;
  /** Shows this in the place of the editor, or the editor again. */
  standIn(element: HTMLElement | undefined): void;
  destroy(): void;
}

/** Puts the elements into `parent`. With `toolbar` its place is kept until there is a language. */
export function createFrame(parent: HTMLElement, theme: Theme = 'auto', toolbar = true): Frame {
  const root = document.createElement('div');
  root.className = 'scriptorium';
  const content = document.createElement('div');
  if (toolbar) root.dataset['speechless'] = '';
  content.className = 'scriptorium-content';
  root.dataset['unpainted'] = '';
  const notice = createNotice();
  const head = document.createElement('div');
  head.className = 'scriptorium-head';
  head.append(notice.element);
  root.append(head, content);
  parent.append(root);
  const statuses = document.createElement('div');
  statuses.className = 'scriptorium-status-place';
  let standIn: HTMLElement | undefined;
  let lang = '';

  const frame: Frame = {
    root,
    head,
    content,
    addToolbar(toolbar) {
      head.prepend(toolbar);
    },
    addSaveStatus(status) {
      notice.element.before(status);
    },
    addBanner(banner) {
      banner.lang = lang;
      root.append(banner);
    },
    addTool(tool) {
      head.append(tool);
    },
    addMenus(menus) {
      menus.lang = lang;
      root.append(menus);
    },
    addStatus(status) {
      status.lang = lang;
      statuses.append(status);
      if (!statuses.isConnected) content.after(statuses);
    },
    setTheme(next) {
      if (next === 'auto') delete root.dataset['theme'];
      else root.dataset['theme'] = next;
    },
    setLanguage({ locale, direction }) {
      lang = locale;
      head.lang = locale;
      root.dir = direction;
      delete root.dataset['speechless'];
    },
    setLoading(loading) {
      root.toggleAttribute('data-loading', loading);
      content.setAttribute('aria-busy', String(loading));
    },
    setPainted() {
      delete root.dataset['unpainted'];
    },
    notify(content) {
      notice.show(content);
      root.toggleAttribute('data-notice', content !== undefined);
    },
    standIn(element) {
      standIn?.remove();
      standIn = element;
      root.toggleAttribute('data-stand-in', element !== undefined);
      if (element) content.append(element);
    },
    destroy: () => root.remove(),
  };
  frame.setTheme(theme);
  return frame;
}
