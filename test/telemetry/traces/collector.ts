/** A receiver of OTLP on a real socket, which reads what it is sent byte by byte: opentelemetry/proto/trace/v1/trace.proto. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 2: of a server. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  /** 2: it failed. */
  readonly status: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export class Collector implements AsyncDisposable {
  readonly spans: CollectedSpan[] = [];
  /** All that came, for who looks for what must not be in it. */
  bytes = Buffer.alloc(0);
  /** Answered with instead of 200. */
  status = 200;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
      }
      const body = Buffer.concat(chunks);
      if (this.status === 200) {
        this.bytes = Buffer.concat([this.bytes, body]);
        // Metrics are sent to the same place.
        this.spans.push(...(request.url === '/v1/traces' ? spansOf(body) : []));
      }
      response.writeHead(this.status, { 'Content-Type': 'application/x-protobuf' }).end();
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => {
      collector.#server.listen(0, '127.0.0.1', resolve);
    });
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

type Fields = ReadonlyMap<number, readonly (Uint8Array | bigint | number)[]>;

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (Uint8Array | bigint | number)[]>();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const value =
      type === WireType.LengthDelimited
        ? reader.bytes()
        : type === WireType.Bit64
          ? BigInt(reader.fixed64())
          : type === WireType.Varint
            ? Number(reader.int64())
            : reader.fixed32();
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Fields, number: number) =>
  (fields.get(number) ?? []).map((each) => fieldsOf(each as Uint8Array));
const bytesAt = (fields: Fields, number: number) => Buffer.from((fields.get(number)?.[0] ?? []) as Uint8Array);
const hexAt = (fields: Fields, number: number) => bytesAt(fields, number).toString('hex');
const msAt = (fields: Fields, number: number) => Number((fields.get(number)?.[0] ?? 0n) as bigint) / 1e6;

function attributesAt(fields: Fields, number: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(fields, number).map((pair) => {
      const [value] = messages(pair, 2);
      const text = value?.get(1)?.[0];
      return [
        bytesAt(pair, 1).toString(),
        text === undefined ? value?.get(3)?.[0] : Buffer.from(text as Uint8Array).toString(),
      ];
    }),
  );
}

function spansOf(body: Uint8Array): CollectedSpan[] {
  return messages(fieldsOf(body), 1).flatMap((ofResource) => {
    const [resource] = messages(ofResource, 1);
    const spans = messages(ofResource, 2).flatMap((scope) => messages(scope, 2));
    return spans.map((span) => ({
      traceId: hexAt(span, 1),
      spanId: hexAt(span, 2),
      parentSpanId: hexAt(span, 4),
      name: bytesAt(span, 5).toString(),
      kind: Number(span.get(6)?.[0] ?? 0),
      startMs: msAt(span, 7),
      endMs: msAt(span, 8),
      status: Number(messages(span, 15)[0]?.get(3)?.[0] ?? 0),
      attributes: attributesAt(span, 9),
      resource: resource === undefined ? {} : attributesAt(resource, 1),
    }));
  });
}
