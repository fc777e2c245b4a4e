import { afterAll, describe, expect, test } from 'vitest';
import { Simulation } from './simulation.ts';

/** SEED=n reruns one; SEEDS=n runs so many. */
const only = process.env['SEED'];
const count = Number(process.env['SEEDS'] ?? 600);
const seeds = only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];

const PEERS = 8;
const STEPS = 400;

let acknowledgedInAll = 0;

// A single seed may acknowledge nothing, where the store fails; all of them together must not.
afterAll(() => {
  if (seeds.length >= 100) expect(acknowledgedInAll).toBeGreaterThan(seeds.length);
});

describe('whatever happens to peers, network and server', () => {
  test.for(seeds)(
    'seed %i: all peers and the stored document end equal, with all that was acknowledged',
    async (seed) => {
      const { contents, stateVectors, stored, acknowledged, lost } = await new Simulation(seed, PEERS).run(STEPS);
      expect(contents.length).toBeGreaterThanOrEqual(PEERS);
      for (const content of contents) expect(content).toEqual(stored.content);
      for (const stateVector of stateVectors) expect(stateVector).toBe(stored.stateVector);
      expect(lost).toBe(0);
      acknowledgedInAll += acknowledged;
    },
  );
});
