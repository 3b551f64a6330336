/** What those who serve calls tell an operator. With several workers it is of each of them, and is added up. */
import type { GrpcServer } from '../../grpc/server.ts';
import type { HttpServer } from '../../http/server.ts';
import type { CallCounts } from '../../telemetry/call-counts.ts';
import { counter, gauge, histogram, labelled, type Metric } from '../../telemetry/metric.ts';
import type { WatchHub } from '../../watch/hub.ts';

export interface ServingFigures {
  readonly counts: CallCounts;
  readonly grpc: Pick<GrpcServer, 'figures'>;
  readonly http: Pick<HttpServer, 'figures'>;
  readonly hub: Pick<WatchHub, 'figures'>;
  /** Lines that strangers would have filled the log with. */
  readonly linesLeftOut: () => number;
}

export function servingMetrics({ counts, grpc, http, hub, linesLeftOut }: ServingFigures): readonly Metric[] {
  return [
    ...counts.metrics,
    labelled(
      { name: 'symbolon.connections.open', type: 'gauge', unit: '{connection}', help: 'Open connections' },
      'door',
      () => ({
        grpc: grpc.figures().connections,
        http: http.figures().connections,
      }),
    ),
    gauge(
      'symbolon.grpc.streams.open',
      '{stream}',
      'Calls of gRPC from their first byte to their last',
      () => grpc.figures().streams,
    ),
    ...watchMetrics(hub),
    counter('symbolon.log.lines.left_out', '{line}', 'Log lines about strangers that were left out', linesLeftOut),
  ];
}

function watchMetrics(hub: Pick<WatchHub, 'figures'>): readonly Metric[] {
  return [
    gauge('symbolon.watch.watchers', '{watcher}', 'Open streams of WatchRevocations', () => hub.figures().watchers),
    gauge('symbolon.watch.tenants', '{tenant}', 'Tenants whose revocations are watched', () => hub.figures().tenants),
    counter('symbolon.watch.messages', '{message}', 'Messages to watchers', () => hub.figures().messages),
    histogram(
      'symbolon.watch.lag',
      's',
      'From when an event was decided until it was read for its watchers, by the clocks of both servers',
      () => hub.figures().lag,
    ),
    labelled(
      {
        name: 'symbolon.watch.ended',
        type: 'counter',
        unit: '{watcher}',
        help: 'Streams of WatchRevocations that ended, by why; ok: as the watcher wished, or its connection was lost',
      },
      'code',
      () => Object.fromEntries(hub.figures().endings),
    ),
  ];
}
