/** Reads what is sent by OTLP, as a receiver does: opentelemetry/proto/metrics/v1/metrics.proto. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface SentMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  readonly isMonotonic: boolean;
  /** 2: cumulative. */
  readonly temporality: number;
  /** Of each series its labels, in an order. */
  readonly labels: readonly Readonly<Record<string, string>>[];
}

type Fields = ReadonlyMap<number, readonly (Uint8Array | bigint | number)[]>;

function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (Uint8Array | bigint | number)[]>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const values = fields.get(field) ?? [];
    fields.set(field, values);
    if (type === WireType.LengthDelimited) {
      values.push(reader.bytes());
    } else if (type === WireType.Varint) {
      values.push(Number(reader.uint64()));
    } else {
      reader.skip(type);
    }
  }
  return fields;
}

const messages = (fields: Fields, field: number) => (fields.get(field) ?? []) as readonly Uint8Array[];
const parts = (fields: Fields, field: number) => messages(fields, field).map(fieldsOf);
const text = (fields: Fields, field: number) =>
  messages(fields, field).map((each) => Buffer.from(each).toString())[0] ?? '';
const number = (fields: Fields, field: number) => Number(fields.get(field)?.[0] ?? 0);

/** The field of `Metric` that holds the points, and the field of a point that holds its attributes. */
const KINDS = [
  ['gauge', 5, 7],
  ['sum', 7, 7],
  ['histogram', 9, 9],
] as const;

/** Of an ExportMetricsServiceRequest. */
export function metricsOf(request: Uint8Array): SentMetric[] {
  return parts(fieldsOf(request), 1)
    .flatMap((resource) => parts(resource, 2))
    .flatMap((scope) => parts(scope, 2))
    .map(metricOf);
}

/** Of the resource that they are about. */
export function resourceOf(request: Uint8Array): Readonly<Record<string, string>> {
  const attributes = parts(fieldsOf(request), 1).flatMap((each) => parts(each, 1).flatMap((own) => parts(own, 1)));
  return attributesOf(attributes);
}

function metricOf(metric: Fields): SentMetric {
  const found = KINDS.find(([, field]) => metric.has(field));
  if (found === undefined) {
    throw new Error(`the metric ${text(metric, 1)} has no points`);
  }
  const [kind, field, attributes] = found;
  const [data = new Map()] = parts(metric, field);
  return {
    name: text(metric, 1),
    unit: text(metric, 3),
    kind,
    temporality: number(data, 2),
    isMonotonic: number(data, 3) === 1,
    labels: parts(data, 1).map((point) => attributesOf(parts(point, attributes))),
  };
}

/** KeyValue { key = 1; value = 2 }, AnyValue { string_value = 1 }. */
function attributesOf(pairs: readonly Fields[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map((pair) => [text(pair, 1), text(parts(pair, 2)[0] ?? new Map(), 1)]));
}
