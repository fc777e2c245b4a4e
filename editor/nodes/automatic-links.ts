import { type Editor, getExtensionField, pasteRulesPlugin } from '@tiptap/core';
import { Link } from '@tiptap/extension-link';
import type { Plugin } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { isSafeLink } from '../safe-link.ts';

/** Makes links of addresses that I type or paste, as Tiptap's extension does it; the mark is our own. */
export function automaticLinks(editor: Editor): Plugin[] {
  const type = editor.schema.marks['link'];
  if (!type) return [];
  const extension = Link.configure({
    openOnClick: false,
    defaultProtocol: 'https',
    isAllowedUri: (url) => isSafeLink(url),
  });
  const { name, options, storage } = extension;
  const part = <T>(field: 'addProseMirrorPlugins' | 'addPasteRules'): T | undefined =>
    getExtensionField<() => T>(extension, field, { name, options, storage, editor, type })?.();
  const plugins = part<Plugin[]>('addProseMirrorPlugins') ?? [];
  for (const plugin of plugins) leaveOthersAlone(plugin);
  return [...plugins, ...pasteRulesPlugin({ editor, rules: part('addPasteRules') ?? [] })];
}

/** What somebody else wrote is for that editor to make a link of. */
function leaveOthersAlone(plugin: Plugin): void {
  const { appendTransaction } = plugin.spec;
  if (!appendTransaction) return;
  plugin.spec.appendTransaction = (transactions, before, state) =>
    transactions.some((tr) => tr.getMeta(ySyncPluginKey) !== undefined)
      ? null
      : appendTransaction.call(plugin, transactions, before, state);
}
