/** What a store tells an operator, in each thread that has one open. */
import type { Store } from '../../core/services/store.ts';
import type { StoreFigures } from '../../core/services/store-figures.ts';
import { gauge, type Metric, NO_LABELS, type Point } from '../../telemetry/metric.ts';

export function storeMetrics(store: Store): readonly Metric[] {
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
