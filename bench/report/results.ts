import type { Figure, Figures } from '../loads.ts';
import type { ServerId } from '../servers.ts';
import { percentile } from '../table.ts';

/** One measurement: of one server under one load. */
export interface Measurement {
  readonly load: string;
  readonly server: ServerId;
  readonly round: number;
  readonly figures: Figures;
  /** Why there are no figures. */
  readonly failure?: string;
}

/** Everything that was measured, and where. */
export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly seconds: number;
  /** How each server is called, its version and the Node that it ran on. */
  readonly servers: readonly { id: ServerId; title: string; version: string; node: string; keeps: string }[];
  readonly measurements: readonly Measurement[];
  /** Why it ended before everything was measured. */
  readonly interruption?: string | undefined;
}

/** The measurements of a server under a load, one for each round. */
export function roundsOf({ measurements }: Results, load: string, server: ServerId): Measurement[] {
  return measurements.filter((one) => one.load === load && one.server === server);
}

/** The median of the rounds. Undefined where it was not measured, failed or lost deliveries. */
export function figureOf(results: Results, load: string, server: ServerId, figure: Figure): number | undefined {
  const rounds = roundsOf(results, load, server);
  if (rounds.some(isInvalid)) return undefined;
  const values = rounds.flatMap(({ figures }) => figures[figure] ?? []);
  return values.length === 0 ? undefined : percentile(values, 0.5);
}

/** What fails or loses deliveries has no figures that could be compared. */
export function isInvalid({ failure, figures }: Measurement): boolean {
  return failure !== undefined || (figures.lost ?? 0) > 0;
}

/** The largest that a figure was in any round of any server. */
export function worstOf(results: Results, load: string, figure: Figure): number | undefined {
  const values = results.measurements.flatMap((one) => (one.load === load ? (one.figures[figure] ?? []) : []));
  return values.length === 0 ? undefined : Math.max(...values);
}
