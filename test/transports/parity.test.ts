/** One list of scenarios through each surface, and from each into the next: the surfaces can't drift apart. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONNECT_DIALECTS } from '../../src/http/connect/dialect.ts';
import { KII_DIALECTS } from '../../src/http/kii/dialect.ts';
import { HttpServer } from '../../src/http/server.ts';
import { type GrpcBed, introspect, openGrpcBed, PASSWORD, revoke } from '../grpc/client.ts';
import { makeUser } from '../support.ts';
import {
  connectTransport,
  grpcTransport,
  kiiTransport,
  type Pair,
  type Refusal,
  type Transport,
} from './transports.ts';

let bed: GrpcBed;
let http: HttpServer;
const SURFACES = ['gRPC', 'REST', 'Connect with JSON', 'Connect with protobuf', 'gRPC-Web'] as const;
type Surface = (typeof SURFACES)[number];
const transports = new Map<Surface, Transport>();

beforeAll(async () => {
  bed = await openGrpcBed();
  const log = pino({ level: 'silent' });
  http = await HttpServer.start({
    services: bed.services,
    log,
    dialects: [...CONNECT_DIALECTS, ...KII_DIALECTS],
    address: '127.0.0.1:0',
  });
  transports.set('gRPC', grpcTransport(bed));
  transports.set('REST', kiiTransport(http));
  for (const name of ['Connect with JSON', 'Connect with protobuf', 'gRPC-Web'] as const) {
    transports.set(name, connectTransport(http, name));
  }
  await makeUser(bed.services, 'acme', {
    subjectId: 'user-eve',
    loginName: 'eve',
    email: 'Eve@Example.com',
    emailVerified: true,
    phone: '+819012341234',
    phoneVerified: true,
    password: PASSWORD,
  });
});

afterAll(async () => {
  await http.drain(1_000);
  await bed.close();
});

function through(name: Surface): Transport {
  const transport = transports.get(name);
  if (transport === undefined) {
    throw new Error('not started');
  }
  return transport;
}

function pairOf(outcome: Pair | Refusal): Pair {
  if ('message' in outcome) {
    throw new Error(outcome.message);
  }
  return outcome;
}

describe.each(SURFACES)('through %s', (name) => {
  const other = SURFACES[(SURFACES.indexOf(name) + 1) % SURFACES.length] ?? 'gRPC';

  it.each([
    'eve',
    'EVE',
    'LOGIN_NAME:eve',
    'eve@example.com',
    'EMAIL:EVE@EXAMPLE.COM',
    '+819012341234',
    'PHONE:+819012341234',
    'PHONE:JP-9012341234',
    'PHONE:JP-090-1234-1234',
  ])('%s logs in', async (username) => {
    expect(pairOf(await through(name).loginUser(username, PASSWORD)).subjectId).toBe('user-eve');
  });

  it('a device, an admin and nobody get their tokens', async () => {
    const transport = through(name);
    expect(pairOf(await transport.loginDevice('lamp', PASSWORD)).subjectId).toBe('th.lamp');
    const admin = pairOf(await transport.loginClient('admin', bed.adminSecret));
    expect(admin.subjectId).toBe('admin');
    expect(pairOf(await transport.refresh(admin.refreshToken)).subjectId).toBe('admin');
    const anonymous = pairOf(await transport.anonymous());
    expect(anonymous.refreshToken).toBe('');
    expect((await introspect(bed, anonymous.accessToken)).active).toBe(true);
  });

  it('every wrong credential is refused in the same words', async () => {
    const transport = through(name);
    const message = 'The user was not found or a wrong password was provided';
    expect(await transport.loginUser('eve', 'wrong')).toEqual({ message });
    expect(await transport.loginUser('nobody', 'wrong')).toEqual({ message });
    expect(await transport.loginUser('lamp', PASSWORD)).toEqual({ message });
    expect(await transport.loginDevice('lamp', 'wrong')).toEqual({ message });
    expect(await transport.loginDevice('eve', PASSWORD)).toEqual({ message });
    expect(await transport.loginClient('admin', 'wrong')).toEqual({ message });
    expect(await transport.loginClient('nobody', bed.adminSecret)).toEqual({ message });
  });

  it(`what was issued is refreshed, repeated and caught through ${other}`, async () => {
    const first = pairOf(await through(name).loginUser('eve', PASSWORD));
    const second = pairOf(await through(other).refresh(first.refreshToken));
    expect(await through(name).refresh(first.refreshToken)).toEqual(second);
    expect((await introspect(bed, first.accessToken)).active).toBe(false);
    expect((await introspect(bed, second.accessToken)).active).toBe(true);
    const third = pairOf(await through(name).refresh(second.refreshToken));
    const message = 'refresh_token is not valid. Log in again';
    expect(await through(other).refresh(first.refreshToken)).toEqual({ message });
    expect((await introspect(bed, third.accessToken)).active).toBe(false);
    expect(await through(name).refresh(third.refreshToken)).toEqual({ message });
  });

  it('what was revoked over gRPC can’t be refreshed', async () => {
    const pair = pairOf(await through(name).loginUser('eve', PASSWORD));
    await revoke(bed, pair.accessToken);
    expect((await introspect(bed, pair.accessToken)).active).toBe(false);
    expect(await through(name).refresh(pair.refreshToken)).toEqual({
      message: 'refresh_token is not valid. Log in again',
    });
  });
});
