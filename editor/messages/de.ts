import type { EditorTranslation } from './index.ts';

/** What the editor says, in German. */
export const de: EditorTranslation = {
  editor: {
    document: 'Dokument',
    placeholder: 'Hier schreiben …',
    reload: 'Neu laden',
    unknownNode:
      'Dieses Dokument enthält etwas, das diese Version des Editors nicht kennt (Element „{name}“). Damit nichts verloren geht, lässt es sich hier nur lesen.',
    unknownMark:
      'Dieses Dokument enthält etwas, das diese Version des Editors nicht kennt (Auszeichnung „{name}“). Damit nichts verloren geht, lässt es sich hier nur lesen.',
    unknownAttribute:
      'Dieses Dokument enthält etwas, das diese Version des Editors nicht kennt (Eigenschaft „{name}“). Damit nichts verloren geht, lässt es sich hier nur lesen.',
    outdatedSchema:
      'Dieses Dokument wurde mit einer neueren Version des Editors geändert. Zum Weiterschreiben die Seite neu laden.',
    unknownPart: 'Diese Version des Editors kann diesen Teil nicht so zeigen, wie er ist.',
  },
  toolbar: {
    label: 'Formatierung',
  },
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
  save: {
    connecting: 'Verbinden ...',
    saving: 'Speichern ...',
    saved: 'Gespeichert',
    reading: 'Nur lesen',
    offlineSaved: 'Offline: alles ist gespeichert',
    offlineKept: {
      one: 'Offline: auf diesem Gerät ({count} Änderung)',
      other: 'Offline: auf diesem Gerät ({count} Änderungen)',
    },
    notSaved: 'Nicht gespeichert: {reason}',
    disconnected: 'Getrennt: {reason}',
    onlyInPage: {
      one: 'offline, und nur in dieser Seite ({count} Änderung)',
      other: 'offline, und nur in dieser Seite ({count} Änderungen)',
    },
    notSignedIn: 'nicht angemeldet',
    noAccess: 'kein Zugriff',
    deleted: 'das Dokument wurde gelöscht',
    tooLarge: 'eine Änderung ist zu groß',
  },
  banner: {
    noConnection: 'Es gibt keine Verbindung zum Server.',
    neverHere:
      'Es gibt keine Verbindung, und dieses Dokument war noch nie auf diesem Gerät. Es erscheint, sobald der Server erreichbar ist.',
    kept: {
      one: 'Was du schreibst, bleibt auf diesem Gerät ({count} Änderung).',
      other: 'Was du schreibst, bleibt auf diesem Gerät ({count} Änderungen).',
    },
    notKept: {
      one: 'Lass diese Seite offen: {count} Änderung ist nur hier.',
      other: 'Lass diese Seite offen: {count} Änderungen sind nur hier.',
    },
    unsent: {
      one: 'Noch nicht gesendet: {count} Änderung von dir, auf diesem Gerät.',
      other: 'Noch nicht gesendet: {count} Änderungen von dir, auf diesem Gerät.',
    },
    unsentNotKept: {
      one: 'Nicht gesendet: {count} Änderung von dir. Kopiere den Text, bevor du die Seite schließt.',
      other: 'Nicht gesendet: {count} Änderungen von dir. Kopiere den Text, bevor du die Seite schließt.',
    },
    nextAttempt: 'Nächster Versuch in {seconds} s.',
    tryingNow: 'Versuch läuft ...',
    retry: 'Jetzt versuchen',
    readOnly: 'Du kannst dieses Dokument lesen, aber nicht ändern.',
    noAccess: 'Du hast keinen Zugriff mehr auf dieses Dokument.',
    notSignedIn: 'Du bist nicht oder nicht mehr angemeldet.',
    deleted: 'Dieses Dokument wurde gelöscht.',
    replaced: 'Dieses Dokument wurde auf dem Server gelöscht. Du siehst die Kopie auf diesem Gerät.',
    tooLarge: 'Eine Änderung ist zu groß für den Server.',
    stopped: 'Der Server hat dieses Dokument geschlossen ({reason}).',
    copy: 'Text kopieren',
    copied: 'Kopiert',
    discard: 'Kopie löschen',
    putBack: 'Zurückstellen',
    storageForbidden:
      'Dieser Browser behält nichts auf diesem Gerät, wie in einem privaten Fenster. Gespeichert wird nur mit Verbindung.',
    storageFull: 'Der Speicher dieses Geräts ist voll. Gespeichert wird nur mit Verbindung.',
    storageFailed: 'Der Speicher dieses Geräts geht nicht. Gespeichert wird nur mit Verbindung.',
    dismiss: 'Schließen',
  },
};
