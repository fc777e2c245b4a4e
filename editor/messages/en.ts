// English, which is all that there is to say: the type of the messages is made of it, so each text is one literal.
// One section for each area. `{name}` is a value; plural forms are by `{count}`.

/** What the editor says before anything of it is used, in English. What its menus say is in `en-menus.ts`. */
export const en = {
  editor: {
    /** The name of the text field, for assistive technology. */
    document: 'Document',
    /** What an empty document shows. */
    placeholder: 'Start writing…',
    reload: 'Reload',
    /** Why nobody can write here: there is something that this editor does not know. */
    unknownNode:
      'This document has something in it that this version of the editor does not know (element “{name}”). It is shown for reading only, so that nothing is lost.',
    unknownMark:
      'This document has something in it that this version of the editor does not know (format “{name}”). It is shown for reading only, so that nothing is lost.',
    unknownAttribute:
      'This document has something in it that this version of the editor does not know (property “{name}”). It is shown for reading only, so that nothing is lost.',
    /** Why nobody can write here: somebody wrote with a newer editor. */
    outdatedSchema: 'This document was changed with a newer version of the editor. Reload the page to go on writing.',
    /** What stands beside a part of the document that this editor has no form for. */
    unknownPart: 'This version of the editor cannot show this part as it is.',
  },
  toolbar: {
    /** Its name, for assistive technology. */
    label: 'Formatting',
  },
  /** What is in the text and more than text. */
  nodes: {
    /** The name of a task's box, for assistive technology. */
    taskDone: 'Done: {text}',
    calloutKind: 'Kind: {kind}. Press for the next',
    calloutKinds: { info: 'Info', success: 'Success', warning: 'Warning', danger: 'Danger' },
    detailsOpen: 'Show details',
    detailsClose: 'Hide details',
    detailsSummary: 'Summary',
    codeLanguage: 'Language of the code',
    plainText: 'Plain text',
    copyCode: 'Copy code',
    copied: 'Copied',
    formula: 'Formula, as LaTeX',
    formulaExample: 'e = mc^2',
    formulaHint: 'Enter: done. Shift+Enter: new line. Escape: as it was.',
    /** In the place of a formula that says nothing yet. */
    emptyFormula: 'Formula',
    /** The names of lists to choose from, for assistive technology. */
    emoji: 'Emoji',
    mentions: 'People',
  },
  /** The other people in the document. */
  together: {
    /** The name of the list of avatars, for assistive technology. */
    people: 'Who is here',
    me: '{name} (you)',
    changeMe: '{name} (you): change name and colour',
    /** What an avatar's button does. */
    follow: 'Go to {name} and follow',
    following: 'Following {name}',
    stopFollowing: 'Stop following',
    typing: '{name} is typing…',
    above: '{name}, further up',
    below: '{name}, further down',
    more: { one: '{count} more person', other: '{count} more people' },
    /** Read out. */
    came: 'Here now: {names}.',
    left: 'No longer here: {names}.',
  },
  /** Where the changes are, beside the toolbar. */
  save: {
    connecting: 'Connecting...',
    saving: 'Saving...',
    saved: 'Saved',
    /** In place of "saved", where one may not write. */
    reading: 'Read only',
    offlineSaved: 'Offline: all changes are saved',
    offlineKept: {
      one: 'Offline: kept on this device ({count} change)',
      other: 'Offline: kept on this device ({count} changes)',
    },
    notSaved: 'Not saved: {reason}',
    disconnected: 'Disconnected: {reason}',
    /** Reasons, in as few words as there is room for. */
    onlyInPage: {
      one: 'offline, and only in this page ({count} change)',
      other: 'offline, and only in this page ({count} changes)',
    },
    notSignedIn: 'you are not signed in',
    noAccess: 'you have no access',
    deleted: 'the document was deleted',
    tooLarge: 'a change is too large',
  },
  /** What is in the way of writing, or of being saved, across the editor. */
  banner: {
    noConnection: 'There is no connection to the server.',
    /** Of a document that has never been on this device. */
    neverHere:
      'There is no connection, and this document has not been opened on this device before. It appears here as soon as the server can be reached.',
    kept: {
      one: 'What you write is kept on this device ({count} change).',
      other: 'What you write is kept on this device ({count} changes).',
    },
    notKept: {
      one: 'Keep this page open: {count} change is nowhere else.',
      other: 'Keep this page open: {count} changes are nowhere else.',
    },
    unsent: {
      one: '{count} change of yours was not sent; this device keeps it.',
      other: '{count} changes of yours were not sent; this device keeps them.',
    },
    unsentNotKept: {
      one: '{count} change of yours was not sent. Copy the text before you close the page.',
      other: '{count} changes of yours were not sent. Copy the text before you close the page.',
    },
    nextAttempt: 'Next attempt in {seconds} s.',
    tryingNow: 'Trying...',
    retry: 'Try now',
    readOnly: 'You can read this document, but not change it.',
    noAccess: 'You have no access to this document any more.',
    notSignedIn: 'You are not signed in, or not any more.',
    deleted: 'This document was deleted.',
    replaced: 'This document was deleted on the server. You see the copy on this device.',
    tooLarge: 'A change is too large for the server.',
    stopped: 'The server has closed this document ({reason}).',
    copy: 'Copy text',
    copied: 'Copied',
    discard: 'Delete the copy',
    putBack: 'Put it back',
    storageForbidden:
      'This browser keeps nothing on this device, as in a private window. Stay online to save what you write.',
    storageFull: 'The storage of this device is full. Stay online to save what you write.',
    storageFailed: 'The storage of this device does not work. Stay online to save what you write.',
    dismiss: 'Dismiss',
  },
} as const;
