/** Frames that cost their sender nothing: the connection that sends them may end, and others are served. */
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IntrospectRequest } from '../../gen/ts/symbolon/v1/token_service.ts';
import { eventually } from '../http/support.ts';
import { type GrpcBed, introspect, openGrpcBed } from './client.ts';
import { connected, framed, RawCall } from './raw-calls.ts';

const MESSAGE = framed(IntrospectRequest.encode(IntrospectRequest.fromPartial({ token: 'x' })).finish());
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** RFC 9113 section 4.1. */
const frame = (type: number, payload: number) =>
  Buffer.concat([Buffer.from([0, 0, payload, type, 0, 0, 0, 0, 0]), Buffer.alloc(payload)]);
const SETTINGS = frame(4, 0);
const PING = frame(6, 8);
const FLOOD = 2_000;

let bed: GrpcBed;
let authorization: string;
const sockets: Socket[] = [];
const sessions: ClientHttp2Session[] = [];
beforeAll(async () => {
  bed = await openGrpcBed();
  authorization = `Basic ${Buffer.from(`admin:${bed.adminSecret}`).toString('base64')}`;
});
afterAll(async () => {
  for (const each of [...sockets, ...sessions]) {
    each.destroy();
  }
  await bed.close();
});

function socketTo(): Socket {
  const [host, port] = bed.address.split(':');
  const socket = connect(Number(port), host);
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

async function othersAreServed(): Promise<void> {
  expect((await introspect(bed, 'x')).active).toBe(false);
}

it.each([
  ['PING', PING],
  ['SETTINGS', SETTINGS],
])('%s without end, of which no answer is read, end the connection', async (_, one) => {
  const socket = socketTo();
  socket.pause();
  socket.write(Buffer.concat([PREFACE, SETTINGS]));
  const some = Buffer.concat(Array.from({ length: FLOOD }, () => one));
  let isOver = false;
  socket.once('close', () => {
    isOver = true;
  });
  const flooding = setInterval(() => {
    if (!socket.destroyed && socket.writableLength < 1_024 * 1_024) {
      socket.write(some);
    }
  }, 1);
  try {
    await othersAreServed();
    await eventually(() => isOver || socket.destroyed).toBe(true);
    await othersAreServed();
  } finally {
    clearInterval(flooding);
  }
});

it('bytes that are no HTTP/2 end the connection', async () => {
  for (const bytes of ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', '\x16\x03\x01 not HTTP\r\n\r\n']) {
    const socket = socketTo();
    socket.resume();
    socket.write(bytes);
    await eventually(() => socket.destroyed).toBe(true);
  }
  await othersAreServed();
});

it('answers that there is no window for hold up no others', async () => {
  const session = connectHttp2(`http://${bed.address}`, { settings: { initialWindowSize: 0 } });
  session.on('error', () => undefined);
  sessions.push(session);
  const calls = Array.from({ length: 100 }, () => {
    const call = new RawCall(session, '/symbolon.v1.TokenService/Introspect', { authorization });
    call.stream.end(MESSAGE);
    return call;
  });
  await othersAreServed();
  // test/grpc/streams.test.ts has that they are given up.
  expect(calls.some(({ isEnded }) => isEnded)).toBe(false);
});

it('a connection that many calls were cancelled on serves the next', async () => {
  const session = await connected(bed.address);
  sessions.push(session);
  for (let round = 0; round < 20; round += 1) {
    const calls = Array.from({ length: 20 }, () => {
      const call = new RawCall(session, '/symbolon.v1.TokenService/Introspect', { authorization });
      call.stream.end(MESSAGE);
      call.stream.close(constants.NGHTTP2_CANCEL);
      return call.outcome;
    });
    await Promise.all(calls);
  }
  const last = new RawCall(session, '/symbolon.v1.TokenService/Introspect', { authorization });
  last.stream.end(MESSAGE);
  expect(await last.outcome).toMatchObject({ status: status.OK });
});
