import { Client, type ClientReadableStream, credentials } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GrpcServer } from '../../src/grpc/server.ts';
import { PATIENTLY } from '../core/fixtures.ts';
import { openTestBed, type TestBed } from '../support.ts';

const { Check, Watch } = service as Record<string, (typeof service)[string]>;

const SERVICES = ['Token', 'Tenant', 'Client', 'User', 'Device', 'Audit'].map((noun) => `symbolon.v1.${noun}Service`);
const NAMES = ['', ...SERVICES, 'symbolon.store.write'];

let bed: TestBed;
let server: GrpcServer;
let client: Client;

beforeEach(async () => {
  bed = await openTestBed();
  const log = pino({ level: 'silent' });
  server = await GrpcServer.start({ services: bed.services, log, address: '127.0.0.1:0', reflection: false });
  client = new Client(server.address, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await server.drain(1_000);
  await bed.close();
});

function check(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      Check?.requestSerialize as (value: object) => Buffer,
      Check?.responseDeserialize as (bytes: Buffer) => { status: string },
      { service: name },
      (error, response) => (error === null ? resolve(response?.status ?? '') : reject(error)),
    );
  });
}

/** Opens a watch; what it says is gathered until it ends. */
function watch(name: string): { said: string[]; ended: Promise<void> } {
  const stream = client.makeServerStreamRequest(
    '/grpc.health.v1.Health/Watch',
    Watch?.requestSerialize as (value: object) => Buffer,
    Watch?.responseDeserialize as (bytes: Buffer) => { status: string },
    { service: name },
  ) as ClientReadableStream<{ status: string }>;
  const said: string[] = [];
  stream.on('data', ({ status }) => said.push(status));
  stream.on('error', () => undefined);
  return { said, ended: new Promise((resolve) => stream.on('close', () => resolve())) };
}

describe('health', () => {
  it('knows the process, the service and whether the store can be written', async () => {
    for (const name of NAMES) {
      expect(await check(name)).toBe('SERVING');
    }
    server.setServing(false);
    for (const name of NAMES) {
      expect(await check(name)).toBe('NOT_SERVING');
    }
    await expect(check('unknown')).rejects.toMatchObject({ code: 5 });
  });

  it('tells a watch of an unknown name so, and keeps nothing of it', async () => {
    const { said, ended } = watch('x'.repeat(50_000));
    await ended;
    expect(said).toEqual(['SERVICE_UNKNOWN']);
  });

  it('ends open watches when it drains, after they were told', async () => {
    const { said, ended } = watch('');
    await expect.poll(() => said, PATIENTLY).toEqual(['SERVING']);
    server.setServing(false);
    await expect.poll(() => said, PATIENTLY).toEqual(['SERVING', 'NOT_SERVING']);
    await server.drain(60_000);
    await ended;
  });
});
