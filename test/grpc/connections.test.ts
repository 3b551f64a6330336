import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { Connections } from '../../src/grpc/connections.ts';
import { MAX_IDLE_MS } from '../../src/grpc/limits.ts';
import { TICK_MS } from '../../src/grpc/ticks.ts';
import { eventually } from '../http/support.ts';

const IDLE_TICKS = MAX_IDLE_MS / TICK_MS;

it('a connection is closed when it had no stream for so long, and not before', async () => {
  const connections = new Connections();
  const server = createServer();
  connections.watch(server);
  const opened = once(server, 'session');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [session] = await opened;
  await once(client, 'remoteSettings');
  await eventually(() => connections.of(session)).toBeDefined();
  const connection = connections.of(session);
  const tick = (count: number) => {
    for (let i = 0; i < count; i++) {
      connections.tick();
    }
  };
  tick(IDLE_TICKS);
  (connection as { openStreams: number }).openStreams = 1;
  tick(IDLE_TICKS + 1);
  (connection as { openStreams: number }).openStreams = 0;
  tick(IDLE_TICKS);
  expect(session.closed).toBe(false);
  const closed = once(client, 'close');
  tick(1);
  expect(session.closed).toBe(true);
  await closed;
  server.close();
});
