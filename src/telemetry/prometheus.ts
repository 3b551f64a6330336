/**
 * The text that Prometheus scrapes. Its names are those that Prometheus, and the collector, make of ours when they come by OTLP: the unit
 * as a word, then `_total` of what is counted (decision 0118). The library adds `_total` alone, so the rest is done before.
 */
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { MetricData, MetricDescriptor, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** By https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/. */
const WORDS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', '1': 'ratio' };

/** No label tells which library made a series: there is one. */
const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);

export function prometheusText(metrics: ResourceMetrics): string {
  const scopeMetrics = metrics.scopeMetrics.map((each) => ({ ...each, metrics: each.metrics.map(withWords) }));
  return `${serializer.serialize({ ...metrics, scopeMetrics })}\n`;
}

function withWords<M extends MetricData>(metric: M): M {
  return { ...metric, descriptor: wordsOf(metric.descriptor) };
}

function wordsOf(descriptor: MetricDescriptor): MetricDescriptor {
  const { name, unit } = descriptor;
  // What stands in braces is a note and not a unit.
  if (unit === '' || unit.startsWith('{')) {
    return { ...descriptor, unit: '' };
  }
  const word = WORDS[unit];
  if (word === undefined) {
    throw new Error(`the metric ${name} has the unit ${unit}, which has no word here`);
  }
  return { ...descriptor, name: `${name}_${word}`, unit: word };
}
