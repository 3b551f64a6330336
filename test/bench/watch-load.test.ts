/** The load's watchers against a real grpc-js server. */
import { type handleBidiStreamingCall, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildLoad, hasGo, load } from '../../bench/load.ts';
import {
  TokenServiceService,
  type WatchRevocationsRequest,
  WatchRevocationsResponse,
} from '../../gen/ts/symbolon/v1/token_service.ts';

type Handler = handleBidiStreamingCall<WatchRevocationsRequest, WatchRevocationsResponse>;

const MAX_BUILD_MS = 300_000;

async function startServer(watchRevocations: Handler) {
  const server = new Server();
  const unimplemented = () => undefined;
  const methods = { issue: unimplemented, revoke: unimplemented, introspect: unimplemented, refresh: unimplemented };
  server.addService(TokenServiceService, { ...methods, watchRevocations });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { address: `127.0.0.1:${port}`, [Symbol.dispose]: () => server.forceShutdown() };
}

const planOf = (address: string) => ({
  ...{ protocol: 'watch' as const, address, path: '/symbolon.v1.TokenService/WatchRevocations' },
  ...{ authorization: 'Basic eDp5', messages: [], connections: 2, streams: 3, warmupSeconds: 0, seconds: 4 },
});

const suite = hasGo() || process.env.SYMBOLON_CI === '1' ? describe : describe.skip;

suite('the watchers of the load (skipped where there is no Go)', () => {
  beforeAll(() => {
    buildLoad();
  }, MAX_BUILD_MS);

  it('send heartbeats and acknowledge, and count events', async () => {
    const ids = new Set<string>();
    const acknowledged: number[] = [];
    using server = await startServer((call) => {
      call.on('data', ({ start, heartbeat, acknowledgedRevision }: WatchRevocationsRequest) => {
        if (start !== undefined) {
          ids.add(start.verifierId);
          const events = [{ revision: 6 }, { revision: 7 }];
          call.write(
            WatchRevocationsResponse.fromPartial({ previousRevision: 5, events, revision: 7, acknowledgeNow: true }),
          );
        } else if (heartbeat === 0) {
          acknowledged.push(acknowledgedRevision);
        } else {
          call.write(WatchRevocationsResponse.fromPartial({ previousRevision: 7, revision: 7, heartbeat }));
        }
      });
    });
    const { calls, events } = await load(planOf(server.address));
    expect([...ids].every((id) => /^[\w-]{22}$/.test(id))).toBe(true);
    expect(ids.size).toBe(6);
    expect(acknowledged).toEqual([7, 7, 7, 7, 7, 7]);
    expect(events).toBe(12);
    expect(calls).toBeGreaterThan(6);
  });

  it('count a stream that ends as failed', async () => {
    using server = await startServer((call) => {
      call.emit('error', { code: status.RESOURCE_EXHAUSTED, details: 'enough' });
    });
    const failures = ['a watch ended: status 8: enough'];
    expect(await load(planOf(server.address))).toMatchObject({
      calls: 6,
      failed: 6,
      failures: [...failures, ...failures],
    });
  });
});
