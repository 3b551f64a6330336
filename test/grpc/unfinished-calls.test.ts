import { type ClientHttp2Session, constants } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IntrospectRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { eventually } from '../http/support.ts';
import { type GrpcBed, introspect, openGrpcBed } from './client.ts';
import { connected, framed, RawCall } from './raw-calls.ts';

const INTROSPECT = '/symbolon.v1.TokenService/Introspect';
const WATCH = '/grpc.health.v1.Health/Watch';
const MESSAGE = framed(IntrospectRequest.encode(IntrospectRequest.fromPartial({ token: 'x'.repeat(60_000) })).finish());
const EMPTY = framed(new Uint8Array());
/** Calls of which the message may be on its way at once. */
const MAX_ARRIVING = 256;

let bed: GrpcBed;
let sessions: ClientHttp2Session[] = [];
beforeAll(async () => {
  bed = await openGrpcBed();
});
afterAll(async () => {
  for (const session of sessions) {
    session.destroy();
  }
  sessions = [];
  await bed.close();
});

async function open(): Promise<ClientHttp2Session> {
  const session = await connected(bed.address);
  sessions.push(session);
  return session;
}

async function othersAreServed(): Promise<void> {
  expect((await introspect(bed, 'x')).active).toBe(false);
}

it('a call whose message does not become whole within 5 s ends with a status and a reset, also when bytes drip in', async () => {
  const session = await open();
  const calls = {
    lacking: new RawCall(session, INTROSPECT),
    unended: new RawCall(session, INTROSPECT),
    silent: new RawCall(session, INTROSPECT),
    dripping: new RawCall(session, INTROSPECT),
    watching: new RawCall(session, WATCH),
    refused: new RawCall(session, '/symbolon.v1.TokenService/Nothing'),
    late: new RawCall(session, INTROSPECT, { 'grpc-timeout': '100m' }),
  };
  calls.lacking.stream.write(MESSAGE.subarray(0, -1));
  calls.unended.stream.write(MESSAGE);
  calls.watching.stream.write(EMPTY);
  let sent = 0;
  const dripping = setInterval(() => calls.dripping.stream.write(MESSAGE.subarray(sent, ++sent)), 20);
  const outcomes = await Promise.all(
    [calls.lacking, calls.unended, calls.silent, calls.dripping, calls.watching].map(({ outcome }) => outcome),
  );
  clearInterval(dripping);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      status: status.DEADLINE_EXCEEDED,
      message: 'The message was not whole after 5 s. Send it faster, and end it',
      resetCode: 0,
    });
  }
  // What was answered before it was whole holds its stream no longer either.
  expect((await calls.refused.outcome).status).toBe(status.UNIMPLEMENTED);
  const late = await calls.late.outcome;
  expect(late).toMatchObject({
    status: status.DEADLINE_EXCEEDED,
    message: 'The deadline passed before the message was whole',
    headers: { 'grpc-status-details-bin': expect.any(String) },
  });
  // Nothing in the log is found by an id that was made up.
  expect(late.headers).not.toHaveProperty('x-request-id');
  await othersAreServed();
});

it('of calls on their way there are only so many: the oldest gives way, and others are served', async () => {
  const calls: RawCall[] = [];
  for (let connection = 0; connection < 3; connection++) {
    const session = await open();
    for (let stream = 0; stream < 120; stream++) {
      const call = new RawCall(session, INTROSPECT);
      call.stream.write(MESSAGE.subarray(0, 40));
      calls.push(call);
    }
  }
  await eventually(() => calls.filter(({ isEnded }) => isEnded).length).toBeGreaterThanOrEqual(
    calls.length - MAX_ARRIVING,
  );
  const first = await calls[0]?.outcome;
  expect(first).toMatchObject({ status: status.RESOURCE_EXHAUSTED, resetCode: 0 });
  await othersAreServed();
});

it('a connection whose calls have to be ended again and again is ended', async () => {
  const session = await open();
  let goawayCode: number | undefined;
  session.once('goaway', (code) => {
    goawayCode = code;
  });
  // As many as a connection may have, and a new one for each that was ended.
  const begin = () => {
    if (session.destroyed) {
      return;
    }
    const call = new RawCall(session, INTROSPECT);
    call.stream.write(MESSAGE.subarray(0, 40));
    call.outcome.then(begin);
  };
  for (let call = 0; call < 128; call++) {
    begin();
  }
  await eventually(() => session.destroyed).toBe(true);
  expect(goawayCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  await othersAreServed();
});
