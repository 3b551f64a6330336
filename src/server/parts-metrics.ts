/** What the parts of the server tell an operator: figures that they keep anyway, under the names that both ways out carry. */
import type { Instant } from '../core/model.ts';
import type { Store } from '../core/services/store.ts';
import type { HashQueue } from '../password/hash-turns.ts';
import type { Outbox } from '../senders/outbox.ts';
import { counter, gauge, histogram, labelled, type Metric, NO_LABELS } from '../telemetry/metric.ts';
import type { Purging } from './purging.ts';
import { storeMetrics } from './serving/store-metrics.ts';

export interface MeasuredParts {
  readonly version: string;
  readonly hashing: HashQueue;
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
    ...hashMetrics(parts),
    ...storeMetrics(parts.store),
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

function hashMetrics({ hashing }: MeasuredParts): readonly Metric[] {
  return [
    gauge('symbolon.hash.queue', '{hash}', 'Password hashes that wait for their turn', () => hashing.figures().waiting),
    gauge('symbolon.hash.running', '{hash}', 'Password hashes that are being made', () => hashing.figures().running),
    histogram(
      'symbolon.hash.wait.duration',
      's',
      'How long a password hash waited',
      () => hashing.figures().waitSeconds,
    ),
    histogram('symbolon.hash.duration', 's', 'How long a password hash took', () => hashing.figures().hashSeconds),
    counter('symbolon.hash.refused', '{hash}', 'Refused because the queue was full', () => hashing.figures().refused),
    counter(
      'symbolon.hash.abandoned',
      '{hash}',
      'Not made because nobody waited any more',
      () => hashing.figures().abandoned,
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
