export { createEditor } from './create-editor.ts';
export type { EditorHandle, EditorOptions, EditorProvider, ProviderOptions, ServerOptions } from './editor-options.ts';
export { editorExtensions } from './extensions.ts';
export { icon } from './icon.ts';
export { type EditorUser, inkOn, readUser, USER_COLORS } from './user.ts';
