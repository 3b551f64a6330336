import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../http/support.ts';
import { type GrpcBed, openGrpcBed } from './client.ts';
import { framed, RawCall } from './raw-calls.ts';

const MAX_OF_CONNECTION = 20;
const MAX_OF_PEER = 100;
const WATCH = '/grpc.health.v1.Health/Watch';

let bed: GrpcBed;
let sessions: ClientHttp2Session[];
beforeEach(async () => {
  sessions = [];
  bed = await openGrpcBed();
});
afterEach(async () => {
  for (const session of sessions) {
    session.destroy();
  }
  await bed.close();
});

/** From an address of this machine. */
function open(localAddress = '127.0.0.1'): ClientHttp2Session {
  const [host, port] = bed.address.split(':');
  const session = connect(`http://${bed.address}`, {
    createConnection: () => connectTcp({ host, port: Number(port), localAddress }),
  });
  session.on('error', () => undefined);
  sessions.push(session);
  return session;
}

interface Watch {
  readonly call: RawCall;
  said: number;
}

function watch(session: ClientHttp2Session): Watch {
  const call = new RawCall(session, WATCH);
  const watching = { call, said: 0 };
  call.stream.on('data', () => {
    watching.said += 1;
  });
  call.stream.end(framed(new Uint8Array()));
  return watching;
}

function isSettled({ call, said }: Watch): boolean {
  return said > 0 || call.isEnded;
}

it('one connection has only so many watches', async () => {
  const session = open();
  const watches = Array.from({ length: MAX_OF_CONNECTION + 5 }, () => watch(session));
  await eventually(() => watches.every(isSettled)).toBe(true);
  expect(watches.filter(({ call }) => call.isEnded)).toHaveLength(5);
  expect(await watches.at(-1)?.call.outcome).toMatchObject({ status: status.RESOURCE_EXHAUSTED });
  // Another connection is served, and one that is closed makes room.
  const other = watch(open());
  await eventually(() => other.said).toBe(1);
  watches[0]?.call.stream.close();
  await eventually(async () => {
    const again = watch(session);
    await eventually(() => isSettled(again)).toBe(true);
    return again.said;
  }).toBe(1);
});

it('one peer has only so many, and those of others stay and are served', async () => {
  const balancer = watch(open('127.0.0.2'));
  await eventually(() => balancer.said).toBe(1);
  const watches = Array.from({ length: 70 }, () => open()).flatMap((session) =>
    Array.from({ length: MAX_OF_CONNECTION }, () => watch(session)),
  );
  await eventually(() => watches.every(isSettled)).toBe(true);
  expect(watches.filter(({ call }) => !call.isEnded)).toHaveLength(MAX_OF_PEER);
  expect(balancer.call.isEnded).toBe(false);
  const later = watch(open('127.0.0.2'));
  await eventually(() => later.said).toBe(1);
});
