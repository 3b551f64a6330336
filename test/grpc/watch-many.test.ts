/** A thousand verifiers of one client, over as many connections as it takes: each is told of each event. */
import { ChannelCredentials } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { TokenServiceClient } from '../../gen/ts/symbolon/v1/token_service.ts';
import { cutOff } from '../store/fixtures.ts';
import { make } from '../support.ts';
import { basic, openGrpcBed } from './client.ts';
import { Watcher } from './watcher.ts';

/** Below the 128 streams that a connection has. */
const OF_CONNECTION = 125;
const CONNECTIONS = 8;

it('watch, and another client has room', async () => {
  const bed = await openGrpcBed();
  const open = () =>
    new TokenServiceClient(bed.address, ChannelCredentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const clients = Array.from({ length: CONNECTIONS }, open);
  try {
    const metadata = basic('service', bed.serviceSecret);
    const watchers: Watcher[] = [];
    for (const client of clients) {
      // Together they would be more than may be on their way at once.
      const some = Array.from({ length: OF_CONNECTION }, () => new Watcher(client, metadata).start());
      await Promise.all(some.map((watcher) => watcher.until(({ afresh }) => afresh)));
      watchers.push(...some);
    }
    expect(bed.hub.figures().watchers).toBe(OF_CONNECTION * CONNECTIONS);
    await make(bed.store, cutOff('user', 'user-ann', 'revoked'));
    await Promise.all(watchers.map((watcher) => watcher.until(({ events }) => events.length === 1)));
    using other = new Watcher(bed.client, basic('admin', bed.adminSecret)).start();
    await other.until();
  } finally {
    for (const client of clients) {
      client.close();
    }
    await bed.close();
  }
});
