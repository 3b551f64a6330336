/** A metric as it is described once: both ways out show the same of it. */
import type { Histogram } from '../core/histogram.ts';

export type Labels = Readonly<Record<string, string>>;

/** One series, at the moment of looking. */
export interface Point {
  readonly labels: Labels;
  readonly value: number | Histogram;
}

export interface Metric {
  /** As OpenTelemetry has it, with dots: `symbolon.hash.queue`. */
  readonly name: string;
  /** A counter only grows while the process lives. */
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** UCUM: `s`, `By`, `1` for a ratio, `{call}` for a number of calls, empty for a yes or no. */
  readonly unit: string;
  /** One sentence, without a full stop. */
  readonly help: string;
  /** Must be quick and can't wait: it is asked on the thread that answers calls. */
  readonly read: () => readonly Point[];
}

export const NO_LABELS: Labels = {};

type Kind = Metric['type'];

function single(type: Kind): (name: string, unit: string, help: string, read: () => number | Histogram) => Metric {
  return (name, unit, help, read) => ({
    name,
    type,
    unit,
    help,
    read: () => [{ labels: NO_LABELS, value: read() }],
  });
}

/** Metrics of one series. */
export const counter = single('counter');
export const gauge = single('gauge');
export const histogram = single('histogram');

/** A metric of several series, by one label. */
export function labelled(
  { type, name, unit, help }: Omit<Metric, 'read'>,
  label: string,
  read: () => Readonly<Record<string, number>>,
): Metric {
  const points = () => Object.entries(read()).map(([key, value]) => ({ labels: { [label]: key }, value }));
  return { name, type, unit, help, read: points };
}
