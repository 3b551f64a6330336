/** Calls that never reach grpc-js: what is not a whole message, and what is for grpc-js after all. */
import type { ClientHttp2Session } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IntrospectRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { type GrpcBed, openGrpcBed } from './client.ts';
import { connected, framed, RawCall } from './raw-calls.ts';

const INTROSPECT = '/symbolon.v1.TokenService/Introspect';
const MESSAGE = framed(IntrospectRequest.encode(IntrospectRequest.fromPartial({ token: 'x' })).finish());
const MAX_MESSAGE = 192 * 1_024;

let bed: GrpcBed;
let session: ClientHttp2Session;
let authorization: string;

beforeAll(async () => {
  bed = await openGrpcBed();
  session = await connected(bed.address);
  authorization = `Basic ${Buffer.from(`admin:${bed.adminSecret}`).toString('base64')}`;
});

afterAll(async () => {
  session.destroy();
  await bed.close();
});

function call(headers: Readonly<Record<string, string>> = {}, path = INTROSPECT): RawCall {
  return new RawCall(session, path, { authorization, ...headers });
}

function outcomeOf(bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}, path = INTROSPECT) {
  const made = call(headers, path);
  made.stream.end(bytes);
  return made.outcome;
}

describe('a message', () => {
  it('is read however it is cut', async () => {
    const made = call();
    for (const byte of MESSAGE) {
      made.stream.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    made.stream.end();
    expect(await made.outcome).toMatchObject({ status: status.OK });
  });

  it.each([
    ['none', new Uint8Array()],
    ['half a prefix', MESSAGE.subarray(0, 3)],
    ['half of it', MESSAGE.subarray(0, -1)],
    ['two', Buffer.concat([MESSAGE, MESSAGE])],
    ['a byte too many', Buffer.concat([MESSAGE, Uint8Array.of(0)])],
  ])('is asked for where there is %s', async (_, bytes) => {
    expect(await outcomeOf(bytes)).toMatchObject({
      status: status.UNIMPLEMENTED,
      message: 'The call must have exactly one message, and all of it',
    });
  });

  it('that is too long is refused before its end', async () => {
    const made = call();
    made.stream.write(framed(new Uint8Array(MAX_MESSAGE + 1)));
    expect(await made.outcome).toMatchObject({
      status: status.RESOURCE_EXHAUSTED,
      message: 'The message must be at most 196608 bytes',
    });
    const declared = call();
    declared.stream.write(framed(new Uint8Array(MAX_MESSAGE + 1)).subarray(0, 5));
    expect(await declared.outcome).toMatchObject({ status: status.RESOURCE_EXHAUSTED });
    const longest = IntrospectRequest.encode(
      IntrospectRequest.fromPartial({ token: 'x'.repeat(MAX_MESSAGE - 4) }),
    ).finish();
    expect(longest).toHaveLength(MAX_MESSAGE);
    expect(await outcomeOf(framed(longest))).toMatchObject({ status: status.INVALID_ARGUMENT });
  });

  it('that says it is compressed, and not how, is refused', async () => {
    expect(await outcomeOf(framed(MESSAGE.subarray(5), 1))).toMatchObject({
      status: status.INVALID_ARGUMENT,
      message: 'The message says that it is compressed, and grpc-encoding does not say how',
      headers: { 'grpc-status-details-bin': expect.any(String), 'x-request-id': expect.any(String) },
    });
  });
});

describe('what is for grpc-js', () => {
  it('is answered by it: other types of content, and paths that are not there', async () => {
    expect((await outcomeOf(MESSAGE, { 'content-type': 'text/plain' })).headers[':status']).toBe(415);
    expect(await outcomeOf(MESSAGE, { 'content-type': 'application/grpc+other' })).toMatchObject({ status: status.OK });
    const nothing = await outcomeOf(MESSAGE, {}, '/symbolon.v1.TokenService/Nothing');
    expect(nothing).toMatchObject({ status: status.UNIMPLEMENTED });
  });
});

it('a call that is cut off leaves the server as it was', async () => {
  const made = call();
  made.stream.write(MESSAGE);
  made.stream.close(8);
  await made.outcome;
  expect(await outcomeOf(MESSAGE)).toMatchObject({ status: status.OK });
});

it('a deadline ends a call while its caller is looked up too', async () => {
  const hanging = { get: () => undefined, read: () => new Promise<never>(() => undefined), forget: () => undefined };
  const knownClients = hanging as unknown as GrpcBed['services']['knownClients'];
  const server = await GrpcServer.start({
    services: { ...bed.services, knownClients },
    log: pino({ level: 'silent' }),
    address: '127.0.0.1:0',
    reflection: false,
  });
  const other = await connected(server.address);
  const made = new RawCall(other, INTROSPECT, { authorization, 'grpc-timeout': '30m' });
  made.stream.end(MESSAGE);
  expect(await made.outcome).toMatchObject({ status: status.DEADLINE_EXCEEDED });
  other.destroy();
  await server.drain(0);
});
