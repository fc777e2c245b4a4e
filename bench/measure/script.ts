import * as Y from 'yjs';
import { readTrace, type Trace } from '../../test/traces/trace.ts';
import { ended, type RecordedDocument } from '../generator/document.ts';
import { editMarker, MARKER_LENGTH } from '../generator/marker.ts';
import { TRACES, typeAgain } from '../keystrokes.ts';

/** A recording to be typed on from some point. */
export interface Script {
  readonly authors: number;
  readonly keystrokes: readonly Keystroke[];
  /** The first keystroke that is not in the document, and the number of the first marker that is not. */
  readonly start: number;
  readonly firstMarker: number;
  readonly document: RecordedDocument;
}

export interface Keystroke {
  readonly author: number;
  /** Yjs V1. */
  readonly update: Uint8Array;
  /** Whether it types something, and so has a marker. They are numbered in order. */
  readonly isMarked: boolean;
  /** Whether the next one of its author is close to it. */
  readonly continues: boolean;
}

/** Where to begin, as parts of a recording. */
const STARTS = [0.05, 0.2, 0.35, 0.5, 0.65];
/** Others that write in the same text move the place where one is. */
const NEAR = 20;

let made: readonly Script[] | undefined;

/** All recordings, from several points each. */
export function scripts(): readonly Script[] {
  made ??= TRACES.flatMap((name) => scriptsOf(readTrace(name)));
  return made;
}

function scriptsOf(trace: Trace): Script[] {
  const isMarked = trace.transactions.map(({ patches }) => patches.some(([, , inserted]) => inserted !== ''));
  const updates = typeAgain(marked(trace, isMarked));
  const keystrokes = trace.transactions.map(({ agent }, i) => ({
    author: agent,
    update: updates[i] as Uint8Array,
    isMarked: isMarked[i] === true,
    continues: isNear(trace, i),
  }));
  return STARTS.map((part) => {
    const start = Math.floor(part * keystrokes.length);
    const doc = new Y.Doc();
    doc.transact(() => {
      for (const { update } of keystrokes.slice(0, start)) Y.applyUpdate(doc, update);
    });
    const firstMarker = isMarked.slice(0, start).filter(Boolean).length;
    return { authors: trace.agents, keystrokes, start, firstMarker, document: ended(doc) };
  });
}

/** The recording with a marker in the place of each character. All that was typed at once has the same one. */
function marked(trace: Trace, isMarked: readonly boolean[]): Trace {
  let next = 0;
  return {
    ...trace,
    transactions: trace.transactions.map(({ agent, parents, patches }, i) => {
      const marker = editMarker(isMarked[i] ? next++ : 0);
      return {
        agent,
        parents,
        patches: patches.map(
          ([position, deleted, inserted]) =>
            [position * MARKER_LENGTH, deleted * MARKER_LENGTH, marker.repeat(inserted.length)] as const,
        ),
      };
    }),
  };
}

function isNear({ transactions }: Trace, i: number): boolean {
  const one = transactions[i];
  const next = transactions.slice(i + 1, i + 1 + NEAR).find(({ agent }) => agent === one?.agent);
  const [from, to] = [one?.patches[0]?.[0] ?? 0, next?.patches[0]?.[0] ?? 0];
  return next !== undefined && Math.abs(to - from) <= NEAR;
}
