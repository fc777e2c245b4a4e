import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type ErrorCode, wireCode } from '../protocol/index.ts';

/** What is looked at when somebody asks for the metrics. */
export interface MetricsSources {
  readonly rooms: {
    readonly size: number;
    readonly waiting: number;
    readonly inTrouble: number;
    readonly snapshots: { readonly bytes: number; readonly hits: number; readonly misses: number };
  };
  readonly sync: { readonly size: number; readonly arriving: number; readonly unreadBytes: number };
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/**
 * What the server counts, for Prometheus. Names begin with `scriptorium_`; those of the process and of Node, the event
 * loop's lag among them, are prom-client's own.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #edits = this.#counter('edits_total', 'Edits that were taken.');
  readonly #deliveries = this.#counter(
    'deliveries_total',
    'Edits and awareness changes, each counted once per peer that was sent it.',
  );
  readonly #writes = this.#counter(
    'writes_total',
    'Writes to sockets by the relay: the deliveries of a flush go out in one to each peer.',
  );
  readonly #flushes = this.#histogram(
    'flush_messages',
    'Messages that went out together in one flush of a room.',
    COUNTS,
  );
  readonly #appends = this.#histogram(
    'append_seconds',
    'How long the store took to make edits of one document durable.',
    SECONDS,
  );
  readonly #appendSizes = this.#histogram(
    'append_entries',
    'Edits of one document that were made durable together.',
    COUNTS,
  );
  readonly #compactions = this.#histogram('compaction_seconds', 'How long a compaction took.', [...SECONDS, 30, 60]);
  readonly #compactionErrors = this.#counter(
    'compaction_errors_total',
    'Compactions that failed; they are tried again.',
  );
  readonly #slowPeers = this.#counter(
    'slow_peers_total',
    'How often a peer was left behind because it read too slowly.',
  );
  readonly #refusals = new Counter({
    name: 'scriptorium_refusals_total',
    help: 'Connections that were refused or sent away, by the code they were told.',
    labelNames: ['code'],
    registers: [this.#registry],
  });

  /** The content type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Takes up what is only looked at, and what prom-client measures of the process. */
  watch({ rooms, sync }: MetricsSources): void {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('connections', 'Open WebSockets.', () => sync.size);
    this.#gauge('connections_arriving', 'Connections that wait to be taken in.', () => sync.arriving);
    this.#gauge('outbox_bytes', 'Bytes that peers have not read yet.', () => sync.unreadBytes);
    this.#gauge('rooms', 'Open documents.', () => rooms.size);
    this.#gauge('rooms_waiting', 'Documents that wait to be read.', () => rooms.waiting);
    this.#gauge('rooms_in_trouble', 'Open documents whose edits the store does not take.', () => rooms.inTrouble);
    this.#gauge('snapshot_cache_bytes', 'Snapshots in memory, in bytes.', () => rooms.snapshots.bytes);
    this.#total('snapshot_cache_hits_total', 'Answers that were in memory.', () => rooms.snapshots.hits);
    this.#total('snapshot_cache_misses_total', 'Answers that had to be made.', () => rooms.snapshots.misses);
  }

  edit(): void {
    this.#edits.inc();
  }

  /** A room has sent out so many messages, each to so many peers, in so many writes. */
  flushed(messages: number, peers: number): void {
    this.#flushes.observe(messages);
    this.#deliveries.inc(messages * peers);
    this.#writes.inc(peers);
  }

  appended(entries: number, ms: number): void {
    this.#appends.observe(ms / 1000);
    this.#appendSizes.observe(entries);
  }

  compacted(ms: number): void {
    this.#compactions.observe(ms / 1000);
  }

  compactionFailed(): void {
    this.#compactionErrors.inc();
  }

  leftBehind(): void {
    this.#slowPeers.inc();
  }

  refused(code: ErrorCode): void {
    this.#refusals.inc({ code: wireCode(code) });
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name: `scriptorium_${name}`, help, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name: `scriptorium_${name}`, help, buckets, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({
      name: `scriptorium_${name}`,
      help,
      registers: [this.#registry],
      collect: () => gauge.set(value()),
    });
  }

  /** A count that is kept elsewhere. */
  #total(name: string, help: string, value: () => number): void {
    const counter: Counter = new Counter({
      name: `scriptorium_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        counter.reset();
        counter.inc(value());
      },
    });
  }
}
