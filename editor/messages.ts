import type { UnknownContent } from './schema-guard.ts';

/** All that the editor says, in one language. */
export interface Messages {
  /** The name of the text field, for assistive technology. */
  readonly document: string;
  /** What an empty document shows. */
  readonly placeholder: string;
  /** The name of the toolbar, for assistive technology. */
  readonly formatting: string;
  /** Toolbar buttons by their names. */
  readonly buttons: Readonly<Record<string, string>>;
  readonly reload: string;
  /** Why nobody can write here: there is something that this editor does not know. */
  unknownContent(unknown: UnknownContent): string;
  /** Why nobody can write here: somebody wrote with a newer editor. */
  readonly outdatedSchema: string;
  /** What stands beside a part of the document that this editor has no form for. */
  readonly unknownPart: string;
}

const KINDS_EN = { node: 'element', mark: 'format', attribute: 'property' } as const;

const en: Messages = {
  document: 'Document',
  placeholder: 'Start writing…',
  formatting: 'Formatting',
  buttons: {
    undo: 'Undo',
    redo: 'Redo',
    heading1: 'Heading 1',
    heading2: 'Heading 2',
    heading3: 'Heading 3',
    bold: 'Bold',
    italic: 'Italic',
    underline: 'Underline',
    strike: 'Strikethrough',
    code: 'Code',
    bulletList: 'Bullet list',
    orderedList: 'Numbered list',
    blockquote: 'Quote',
    codeBlock: 'Code block',
  },
  reload: 'Reload',
  unknownContent: ({ kind, name }) =>
    `This document has something in it that this version of the editor does not know (${KINDS_EN[kind]} “${name}”). ` +
    'It is shown for reading only, so that nothing is lost.',
  outdatedSchema: 'This document was changed with a newer version of the editor. Reload the page to go on writing.',
  unknownPart: 'This version of the editor cannot show this part as it is.',
};

const KINDS_DE = { node: 'Element', mark: 'Auszeichnung', attribute: 'Eigenschaft' } as const;

const de: Messages = {
  document: 'Dokument',
  placeholder: 'Hier schreiben …',
  formatting: 'Formatierung',
  buttons: {
    undo: 'Rückgängig',
    redo: 'Wiederherstellen',
    heading1: 'Überschrift 1',
    heading2: 'Überschrift 2',
    heading3: 'Überschrift 3',
    bold: 'Fett',
    italic: 'Kursiv',
    underline: 'Unterstrichen',
    strike: 'Durchgestrichen',
    code: 'Code',
    bulletList: 'Aufzählung',
    orderedList: 'Nummerierte Liste',
    blockquote: 'Zitat',
    codeBlock: 'Codeblock',
  },
  reload: 'Neu laden',
  unknownContent: ({ kind, name }) =>
    `Dieses Dokument enthält etwas, das diese Version des Editors nicht kennt (${KINDS_DE[kind]} „${name}“). ` +
    'Damit nichts verloren geht, lässt es sich hier nur lesen.',
  outdatedSchema:
    'Dieses Dokument wurde mit einer neueren Version des Editors geändert. Zum Weiterschreiben die Seite neu laden.',
  unknownPart: 'Diese Version des Editors kann diesen Teil nicht so zeigen, wie er ist.',
};

const LANGUAGES: Readonly<Record<string, Messages>> = { en, de };

/** The messages for a BCP 47 tag such as `de-AT`, and the language that they are in: English where there are no others. */
export function messagesIn(locale = 'en'): { readonly language: string; readonly messages: Messages } {
  const language = locale.toLowerCase().split('-')[0] ?? 'en';
  const messages = LANGUAGES[language];
  return messages ? { language, messages } : { language: 'en', messages: en };
}
