/** Real clients of Connect and gRPC-Web, and a server for them that serves gRPC and Kii's dialect on the same store. */
import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescMethodUnary,
  fromBinary,
  fromJson,
  type JsonValue,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web';
import type { TlsFiles } from '../../../src/calls/tls.ts';
import { CONNECT_DIALECTS } from '../../../src/http/connect/dialect.ts';
import { KII_DIALECTS } from '../../../src/http/kii/dialect.ts';
import { HttpServer } from '../../../src/http/server.ts';
import { type DirectoryBed, openDirectoryBed } from '../../grpc/methods/bed.ts';
import { LogTape } from '../support.ts';

export const REGISTRY = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(new URL('../../../gen/descriptors.binpb', import.meta.url))),
);

/** Every method of the contract that does not stream, by its path: `symbolon.v1.TokenService/Issue`. */
export const METHODS: ReadonlyMap<string, DescMethodUnary> = new Map(
  [...REGISTRY]
    .filter((type) => type.kind === 'service')
    .filter(({ typeName }) => typeName.startsWith('symbolon.'))
    .flatMap(({ typeName, methods }) =>
      methods
        .filter((method): method is DescMethodUnary => method.methodKind === 'unary')
        .map((method) => [`${typeName}/${method.name}`, method] as const),
    ),
);

/** The only method of this name. */
export function methodNamed(name: string): DescMethodUnary {
  const method = [...METHODS.values()].find((each) => each.name === name);
  if (method === undefined) {
    throw new Error(`the contract has no method ${name}`);
  }
  return method;
}

export interface ConnectBed extends DirectoryBed {
  readonly http: HttpServer;
  readonly url: string;
  readonly tape: LogTape;
}

/** The tenant and people of `openDirectoryBed`. */
export async function openConnectBed(tls?: TlsFiles): Promise<ConnectBed> {
  const bed = await openDirectoryBed();
  const tape = new LogTape();
  const http = await HttpServer.start({
    services: bed.services,
    log: tape.log,
    dialects: [...CONNECT_DIALECTS, ...KII_DIALECTS],
    address: '127.0.0.1:0',
    ...(tls === undefined ? {} : { tls }),
  });
  const close = async () => {
    await http.drain(1_000);
    await bed.close();
  };
  return { ...bed, http, tape, url: `${tls === undefined ? 'http' : 'https'}://${http.address}`, close };
}

/** The clients that browsers run, by what they speak. */
export const DOORS = {
  'Connect with JSON': (baseUrl: string) => createConnectTransport({ baseUrl, useBinaryFormat: false }),
  'Connect with protobuf': (baseUrl: string) => createConnectTransport({ baseUrl, useBinaryFormat: true }),
  'gRPC-Web': (baseUrl: string) => createGrpcWebTransport({ baseUrl, useBinaryFormat: true }),
  'gRPC-Web with JSON': (baseUrl: string) => createGrpcWebTransport({ baseUrl, useBinaryFormat: false }),
} as const satisfies Record<string, (baseUrl: string) => Transport>;

export const DOOR_NAMES = Object.keys(DOORS) as (keyof typeof DOORS)[];

export function basicHeader(clientId: string, secret = ''): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
}

/** Messages as JSON has them, typed loosely: what is tested is the door. */
export type Message = { readonly [name: string]: JsonValue };

export async function callThrough(
  transport: Transport,
  name: string,
  request: Message,
  headers: Record<string, string> = basicHeader('acme'),
  timeoutMs?: number,
  // biome-ignore lint/suspicious/noExplicitAny: as a test looks into it
): Promise<any> {
  const method = methodNamed(name);
  const input = fromJson(method.input, request);
  const { message } = await transport.unary(method, undefined, timeoutMs, headers, input as never);
  return toJson(method.output, message);
}

export interface Failed {
  readonly code: string;
  readonly message: string;
  readonly details: readonly Message[];
  readonly requestId: string | null;
}

/** Answers how a call failed; rejects when it did not. */
export async function failureThrough(call: Promise<unknown>): Promise<Failed> {
  const outcome: unknown = await call.then(
    (response) => ({ response }),
    (error: unknown) => error,
  );
  if (!(outcome instanceof ConnectError)) {
    throw new Error(`the call did not fail: ${JSON.stringify(outcome)}`);
  }
  const details = ['google.rpc.ErrorInfo', 'google.rpc.RetryInfo'].flatMap((type) => {
    const known = REGISTRY.getMessage(type);
    return known === undefined ? [] : outcome.findDetails(known).map((each) => toJson(known, each) as Message);
  });
  return {
    code: Code[outcome.code],
    message: outcome.rawMessage,
    details,
    requestId: outcome.metadata.get('x-request-id'),
  };
}
