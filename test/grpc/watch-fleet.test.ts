/** A fleet of verifiers connects at the same moment, as after a restart of the server: none is refused. */
import { credentials } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { TokenServiceClient } from '../../gen/ts/symbolon/v1/token_service.ts';
import { basic, openGrpcBed } from './client.ts';
import { Watcher } from './watcher.ts';

/** More together than messages may be on their way, in as many calls as a connection may have open. */
const CONNECTIONS = 8;
const WATCHERS = 1_000;

it('takes a thousand verifiers that come at once', async () => {
  const bed = await openGrpcBed();
  const clients = Array.from(
    { length: CONNECTIONS },
    () => new TokenServiceClient(bed.address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }),
  );
  const watchers = Array.from({ length: WATCHERS }, (_, i) =>
    new Watcher(clients[i % CONNECTIONS] as TokenServiceClient, basic('service', bed.serviceSecret)).start(),
  );
  const came = watchers.map((watcher) =>
    Promise.race([watcher.until().then(() => 'OK'), watcher.failure.then(() => 'refused')]),
  );
  const counts = new Map<string, number>();
  for (const each of await Promise.all(came)) {
    counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({ OK: WATCHERS });
  for (const watcher of watchers) {
    watcher[Symbol.dispose]();
  }
  for (const client of clients) {
    client.close();
  }
  await bed.close();
});
