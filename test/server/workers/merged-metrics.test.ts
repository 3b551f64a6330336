import { expect, it } from 'vitest';
import { Histogram } from '../../../src/core/histogram.ts';
import { MergedMetrics } from '../../../src/server/workers/merged-metrics.ts';
import type { Reading } from '../../../src/server/workers/protocol.ts';
import type { Metric, Point } from '../../../src/telemetry/metric.ts';

const [ONE, OTHER] = [{}, {}];

function reading(name: string, type: Metric['type'], points: readonly Point[]): Reading {
  return { name, type, unit: '', help: '', points };
}

const counter = (value: number, labels = {}) => reading('calls', 'counter', [{ labels, value }]);
const gauge = (name: string, value: number) => reading(name, 'gauge', [{ labels: {}, value }]);

function valuesOf(metrics: readonly Metric[], name: string): readonly Point['value'][] {
  return (
    metrics
      .find((metric) => metric.name === name)
      ?.read()
      .map(({ value }) => value) ?? []
  );
}

function histogramOf(...values: readonly number[]): Histogram {
  const histogram = new Histogram([1, 2]);
  for (const value of values) {
    histogram.record(value);
  }
  return histogram;
}

it('adds up what threads count, and what the main thread has itself', () => {
  const merged = new MergedMetrics();
  merged.take(ONE, [counter(3, { code: 'ok' })]);
  merged.take(OTHER, [counter(4, { code: 'ok' })]);
  const own: Metric = { ...counter(0), read: () => [{ labels: { code: 'ok' }, value: 1 }] };

  expect(valuesOf(merged.over([own]), 'calls')).toEqual([8]);
  expect(valuesOf(merged.over([]), 'calls')).toEqual([7]);
});

it('adds up histograms, bucket by bucket', () => {
  const merged = new MergedMetrics();
  merged.take(ONE, [reading('took', 'histogram', [{ labels: {}, value: histogramOf(0.5, 1.5) }])]);
  merged.take(OTHER, [reading('took', 'histogram', [{ labels: {}, value: histogramOf(1.5, 9) }])]);

  expect(valuesOf(merged.over([]), 'took')).toEqual([histogramOf(0.5, 1.5, 1.5, 9)]);
});

it('tells the slowest event loop, and whether all can be read', () => {
  const merged = new MergedMetrics();
  merged.take(ONE, [gauge('nodejs.eventloop.delay.p99', 2), gauge('symbolon.store.readable', 1)]);
  merged.take(OTHER, [gauge('nodejs.eventloop.delay.p99', 5), gauge('symbolon.store.readable', 0)]);

  expect(valuesOf(merged.over([]), 'nodejs.eventloop.delay.p99')).toEqual([5]);
  expect(valuesOf(merged.over([]), 'symbolon.store.readable')).toEqual([0]);
});

it('keeps what a thread counted that ended, and forgets what it held', () => {
  const merged = new MergedMetrics();
  merged.take(ONE, [counter(3), gauge('open', 2)]);
  merged.take(OTHER, [counter(4), gauge('open', 1)]);
  merged.depart(ONE);
  expect(valuesOf(merged.over([]), 'calls')).toEqual([7]);
  expect(valuesOf(merged.over([]), 'open')).toEqual([1]);

  merged.take(OTHER, [counter(6), gauge('open', 1)]);
  expect(valuesOf(merged.over([]), 'calls')).toEqual([9]);
});

it('does not count again what a thread answers that has ended meanwhile', () => {
  const merged = new MergedMetrics();
  merged.take(ONE, [counter(3)]);
  merged.depart(ONE);
  merged.take(ONE, [counter(4), gauge('open', 2)]);

  expect(valuesOf(merged.over([]), 'calls')).toEqual([3]);
  expect(valuesOf(merged.over([]), 'open')).toEqual([]);
});

it('has labels of a hundred clients, whichever the threads have', () => {
  const merged = new MergedMetrics();
  const counts = (from: number) =>
    Array.from({ length: 80 }, (_, i) => ({ labels: { tenant: `t${from + i}`, client: 'app' }, value: 1 }));
  merged.take(ONE, [reading('calls', 'counter', counts(0))]);
  merged.take(OTHER, [reading('calls', 'counter', counts(80))]);

  const points = merged.over([])[0]?.read() ?? [];
  expect(points.filter(({ labels }) => labels.client === 'app')).toHaveLength(100);
  expect(points.reduce((sum, { value }) => sum + Number(value), 0)).toBe(160);
});
