/** Headers that come twice: something on the way may have looked at one of them, and we at another. */
import type { ClientHttp2Session } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IntrospectRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { type GrpcBed, openGrpcBed } from './client.ts';
import { connected, framed, RawCall } from './raw-calls.ts';

const MESSAGE = framed(IntrospectRequest.encode(IntrospectRequest.fromPartial({ token: 'x' })).finish());
const PATHS = {
  direct: '/symbolon.v1.TokenService/Introspect',
  stream: '/symbolon.v1.TokenService/WatchRevocations',
  health: '/grpc.health.v1.Health/Check',
};

let bed: GrpcBed;
let session: ClientHttp2Session;
let right: string;
const wrong = `Basic ${Buffer.from('admin:wrong').toString('base64')}`;

beforeAll(async () => {
  bed = await openGrpcBed();
  session = await connected(bed.address);
  right = `Basic ${Buffer.from(`admin:${bed.adminSecret}`).toString('base64')}`;
});

afterAll(async () => {
  session.destroy();
  await bed.close();
});

/** `more`: names and values as they shall go out, besides those of every call. */
function outcomeOf(path: string, more: readonly string[]) {
  const call = new RawCall(session, path, more);
  call.stream.end(MESSAGE);
  return call.outcome;
}

it.each(Object.entries(PATHS))('two callers are refused: %s', async (_, path) => {
  for (const [first, second] of [
    [right, wrong],
    [wrong, right],
    [right, right],
  ] as const) {
    const more = ['authorization', first, 'x-request-id', 'mine', 'authorization', second];
    expect(await outcomeOf(path, more)).toMatchObject({
      status: status.INVALID_ARGUMENT,
      message: 'Authorization came more than once. Send it once',
      headers: { 'x-request-id': 'mine' },
    });
  }
});

it('two deadlines are refused, and of two ids neither is taken', async () => {
  const timeouts = ['authorization', right, 'grpc-timeout', '1S', 'grpc-timeout', '2S'];
  expect(await outcomeOf(PATHS.direct, timeouts)).toMatchObject({ status: status.INVALID_ARGUMENT });
  const ids = await outcomeOf(PATHS.direct, ['authorization', wrong, 'x-request-id', 'a', 'x-request-id', 'b']);
  expect(ids.status).toBe(status.UNAUTHENTICATED);
  expect(ids.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

it.each([
  ['te', 'trailers'],
  ['content-type', 'application/grpc'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['user-agent', 'a'],
  ['some-bin', 'AAAA'],
  ['grpc-encoding', 'gzip'],
])('%s twice changes nothing', async (name, value) => {
  expect(await outcomeOf(PATHS.direct, ['authorization', right, name, value, name, value])).toMatchObject({
    status: status.OK,
  });
});
