/** What those who serve calls tell an operator. With several workers it is of each of them, and is added up. */
import type { GrpcServer } from '../grpc/server.ts';
import type { HttpServer } from '../http/server.ts';
import type { CallCounts } from '../telemetry/call-counts.ts';
import { counter, gauge, labelled, type Metric } from '../telemetry/metric.ts';

export interface ServingFigures {
  readonly counts: CallCounts;
  readonly grpc: Pick<GrpcServer, 'figures'>;
  readonly http: Pick<HttpServer, 'figures'>;
  /** Lines that strangers would have filled the log with. */
  readonly linesLeftOut: () => number;
}

export function servingMetrics({ counts, grpc, http, linesLeftOut }: ServingFigures): readonly Metric[] {
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
    counter('symbolon.log.lines.left_out', '{line}', 'Log lines about strangers that were left out', linesLeftOut),
  ];
}
