import type { Extensions } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Bold } from '@tiptap/extension-bold';
import { Code } from '@tiptap/extension-code';
import { CodeBlock } from '@tiptap/extension-code-block';
import { Document } from '@tiptap/extension-document';
import { HardBreak } from '@tiptap/extension-hard-break';
import { Heading } from '@tiptap/extension-heading';
import { HorizontalRule } from '@tiptap/extension-horizontal-rule';
import { Italic } from '@tiptap/extension-italic';
import { BulletList } from '@tiptap/extension-list/bullet-list';
import { ListItem } from '@tiptap/extension-list/item';
import { ListKeymap } from '@tiptap/extension-list/keymap';
import { OrderedList } from '@tiptap/extension-list/ordered-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Strike } from '@tiptap/extension-strike';
import { Text } from '@tiptap/extension-text';
import { Underline } from '@tiptap/extension-underline';
import { Dropcursor } from '@tiptap/extensions/drop-cursor';
import { Gapcursor } from '@tiptap/extensions/gap-cursor';
import { BlockAttributes } from './schema/block-attributes.ts';
import { blocks } from './schema/blocks.ts';
import { Image } from './schema/image.ts';
import { inlineNodes } from './schema/inline.ts';
import { Link } from './schema/link.ts';
import { marks } from './schema/marks.ts';
import { tables } from './schema/table.ts';
import { tasks } from './schema/tasks.ts';

export { SCHEMA_VERSION } from './schema/version.ts';

/**
 * The schema: which nodes and marks a document can have, and the keys and input rules that make them. Without
 * collaboration, so that servers and tests can use it too; it needs no DOM.
 *
 * Not Tiptap's starter kit, which brings ProseMirror's history (undo is Yjs' business: the history would also undo what
 * others wrote) and the trailing node (every client would append its own empty paragraph to the shared document).
 */
export function editorExtensions(): Extensions {
  return [
    BlockAttributes,
    Bold,
    Blockquote,
    BulletList,
    Code,
    CodeBlock,
    Document,
    Dropcursor,
    Gapcursor,
    HardBreak,
    Heading,
    HorizontalRule,
    Image,
    Italic,
    ListItem,
    ListKeymap,
    Link,
    OrderedList,
    Paragraph,
    Strike,
    Text,
    Underline,
    ...blocks,
    ...inlineNodes,
    ...marks,
    ...tables,
    ...tasks,
  ];
}
