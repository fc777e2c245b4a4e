export type { Command, CommandGroup } from './commands/command.ts';
export type { CommandState } from './commands/command-state.ts';
export { createEditor } from './create-editor.ts';
export { type Blocked, EditorError, type EditorEvents } from './editor-events.ts';
export type {
  DocProvider,
  DocumentProvider,
  EditorHandle,
  EditorOptions,
  EditorProvider,
  MenuOptions,
  ProviderOptions,
  ServerOptions,
  Theme,
} from './editor-options.ts';
export type { TextFormat } from './exchange/formats.ts';
export { editorExtensions, SCHEMA_VERSION } from './extensions.ts';
export { icon } from './icon.ts';
export type { Upload, UploadOptions } from './media/file-service.ts';
export type { MentionedPerson } from './mentioned-person.ts';
export type { Compiled, Plural, Translation } from './messages/catalogue.ts';
export { type EditorLanguage, type EditorTranslation, languages, type Messages } from './messages/index.ts';
export { createLanguages, type Direction, type Language, type Languages } from './messages/languages.ts';
export { describeSave, type SaveFacts, type SaveState, watchSaveFacts } from './save-state.ts';
export { createSaveStatus, type SaveStatus } from './save-status.ts';
export type { UnknownContent } from './schema-guard.ts';
export { avatar } from './together/avatar.ts';
export { createPeople, type PeopleList, type PeopleOptions } from './together/create-people.ts';
export { initials, type Person, readPeople } from './together/people.ts';
export { type EditorUser, inkOn, readUser, shownColor, USER_COLORS } from './user.ts';
