import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** `[position, deleted, inserted]`, positions in code points. */
export type Patch = readonly [position: number, deleted: number, inserted: string];

/** What somebody did at once, looking at the merged state of `parents`. */
export interface TraceTransaction {
  readonly agent: number;
  readonly parents: readonly number[];
  readonly patches: readonly Patch[];
}

/** A recording, in the form of concurrent ones: a sequential one has a single agent and each step follows the last. */
export interface Trace {
  readonly endContent: string;
  readonly transactions: readonly TraceTransaction[];
  readonly agents: number;
}

interface TraceFile {
  readonly endContent: string;
  readonly numAgents?: number;
  readonly txns: readonly { agent?: number; parents?: number[]; patches: Patch[] }[];
}

/** Reads a recording of this folder. See README.md there. */
export function readTrace(name: string): Trace {
  const file = JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, import.meta.url))).toString()) as TraceFile;
  // Yjs counts UTF-16 units: as long as there are no surrogates, that is the same.
  if (/[\ud800-\udfff]/.test(JSON.stringify(file.txns))) throw new Error(`${name} needs positions in code points`);
  return {
    endContent: file.endContent,
    agents: file.numAgents ?? 1,
    transactions: file.txns.map(({ agent = 0, parents, patches }, i) => ({
      agent,
      parents: parents ?? (i === 0 ? [] : [i - 1]),
      patches,
    })),
  };
}

/** For each transaction: how many of each agent's transactions its author had seen, its own included. */
export function seenBefore({ transactions, agents }: Trace): number[][] {
  const after: number[][] = [];
  return transactions.map(({ agent, parents }) => {
    const seen = Array.from({ length: agents }, (_, other) => Math.max(0, ...parents.map((p) => after[p]?.[other] ?? 0)));
    after.push(seen.map((count, other) => (other === agent ? count + 1 : count)));
    return seen;
  });
}
