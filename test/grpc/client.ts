/** A real server on a real socket, and a real client that answers values or the error as the wire has it. */

import {
  type CallOptions,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { pino } from 'pino';
import { ErrorInfo, RetryInfo } from '../../gen/ts/google/rpc/error_details.ts';
import { Status } from '../../gen/ts/google/rpc/status.ts';
import {
  type IntrospectResponse,
  type IssuedTokens,
  IssueRequest,
  RevokeRequest,
  TokenServiceClient,
} from '../../gen/ts/symbolon/v1/token_service.ts';
import type { CallAudience } from '../../src/calls/call-record.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { WatchHub } from '../../src/watch/hub.ts';
import { Registry } from '../../src/watch/registry.ts';
import { MONOTONIC } from '../../src/watch/timing.ts';
import { tokensIn } from '../issue-result.ts';
import { makeClient, makeDevice, makeTenant, makeUser, openTestBed, type TestBed } from '../support.ts';

export const PASSWORD = 'correct horse';

/** A failed call as its client sees it. */
export interface CallFailure {
  readonly status: string;
  readonly reason: string | undefined;
  readonly message: string;
  readonly retryDelaySeconds: number | undefined;
  readonly requestId: string | undefined;
}

export interface GrpcBed extends TestBed {
  readonly address: string;
  readonly client: TokenServiceClient;
  readonly hub: WatchHub;
  readonly registry: Registry;
  /** As a server ends. */
  readonly drain: () => Promise<void>;
  readonly adminSecret: string;
  readonly serviceSecret: string;
  readonly plainSecret: string;
}

/** A tenant `acme` with clients `admin`, `service` and `plain`, the user `ann` and the device `lamp`. */
export async function openGrpcBed(audience: CallAudience = { log: pino({ level: 'silent' }) }): Promise<GrpcBed> {
  const bed = await openTestBed();
  await makeTenant(bed.store, 'acme');
  const adminSecret = await makeClient(bed.store, 'acme', 'admin', ['admin']);
  const serviceSecret = await makeClient(bed.store, 'acme', 'service', ['introspect']);
  const plainSecret = await makeClient(bed.store, 'acme', 'plain');
  await makeUser(bed.services, 'acme', { subjectId: 'user-ann', loginName: 'ann', password: PASSWORD });
  await makeDevice(bed.services, 'acme', { subjectId: 'th.lamp', vendorId: 'lamp', password: PASSWORD });
  const services = Object.assign(bed.services, {
    issuerOf: (tenantId: string) => `https://login.example.com/t/${tenantId}`,
  });
  const registry = new Registry(MONOTONIC);
  const hub = new WatchHub({ store: bed.store, registry, clock: services.clock, timing: MONOTONIC });
  const server = await GrpcServer.start({ services, ...audience, address: '127.0.0.1:0', reflection: true, hub });
  const client = new TokenServiceClient(server.address, credentials.createInsecure());
  return {
    ...bed,
    address: server.address,
    client,
    hub,
    registry,
    drain: () => server.drain(1_000),
    adminSecret,
    serviceSecret,
    plainSecret,
    close: async () => {
      client.close();
      await server.drain(1_000);
      await bed.close();
    },
  };
}

export function basic(clientId: string, secret = ''): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`);
  return metadata;
}

export function bearer(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/** Answers the response, or rejects with the ServiceError. */
export function send<Request, Response>(
  client: TokenServiceClient,
  method: UnaryMethod<Request, Response>,
  request: Request,
  metadata: Metadata,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method.call(client, request, metadata, {}, (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
  });
}

/** Answers how a call failed; rejects when it did not. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  const outcome = await call.then(
    (response) => ({ response }),
    (error: ServiceError) => ({ error }),
  );
  if ('response' in outcome) {
    throw new Error(`the call did not fail: ${JSON.stringify(outcome.response)}`);
  }
  const { error } = outcome;
  const [details] = error.metadata.get('grpc-status-details-bin');
  const rich = details === undefined ? undefined : Status.decode(Buffer.from(details as Buffer));
  const info = rich?.details.find(({ typeUrl }) => typeUrl.endsWith('google.rpc.ErrorInfo'));
  const retry = rich?.details.find(({ typeUrl }) => typeUrl.endsWith('google.rpc.RetryInfo'));
  const [requestId] = error.metadata.get('x-request-id');
  return {
    status: status[error.code],
    reason: info && ErrorInfo.decode(info.value).reason,
    message: error.details,
    retryDelaySeconds: retry && RetryInfo.decode(retry.value).retryDelay?.seconds,
    requestId: requestId?.toString(),
  };
}

/** What the ErrorInfo of a failed call carries, but for the request's id. */
export async function metadataOf(call: Promise<unknown>): Promise<Record<string, string>> {
  const error = (await call.then(
    (response) => {
      throw new Error(`the call did not fail: ${JSON.stringify(response)}`);
    },
    (thrown: unknown) => thrown,
  )) as ServiceError;
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (details === undefined) {
    throw error;
  }
  const info = Status.decode(Buffer.from(details as Buffer)).details.find(({ typeUrl }) =>
    typeUrl.endsWith('ErrorInfo'),
  );
  const { requestId: _, ...metadata } = info === undefined ? {} : ErrorInfo.decode(info.value).metadata;
  return metadata;
}

export const CREDENTIALS = {
  user: (username = 'ann', password = PASSWORD) =>
    IssueRequest.fromPartial({ credential: { $case: 'userPassword', value: { username, password } } }),
  device: (vendorId = 'lamp', password = PASSWORD) =>
    IssueRequest.fromPartial({
      credential: { $case: 'devicePassword', value: { device: { $case: 'vendorId', value: vendorId }, password } },
    }),
  client: (clientId: string, clientSecret: string) =>
    IssueRequest.fromPartial({ credential: { $case: 'clientSecret', value: { clientId, clientSecret } } }),
  anonymous: (clientId = 'acme') =>
    IssueRequest.fromPartial({ credential: { $case: 'anonymous', value: { clientId } } }),
};

export async function issue(
  { client }: GrpcBed,
  request: IssueRequest,
  metadata = basic('acme'),
): Promise<IssuedTokens> {
  const tokens = tokensIn(await send(client, client.issue, request, metadata));
  if (tokens === undefined) {
    throw new Error('an answer without tokens');
  }
  return tokens;
}

export async function refresh(
  { client }: GrpcBed,
  refreshToken: string,
  metadata = basic('acme'),
): Promise<IssuedTokens> {
  const { tokens } = await send(
    client,
    client.refresh,
    { refreshToken, expireTime: undefined, resource: '' },
    metadata,
  );
  if (tokens === undefined) {
    throw new Error('an answer without tokens');
  }
  return tokens;
}

export function introspect(bed: GrpcBed, token: string, atLeastRevision = 0): Promise<IntrospectResponse> {
  const { client, serviceSecret } = bed;
  return send(
    client,
    client.introspect,
    { token, atLeastRevision, maxStaleness: undefined },
    basic('service', serviceSecret),
  );
}

export async function revoke({ client }: GrpcBed, token: string, metadata = basic('acme')): Promise<number> {
  return (
    await send(client, client.revoke, RevokeRequest.fromPartial({ target: { $case: 'token', value: token } }), metadata)
  ).revision;
}
