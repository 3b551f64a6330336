/** The metrics of the main thread and of all workers as those of one server. */
import { Histogram } from '../../core/histogram.ts';
import { ClientLabels } from '../../telemetry/bounded-counts.ts';
import type { Labels, Metric, Point } from '../../telemetry/metric.ts';
import type { Reading } from './protocol.ts';

/** Whose sum would say nothing: the largest is told, or the smallest. */
const LARGEST = /^(nodejs\.eventloop\.|symbolon\.postgres\.lease\.age$|symbolon\.build\.info$|symbolon\.sqlite\.)/;
const SMALLEST = /^symbolon\.store\.(readable|writable)$/;

type Value = Point['value'];

/** Of the workers that there are, and of those that there were: counters must not fall when a worker ends. */
export class MergedMetrics {
  readonly #labels = new ClientLabels();
  readonly #readings = new Map<object, readonly Reading[]>();
  /** By the metric's name. */
  readonly #departed = new Map<string, Reading>();
  readonly #gone = new WeakSet<object>();
  #merged = new Map<string, Reading>();

  /** What this worker has now. */
  take(worker: object, readings: readonly Reading[]): void {
    if (this.#gone.has(worker)) {
      // It was asked before it ended, and what it had told until then counts already.
      return;
    }
    this.#readings.set(worker, readings);
    this.#merged = new Map();
  }

  /** What it counted stays; what it held is gone. */
  depart(worker: object): void {
    this.#gone.add(worker);
    for (const reading of this.#readings.get(worker) ?? []) {
      if (reading.type !== 'gauge') {
        this.#departed.set(reading.name, this.#add(this.#departed.get(reading.name), reading));
      }
    }
    this.#readings.delete(worker);
    this.#merged = new Map();
  }

  /** What the main thread has itself comes first. */
  over(own: readonly Metric[]): readonly Metric[] {
    const names = new Set(own.map(({ name }) => name));
    const theirs = [...this.#readings.values()][0] ?? [...this.#departed.values()];
    return [
      ...own.map((metric) => ({ ...metric, read: () => this.#pointsOf(metric, metric.read()) })),
      ...theirs
        .filter(({ name }) => !names.has(name))
        .map(({ points: _, ...metric }) => ({ ...metric, read: () => this.#pointsOf(metric, []) })),
    ];
  }

  #pointsOf(metric: Omit<Metric, 'read'>, own: readonly Point[]): readonly Point[] {
    if (this.#merged.size === 0) {
      this.#merge();
    }
    const reading = { ...metric, points: own };
    const theirs = this.#merged.get(metric.name);
    return (theirs === undefined ? reading : this.#add(reading, theirs)).points;
  }

  #merge(): void {
    for (const reading of [...this.#departed.values(), ...[...this.#readings.values()].flat()]) {
      this.#merged.set(reading.name, this.#add(this.#merged.get(reading.name), reading));
    }
  }

  #add(sum: Reading | undefined, more: Reading): Reading {
    const points = new Map<string, Point>();
    for (const { labels, value } of [...(sum?.points ?? []), ...more.points]) {
      const bounded = this.#bounded(labels);
      const key = JSON.stringify(Object.entries(bounded).sort());
      const before = points.get(key)?.value;
      points.set(key, { labels: bounded, value: before === undefined ? value : together(more.name, before, value) });
    }
    return { ...more, points: [...points.values()] };
  }

  /** Each worker has a bounded number of clients, and they need not be the same ones. */
  #bounded(labels: Labels): Labels {
    return labels.tenant === undefined || labels.client === undefined
      ? labels
      : { ...labels, ...this.#labels.of(labels.tenant, labels.client) };
  }
}

function together(name: string, one: Value, other: Value): Value {
  if (typeof one !== 'number' && typeof other !== 'number') {
    const sum = new Histogram(one.bounds);
    sum.counts.splice(0, sum.counts.length, ...one.counts.map((count, i) => count + (other.counts[i] ?? 0)));
    sum.count = one.count + other.count;
    sum.sum = one.sum + other.sum;
    return sum;
  }
  const [a, b] = [Number(one), Number(other)];
  return LARGEST.test(name) ? Math.max(a, b) : SMALLEST.test(name) ? Math.min(a, b) : a + b;
}
