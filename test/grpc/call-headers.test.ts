import type { ClientHttp2Session } from 'node:http2';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IntrospectRequest, IssueRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { basic, CREDENTIALS, type GrpcBed, openGrpcBed } from './client.ts';
import { connected, framed, RawCall, type RawOutcome } from './raw-calls.ts';

const ISSUE = '/symbolon.v1.TokenService/Issue';
const INTROSPECT = '/symbolon.v1.TokenService/Introspect';
const MESSAGE = IntrospectRequest.encode(IntrospectRequest.fromPartial({ token: 'x' })).finish();

let bed: GrpcBed;
let session: ClientHttp2Session;
beforeAll(async () => {
  bed = await openGrpcBed();
  session = await connected(bed.address);
});
afterAll(async () => {
  session.destroy();
  await bed.close();
});

function introspected(headers: Record<string, string>, body: Uint8Array = framed(MESSAGE)): Promise<RawOutcome> {
  const [authorization = ''] = basic('service', bed.serviceSecret).get('authorization');
  const call = new RawCall(session, INTROSPECT, { authorization: String(authorization), ...headers });
  call.stream.end(body);
  return call.outcome;
}

describe('grpc-timeout', () => {
  it.each(['abc', '', '5', 'S', '-5S', '+5S', '5s', '5X', '1.5S', '5 S', '123456789S', '5S, 6S', '0x5S', '٥S'])(
    'of %j is refused as the caller’s mistake',
    async (timeout) => {
      const header = Buffer.from(timeout).toString('latin1');
      expect(await introspected({ 'grpc-timeout': header })).toMatchObject({
        status: status.INVALID_ARGUMENT,
        message: 'grpc-timeout must be 1 to 8 digits and a unit: H, M, S, m, u or n. Send 500m for half a second',
        headers: { 'grpc-status-details-bin': expect.any(String), 'x-request-id': expect.any(String) },
      });
    },
  );

  it.each(['99999999H', '99999999M', '99999999S', '99999999m', '2562047H', '00000060S', '1H', '99999999u'])(
    'of %j is time enough',
    async (timeout) => {
      expect(await introspected({ 'grpc-timeout': timeout })).toMatchObject({ status: status.OK });
    },
  );

  it('of more than 32 bits of milliseconds does not end a call that takes a while', async () => {
    const [authorization = ''] = basic('acme').get('authorization');
    for (const timeout of ['2147484S', '35792M', '597H', '99999999H']) {
      const call = new RawCall(session, ISSUE, { authorization: String(authorization), 'grpc-timeout': timeout });
      // It hashes the password.
      call.stream.end(framed(IssueRequest.encode(CREDENTIALS.user()).finish()));
      expect(await call.outcome).toMatchObject({ status: status.OK });
    }
  });
});

describe('a compressed message', () => {
  it('is read', async () => {
    expect(await introspected({ 'grpc-encoding': 'gzip' }, framed(gzipSync(MESSAGE), 1))).toMatchObject({ status: 0 });
    expect(await introspected({ 'grpc-encoding': 'deflate' }, framed(deflateSync(MESSAGE), 1))).toMatchObject({
      status: 0,
    });
    expect(await introspected({ 'grpc-encoding': 'gzip' })).toMatchObject({ status: 0 });
  });

  const broken: [string, string, Uint8Array][] = [
    ['gzip', 'bytes that are not', Buffer.from('not compressed')],
    ['gzip', 'no bytes', new Uint8Array()],
    ['gzip', 'half of it', gzipSync(Buffer.alloc(200, 'x')).subarray(0, -9)],
    ['gzip', 'a wrong checksum', Buffer.concat([gzipSync(MESSAGE).subarray(0, -8), Buffer.alloc(8)])],
    ['deflate', 'bytes that are not', Buffer.from('not compressed')],
    ['deflate', 'no header', deflateRawSync(MESSAGE)],
    ['deflate', 'gzip', gzipSync(MESSAGE)],
  ];
  it.each(broken)('as %s with %s is refused as the caller’s mistake', async (encoding, _what, bytes) => {
    expect(await introspected({ 'grpc-encoding': encoding }, framed(bytes, 1))).toMatchObject({
      status: status.INVALID_ARGUMENT,
      message: 'The message could not be decompressed. Compress it as grpc-encoding says',
      headers: { 'grpc-status-details-bin': expect.any(String) },
    });
  });

  it('in an encoding that nobody knows is told what may be sent', async () => {
    for (const encoding of ['snappy', 'br', '', 'GZIP']) {
      expect(await introspected({ 'grpc-encoding': encoding }, framed(MESSAGE, 1))).toMatchObject({
        status: status.UNIMPLEMENTED,
        headers: { 'grpc-accept-encoding': 'identity,deflate,gzip' },
      });
    }
  });

  it('that holds more than a message may is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(await introspected({ 'grpc-encoding': 'gzip' }, framed(bomb, 1))).toMatchObject({
      status: status.RESOURCE_EXHAUSTED,
    });
  });
});

it('metadata beyond 8 KiB is refused at every service', async () => {
  for (const path of [
    INTROSPECT,
    '/grpc.health.v1.Health/Check',
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    '/x/y',
  ]) {
    const call = new RawCall(session, path, { 'x-long': 'x'.repeat(9_000) });
    call.stream.end(framed(new Uint8Array()));
    expect(await call.outcome).toMatchObject({
      status: status.INVALID_ARGUMENT,
      message: 'The metadata must be at most 8192 bytes',
    });
  }
});

it('a connection that sends metadata beyond 8 KiB again and again is ended', async () => {
  const own = await connected(bed.address);
  for (let count = 0; count < 8 && !own.destroyed; count++) {
    const call = new RawCall(own, INTROSPECT, { 'x-long': 'x'.repeat(9_000) });
    call.stream.end(framed(MESSAGE));
    await call.outcome.catch(() => undefined);
  }
  await expect.poll(() => own.destroyed, { timeout: 30_000 }).toBe(true);
});
