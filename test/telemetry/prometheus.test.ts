/** The names that Prometheus reads: those that it makes of OTLP itself. */
import { expect, it } from 'vitest';
import { Histogram } from '../../src/core/histogram.ts';
import { counter, gauge, histogram, type Metric } from '../../src/telemetry/metric.ts';
import { prometheusText } from '../../src/telemetry/prometheus.ts';
import { resourceMetricsOf } from '../../src/telemetry/resource-metrics.ts';
import { resourceOf } from '../../src/telemetry/sending.ts';

function textOf(...metrics: Metric[]): string {
  return prometheusText(resourceMetricsOf(resourceOf({ 'service.name': 'symbolon' }), '1', metrics));
}

const seconds = new Histogram([0.5, 1]);
seconds.record(0.75);

it.each<[Metric, RegExp]>([
  [counter('a.calls', '{call}', 'h', () => 2), /^a_calls_total 2$/m],
  [counter('a.time', 's', 'h', () => 2.5), /^a_time_seconds_total 2.5$/m],
  [gauge('a.size', 'By', 'h', () => 2), /^a_size_bytes 2$/m],
  [gauge('a.part', '1', 'h', () => 0.5), /^a_part_ratio 0.5$/m],
  [gauge('a.well', '', 'h', () => 1), /^a_well 1$/m],
  [histogram('a.duration', 's', 'h', () => seconds), /^a_duration_seconds_bucket\{le="1"\} 1$/m],
])('writes the unit as a word, and _total after it', (metric, line) => {
  expect(textOf(metric)).toMatch(line);
});

it('writes label values so that none of them ends its line', () => {
  const read = () => [{ labels: { 'tenant.id': 'a"b\\c\nd' }, value: 1 }];
  expect(textOf({ name: 'a.b', type: 'gauge', unit: '', help: 'h', read })).toContain(
    'a_b{tenant_id="a\\"b\\\\c\\nd"} 1\n',
  );
});

it('leaves out what has no series, and refuses a unit without a word', () => {
  expect(textOf({ ...gauge('a.b', '', 'h', () => 0), read: () => [] })).not.toContain('a_b');
  expect(() => textOf(gauge('a.b', 'furlong', 'h', () => 0))).toThrow('which has no word');
});
