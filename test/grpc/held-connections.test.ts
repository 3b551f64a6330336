import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GrpcServer } from '../../src/grpc/server.ts';
import { RawConnection } from '../http/raw.ts';
import { eventually } from '../http/support.ts';
import { type GrpcBed, introspect, openGrpcBed } from './client.ts';
import { connected, framed, RawCall } from './raw-calls.ts';

const MAX_OF_PEER = 512;
const MAX_REFLECTIONS = 16;
const REFLECT = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

let bed: GrpcBed;
let tls: GrpcServer;
beforeAll(async () => {
  bed = await openGrpcBed();
  const fixture = (name: string) => readFileSync(new URL(`../http/fixtures/localhost-${name}.pem`, import.meta.url));
  tls = await GrpcServer.start({
    services: bed.services,
    log: pino({ level: 'silent' }),
    address: '127.0.0.1:0',
    reflection: false,
    tls: { certificate: fixture('cert'), key: fixture('key') },
  });
});
afterAll(async () => {
  await tls.drain(0);
  await bed.close();
});

it('a connection that says nothing is closed, also one that is to be TLS', async () => {
  const silent = await Promise.all([bed.address, tls.address].map((address) => RawConnection.open(address)));
  const half = await RawConnection.open(bed.address);
  half.send('PRI * HTTP/2.0\r\n\r\n');
  const greeted = await connected(bed.address);
  await Promise.all([...silent, half].map(({ closed }) => closed));
  expect(greeted.destroyed).toBe(false);
  greeted.destroy();
});

it('one peer has only so many connections: the oldest that carries no call gives way', async () => {
  const busy = await connected(bed.address);
  const watch = new RawCall(busy, '/grpc.health.v1.Health/Watch');
  let said = 0;
  watch.stream.on('data', () => {
    said += 1;
  });
  watch.stream.end(framed(new Uint8Array()));
  await eventually(() => said).toBe(1);
  const crowd: RawConnection[] = [];
  for (let count = 0; count < MAX_OF_PEER + 10; count++) {
    crowd.push(await RawConnection.open(bed.address));
  }
  await eventually(() => crowd.filter(({ socket }) => socket.closed).length).toBeGreaterThanOrEqual(10);
  expect(busy.destroyed).toBe(false);
  expect(watch.isEnded).toBe(false);
  expect((await introspect(bed, 'x')).active).toBe(false);
  for (const { socket } of crowd) {
    socket.destroy();
  }
  busy.destroy();
});

it('a connection that calls outlives those that only say hello', async () => {
  const calling = await connected(bed.address);
  const isChecked = async () => {
    const check = new RawCall(calling, '/grpc.health.v1.Health/Check');
    check.stream.end(framed(new Uint8Array()));
    return (await check.outcome).status;
  };
  const crowd: RawConnection[] = [];
  for (let count = 0; count < MAX_OF_PEER + 20; count++) {
    if (count % 100 === 0) {
      expect(await isChecked()).toBe(status.OK);
    }
    crowd.push(await RawConnection.open(bed.address));
  }
  await eventually(() => crowd.filter(({ socket }) => socket.closed).length).toBeGreaterThanOrEqual(20);
  expect(await isChecked()).toBe(status.OK);
  for (const { socket } of crowd) {
    socket.destroy();
  }
  calling.destroy();
});

it('only so many calls of reflection are open at once', async () => {
  const session = await connected(bed.address);
  const open = Array.from({ length: MAX_REFLECTIONS }, () => new RawCall(session, REFLECT));
  const refused = new RawCall(session, REFLECT);
  expect(await refused.outcome).toMatchObject({ status: status.RESOURCE_EXHAUSTED, resetCode: 0 });
  expect(open.every(({ isEnded }) => !isEnded)).toBe(true);
  open[0]?.stream.end();
  expect(await open[0]?.outcome).toMatchObject({ status: status.OK });
  const again = new RawCall(session, REFLECT);
  again.stream.end();
  expect(await again.outcome).toMatchObject({ status: status.OK });
  session.destroy();
});
