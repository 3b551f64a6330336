/** What the parts of the server tell an operator: figures that they keep anyway, under the names that both ways out carry. */
import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import type { StoreFigures } from '../core/services/store-figures.ts';
import type { Argon2Hasher } from '../password/argon2-hasher.ts';
import type { Outbox } from '../senders/outbox.ts';
import { counter, gauge, histogram, labelled, type Metric, NO_LABELS, type Point } from '../telemetry/metric.ts';
import type { Purging } from './purging.ts';

export interface MeasuredParts {
  readonly version: string;
  /** Of those who serve calls. */
  readonly serving: readonly Metric[];
  readonly hasher: Argon2Hasher;
  readonly outbox: Outbox;
  readonly purging: Purging;
  readonly store: Store;
  /** When the certificate that is served now ends; undefined: there is none. */
  readonly certificateEnd: () => Instant | undefined;
}

const SECOND_MS = 1_000;

export function partsMetrics(parts: MeasuredParts): readonly Metric[] {
  return [
    buildInfo(parts),
    ...parts.serving,
    ...hashMetrics(parts),
    ...storeMetrics(parts),
    ...purgeMetrics(parts),
    {
      name: 'symbolon.outbox.attempts',
      type: 'counter',
      unit: '{attempt}',
      help: 'Attempts of this server to send a message, by how they ended',
      read: () =>
        parts.outbox
          .figures()
          .map(({ channel, outcome, attempts }) => ({ labels: { channel, outcome }, value: attempts })),
    },
    {
      name: 'symbolon.certificate.end',
      type: 'gauge',
      unit: 's',
      help: 'When the certificate that is served ends, in unix time',
      read: () => {
        const end = parts.certificateEnd();
        return end === undefined ? [] : [{ labels: NO_LABELS, value: end / SECOND_MS }];
      },
    },
  ];
}

function buildInfo({ version, store }: MeasuredParts): Metric {
  return {
    name: 'symbolon.build.info',
    type: 'gauge',
    unit: '',
    help: 'Always 1: what serves here',
    read: () => {
      const { engine = '', schema = '' } = store.figures?.() ?? {};
      return [{ labels: { version, node: process.versions.node, engine, schema: String(schema) }, value: 1 }];
    },
  };
}

function hashMetrics({ hasher }: MeasuredParts): readonly Metric[] {
  return [
    gauge('symbolon.hash.queue', '{hash}', 'Password hashes that wait for their turn', () => hasher.figures().waiting),
    gauge('symbolon.hash.running', '{hash}', 'Password hashes that are being made', () => hasher.figures().running),
    histogram(
      'symbolon.hash.wait.duration',
      's',
      'How long a password hash waited',
      () => hasher.figures().waitSeconds,
    ),
    histogram('symbolon.hash.duration', 's', 'How long a password hash took', () => hasher.figures().hashSeconds),
    counter('symbolon.hash.refused', '{hash}', 'Refused because the queue was full', () => hasher.figures().refused),
    counter(
      'symbolon.hash.abandoned',
      '{hash}',
      'Not made because nobody waited any more',
      () => hasher.figures().abandoned,
    ),
  ];
}

function storeMetrics({ store }: MeasuredParts): readonly Metric[] {
  const of = (
    name: string,
    type: Metric['type'],
    unit: string,
    help: string,
    read: (figures: StoreFigures) => readonly Point[],
  ): Metric => ({
    name,
    type,
    unit,
    help,
    read: () => {
      const figures = store.figures?.();
      return figures === undefined ? [] : read(figures);
    },
  });
  const alone = (value: Point['value'] | undefined) => (value === undefined ? [] : [{ labels: NO_LABELS, value }]);
  return [
    gauge('symbolon.store.readable', '', '1: reads are answered', () => Number(store.isReadable())),
    gauge('symbolon.store.writable', '', '1: the last write or probe succeeded', () => Number(store.isWritable())),
    of(
      'symbolon.store.commit.duration',
      'histogram',
      's',
      'From the beginning of a transaction that wrote until it was on the disk',
      (figures) => alone(figures.commitSeconds),
    ),
    of('symbolon.store.commit.size', 'histogram', '{command}', 'Commands that shared a transaction', (figures) =>
      alone(figures.commitSize),
    ),
    of('symbolon.store.writes.pending', 'gauge', '{command}', 'Writes that have not been answered', (figures) =>
      alone(figures.pendingWrites),
    ),
    of('symbolon.sqlite.wal.size', 'gauge', 'By', 'Size of the WAL a second ago', ({ sqlite }) =>
      alone(sqlite?.walBytes),
    ),
    of('symbolon.sqlite.checkpoint.failures', 'counter', '{checkpoint}', 'Checkpoints that failed', ({ sqlite }) =>
      alone(sqlite?.checkpointFailures),
    ),
    of(
      'symbolon.postgres.connections',
      'gauge',
      '{connection}',
      'Connections to PostgreSQL, and those who wait for one',
      ({ postgres }) =>
        Object.entries(postgres?.pools ?? {}).flatMap(([pool, { inUse, idle, waiting }]) =>
          Object.entries({ in_use: inUse, idle, waiting }).map(([state, value]) => ({
            labels: { pool, state },
            value,
          })),
        ),
    ),
    of(
      'symbolon.postgres.connections.limit',
      'gauge',
      '{connection}',
      'Connections that there may be',
      ({ postgres }) =>
        Object.entries(postgres?.pools ?? {}).map(([pool, { max }]) => ({ labels: { pool }, value: max })),
    ),
    of(
      'symbolon.postgres.lease.age',
      'gauge',
      's',
      'Since the last heartbeat was sent that was acknowledged',
      ({ postgres }) => alone(postgres?.leaseAge),
    ),
    of('symbolon.postgres.lease.lost', 'counter', '{lease}', 'How often this server lost its lease', ({ postgres }) =>
      alone(postgres?.leasesLost),
    ),
  ];
}

function purgeMetrics({ purging }: MeasuredParts): readonly Metric[] {
  return [
    counter('symbolon.purge.rows', '{row}', 'Expired rows that this server deleted', () => purging.figures().rows),
    histogram('symbolon.purge.duration', 's', 'How long one batch took', () => purging.figures().seconds),
    counter('symbolon.purge.failures', '{batch}', 'Batches that failed', () => purging.figures().failures),
    labelled(
      {
        name: 'symbolon.purge.paused',
        type: 'gauge',
        unit: '',
        help: '1: nothing is purged, because the clock is not believed',
      },
      'reason',
      () => ({
        clock_leapt: Number(purging.figures().isPausedByLeap),
        clock_skewed: Number(purging.figures().isPausedBySkew),
      }),
    ),
    gauge(
      'symbolon.purge.last',
      's',
      'When a batch last succeeded, in unix time; 0: none yet',
      () => purging.figures().lastSuccess,
    ),
  ];
}
