import type { UnknownContent } from './schema-guard.ts';

/** All that the editor says, in one language. */
export interface Messages {
  /** The name of the text field, for assistive technology. */
  readonly document: string;
  /** What an empty document shows. */
  readonly placeholder: string;
  /** The name of the toolbar, for assistive technology. */
  readonly formatting: string;
  /** What the editor can be told to do, by the commands' names. */
  readonly commands: Readonly<Record<string, string>>;
  /** What some of them do, in one line. */
  readonly commandHints: Readonly<Record<string, string>>;
  /** More words by which they are found, with commas between. */
  readonly commandKeywords: Readonly<Record<string, string>>;
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
  commands: {
    undo: 'Undo',
    redo: 'Redo',
    paragraph: 'Text',
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
    horizontalRule: 'Divider',
    clearFormat: 'Clear formatting',
    codeBlock: 'Code block',
  },
  commandHints: {
    paragraph: 'Plain paragraph',
    heading1: 'Large section heading',
    heading2: 'Medium section heading',
    heading3: 'Small section heading',
    bulletList: 'List with points',
    orderedList: 'List that counts',
    blockquote: 'Words of somebody else',
    horizontalRule: 'Line between two parts',
    codeBlock: 'Program code, as it is',
  },
  commandKeywords: {
    paragraph: 'paragraph, normal, body',
    heading1: 'title',
    heading2: 'subtitle',
    bulletList: 'unordered, point',
    orderedList: 'ordered, 1.',
    blockquote: 'blockquote, citation',
    horizontalRule: 'rule, hr, separator',
    clearFormat: 'plain, remove',
    codeBlock: 'pre, program, snippet',
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
  commands: {
    undo: 'Rückgängig',
    redo: 'Wiederherstellen',
    paragraph: 'Text',
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
    horizontalRule: 'Trennlinie',
    clearFormat: 'Formatierung entfernen',
    codeBlock: 'Codeblock',
  },
  commandHints: {},
  commandKeywords: {},
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
