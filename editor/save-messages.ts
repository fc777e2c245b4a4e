/** What the editor says about saving and about the connection, in one language. */
export interface SaveMessages {
  readonly connecting: string;
  readonly saving: string;
  readonly saved: string;
  /** In place of "saved", where one may not write. */
  readonly reading: string;
  readonly offlineSaved: string;
  offlineKept(changes: number): string;
  notSaved(reason: string): string;
  disconnected(reason: string): string;
  /** The reason while there is no connection and the device keeps nothing. */
  onlyInPage(changes: number): string;
  readonly noConnection: string;
  /** Of a document that has never been on this device. */
  readonly neverHere: string;
  kept(changes: number): string;
  notKept(changes: number): string;
  unsent(changes: number): string;
  unsentNotKept(changes: number): string;
  /** The seconds until the next attempt. */
  nextAttempt(seconds: number): string;
  readonly tryingNow: string;
  readonly retry: string;
  readonly readOnly: string;
  readonly noAccess: string;
  readonly notSignedIn: string;
  readonly deleted: string;
  readonly replaced: string;
  readonly tooLarge: string;
  stopped(reason: string): string;
  /** The same as reasons, in as few words as there is room for in the save state. */
  readonly short: {
    readonly notSignedIn: string;
    readonly noAccess: string;
    readonly deleted: string;
    readonly tooLarge: string;
  };
  readonly copy: string;
  readonly copied: string;
  readonly discard: string;
  readonly putBack: string;
  readonly storageForbidden: string;
  readonly storageFull: string;
  readonly storageFailed: string;
  readonly dismiss: string;
}

const changesEn = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

const en: SaveMessages = {
  connecting: 'Connecting...',
  saving: 'Saving...',
  saved: 'Saved',
  reading: 'Read only',
  offlineSaved: 'Offline: all changes are saved',
  offlineKept: (count) => `Offline: kept on this device (${changesEn(count)})`,
  notSaved: (reason) => `Not saved: ${reason}`,
  disconnected: (reason) => `Disconnected: ${reason}`,
  onlyInPage: (count) => `offline, and only in this page (${changesEn(count)})`,
  noConnection: 'There is no connection to the server.',
  neverHere:
    'There is no connection, and this document has not been opened on this device before. It appears here as soon as ' +
    'the server can be reached.',
  kept: (count) => `What you write is kept on this device (${changesEn(count)}).`,
  notKept: (count) => `Keep this page open: ${changesEn(count)} ${count === 1 ? 'is' : 'are'} nowhere else.`,
  unsent: (count) =>
    `${changesEn(count)} of yours ${count === 1 ? 'was not sent; this device keeps it' : 'were not sent; this device keeps them'}.`,
  unsentNotKept: (count) =>
    `${changesEn(count)} of yours ${count === 1 ? 'was' : 'were'} not sent. Copy the text before you close the page.`,
  nextAttempt: (seconds) => `Next attempt in ${seconds} s.`,
  tryingNow: 'Trying...',
  retry: 'Try now',
  readOnly: 'You can read this document, but not change it.',
  noAccess: 'You have no access to this document any more.',
  notSignedIn: 'You are not signed in, or not any more.',
  deleted: 'This document was deleted.',
  replaced: 'This document was deleted on the server. You see the copy on this device.',
  tooLarge: 'A change is too large for the server.',
  stopped: (reason) => `The server has closed this document (${reason}).`,
  short: {
    notSignedIn: 'you are not signed in',
    noAccess: 'you have no access',
    deleted: 'the document was deleted',
    tooLarge: 'a change is too large',
  },
  copy: 'Copy text',
  copied: 'Copied',
  discard: 'Delete the copy',
  putBack: 'Put it back',
  storageForbidden:
    'This browser keeps nothing on this device, as in a private window. Stay online to save what you write.',
  storageFull: 'The storage of this device is full. Stay online to save what you write.',
  storageFailed: 'The storage of this device does not work. Stay online to save what you write.',
  dismiss: 'Dismiss',
};

const changesDe = (count: number): string => `${count} ${count === 1 ? 'Änderung' : 'Änderungen'}`;

const de: SaveMessages = {
  connecting: 'Verbinden ...',
  saving: 'Speichern ...',
  saved: 'Gespeichert',
  reading: 'Nur lesen',
  offlineSaved: 'Offline: alles ist gespeichert',
  offlineKept: (count) => `Offline: auf diesem Gerät (${changesDe(count)})`,
  notSaved: (reason) => `Nicht gespeichert: ${reason}`,
  disconnected: (reason) => `Getrennt: ${reason}`,
  onlyInPage: (count) => `offline, und nur in dieser Seite (${changesDe(count)})`,
  noConnection: 'Es gibt keine Verbindung zum Server.',
  neverHere:
    'Es gibt keine Verbindung, und dieses Dokument war noch nie auf diesem Gerät. Es erscheint, sobald der Server ' +
    'erreichbar ist.',
  kept: (count) => `Was du schreibst, bleibt auf diesem Gerät (${changesDe(count)}).`,
  notKept: (count) => `Lass diese Seite offen: ${changesDe(count)} ${count === 1 ? 'ist' : 'sind'} nur hier.`,
  unsent: (count) => `Noch nicht gesendet: ${changesDe(count)} von dir, auf diesem Gerät.`,
  unsentNotKept: (count) =>
    `Nicht gesendet: ${changesDe(count)} von dir. Kopiere den Text, bevor du die Seite schließt.`,
  nextAttempt: (seconds) => `Nächster Versuch in ${seconds} s.`,
  tryingNow: 'Versuch läuft ...',
  retry: 'Jetzt versuchen',
  readOnly: 'Du kannst dieses Dokument lesen, aber nicht ändern.',
  noAccess: 'Du hast keinen Zugriff mehr auf dieses Dokument.',
  notSignedIn: 'Du bist nicht oder nicht mehr angemeldet.',
  deleted: 'Dieses Dokument wurde gelöscht.',
  replaced: 'Dieses Dokument wurde auf dem Server gelöscht. Du siehst die Kopie auf diesem Gerät.',
  tooLarge: 'Eine Änderung ist zu groß für den Server.',
  stopped: (reason) => `Der Server hat dieses Dokument geschlossen (${reason}).`,
  short: {
    notSignedIn: 'nicht angemeldet',
    noAccess: 'kein Zugriff',
    deleted: 'das Dokument wurde gelöscht',
    tooLarge: 'eine Änderung ist zu groß',
  },
  copy: 'Text kopieren',
  copied: 'Kopiert',
  discard: 'Kopie löschen',
  putBack: 'Zurückstellen',
  storageForbidden:
    'Dieser Browser behält nichts auf diesem Gerät, wie in einem privaten Fenster. Gespeichert wird nur mit Verbindung.',
  storageFull: 'Der Speicher dieses Geräts ist voll. Gespeichert wird nur mit Verbindung.',
  storageFailed: 'Der Speicher dieses Geräts geht nicht. Gespeichert wird nur mit Verbindung.',
  dismiss: 'Schließen',
};

const LANGUAGES: Readonly<Record<string, SaveMessages>> = { en, de };

/** The messages of a language, `en` or `de`. */
export function saveMessagesIn(language: string): SaveMessages {
  return LANGUAGES[language] ?? en;
}
