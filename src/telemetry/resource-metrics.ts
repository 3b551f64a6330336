/** The metrics as OpenTelemetry has them: what both ways out are made from. */
import { type HrTime, ValueType } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Histogram } from '../core/histogram.ts';
import type { Metric, Point } from './metric.ts';

const SECOND_MS = 1_000;
const NANOSECONDS_OF_MS = 1e6;

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / SECOND_MS), Math.floor((ms % SECOND_MS) * NANOSECONDS_OF_MS)];
}

export function resourceMetricsOf(resource: Resource, version: string, metrics: readonly Metric[]): ResourceMetrics {
  const times = { startTime: hrTime(performance.timeOrigin), endTime: hrTime(Date.now()) };
  const filled = metrics.map((metric) => dataOf(metric, times)).filter(({ dataPoints }) => dataPoints.length > 0);
  return { resource, scopeMetrics: [{ scope: { name: 'symbolon', version }, metrics: filled }] };
}

type Times = Readonly<Record<'startTime' | 'endTime', HrTime>>;

function dataOf({ name, type, unit, help, read }: Metric, times: Times): MetricData {
  const points = read();
  const common = {
    descriptor: { name, description: help, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (type === 'histogram') {
    return {
      ...common,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: points.map((each) => bucketsOf(each, times)),
    };
  }
  const dataPoints = points.map(({ labels, value }) => ({ ...times, attributes: labels, value: Number(value) }));
  return type === 'counter'
    ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
}

function bucketsOf({ labels, value }: Point, times: Times) {
  const { bounds, counts, sum, count } = value as Histogram;
  const buckets = { boundaries: [...bounds], counts: [...counts] };
  return { ...times, attributes: labels, value: { buckets, sum, count } };
}
