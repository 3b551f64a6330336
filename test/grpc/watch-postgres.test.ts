/** WatchRevocations over two nodes on one database. */
import { credentials } from '@grpc/grpc-js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenServiceClient } from '../../gen/ts/symbolon/v1/token_service.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { Argon2Hasher } from '../../src/password/argon2-hasher.ts';
import type { PostgresStore } from '../../src/store/postgres/store.ts';
import { WatchHub } from '../../src/watch/hub.ts';
import { Registry } from '../../src/watch/registry.ts';
import { MONOTONIC } from '../../src/watch/timing.ts';
import { cutOff } from '../store/fixtures.ts';
import { PATIENT } from '../store/postgres/options.ts';
import { Rig } from '../store/postgres/rig.ts';
import { CHEAP_ARGON2, make, makeClient, makeTenant, TestClock, testServices } from '../support.ts';
import { basic } from './client.ts';
import { newVerifierId, Watcher } from './watcher.ts';

let rig: Rig;
let nodes: readonly { store: PostgresStore; client: TokenServiceClient }[];
let secret: string;
beforeAll(async () => {
  rig = await Rig.start();
  nodes = [await openNode(), await openNode()];
  const { store } = nodes[0] as { store: PostgresStore };
  await makeTenant(store, 'acme');
  secret = await makeClient(store, 'acme', 'service', ['introspect']);
});
afterAll(() => rig[Symbol.asyncDispose]());

async function openNode() {
  const store = await rig.open(PATIENT);
  const passwords = await Argon2Hasher.create({ parameters: CHEAP_ARGON2, concurrency: 1 });
  const services = testServices(store, passwords, new TestClock());
  const hub = new WatchHub({ store, registry: new Registry(MONOTONIC), clock: Date.now, timing: MONOTONIC });
  const log = pino({ level: 'silent' });
  const server = await GrpcServer.start({ services, log, address: '127.0.0.1:0', reflection: false, hub });
  const client = new TokenServiceClient(server.address, credentials.createInsecure());
  rig.owns({
    [Symbol.asyncDispose]: async () => {
      client.close();
      await server.drain(1_000);
    },
  });
  return { store, client };
}

const watchAt = (node: number) =>
  new Watcher((nodes[node] as { client: TokenServiceClient }).client, basic('service', secret));
const end = (node: number) => make((nodes[node] as { store: PostgresStore }).store, cutOff('tenant', 'acme'));

describe('over two nodes', () => {
  it('each is told of what the other ends, in one order, and answers heartbeats', async () => {
    using first = watchAt(0).start(undefined, newVerifierId(), 1);
    using second = watchAt(1).start(undefined, newVerifierId(), 1);
    const { revision: begin } = await first.answered(1);
    await second.answered(1);
    for (let i = 0; i < 20; i++) {
      await end(i % 2);
    }
    const isLast = ({ revision }: { revision: number }) => revision === begin + 20;
    await Promise.all([first.until(isLast), second.until(isLast)]);
    const expected = Array.from({ length: 20 }, (_, i) => begin + 1 + i);
    expect([first.revisions, second.revisions]).toEqual([expected, expected]);
    second.say({ heartbeat: 2, acknowledgedRevision: begin + 20 });
    expect(await second.answered(2)).toMatchObject({ events: [], revision: begin + 20 });
  });

  it('one goes on where it was on the other', async () => {
    using first = watchAt(0).start();
    const { revision } = await first.until();
    first.call.cancel();
    await end(0);
    using second = watchAt(1).start(revision, newVerifierId(), 5);
    expect(await second.answered(5)).toMatchObject({ previousRevision: revision, revision: revision + 1 });
  });

  it('a restore by hand, which logs nothing, ends the streams of all: they begin afresh', async () => {
    using open = watchAt(0).start();
    const { revision } = await open.until();
    await rig.sql(`UPDATE tenant SET revision = revision + 1000, cutoff = revision + 1000 WHERE tenant_id = 'acme'`);
    expect(await open.failure).toMatchObject({ status: 'OUT_OF_RANGE', reason: 'POSITION_LOST' });
    expect(await watchAt(1).start(revision).failure).toMatchObject({ status: 'OUT_OF_RANGE' });
    using afresh = watchAt(1).start();
    expect(await afresh.until()).toMatchObject({ afresh: true, revision: revision + 1_000, events: [] });
  });
});
