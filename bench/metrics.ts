/** Claim: that calls are counted costs Introspect nothing that can be seen; the library's own histogram would cost it a hundredth. */
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { CallRecord } from '../src/calls/call-record.ts';
import { CallCounts } from '../src/telemetry/call-counts.ts';
import { median } from './processes.ts';

const CALLS = 2_000_000;
const ROUNDS = 7;
const NANOSECONDS = 1_000;

/** What CallCounts reads of it. */
const CALL = {
  door: 'grpc',
  method: 'Introspect',
  route: '/symbolon.v1.TokenService/Introspect',
  code: 'ok',
  event: undefined,
  isActive: true,
  durationMs: 0.2,
} as unknown as CallRecord;

const ATTRIBUTES = {
  'rpc.system.name': 'grpc',
  'rpc.method': 'symbolon.v1.TokenService/Introspect',
  'rpc.response.status_code': 'OK',
};

export async function benchMetrics(): Promise<void> {
  const { begin, finish } = new CallCounts();
  // Read never; without a reader the library counts nothing.
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const provider = new MeterProvider({ readers: [reader] });
  const histogram = provider.getMeter('bench').createHistogram('rpc.server.call.duration', { unit: 's' });
  const [counted, recorded]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    counted.push(
      costOf(() => {
        begin(CALL);
        finish(CALL);
      }),
    );
    recorded.push(costOf(() => histogram.record(0.0002, ATTRIBUTES)));
  }
  await provider.shutdown();
  console.log(
    `Counting a call, median of ${ROUNDS} rounds of ${CALLS}: ${median(counted).toFixed(0)} ns of processor time; ` +
      `the library's histogram ${median(recorded).toFixed(0)} ns\n`,
  );
}

/** Nanoseconds of processor time. */
function costOf(work: () => void): number {
  const before = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) {
    work();
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * NANOSECONDS) / CALLS;
}
