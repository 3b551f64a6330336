import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connections } from '../../src/http/connections.ts';
import { RawConnection } from './raw.ts';
import { eventually } from './support.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

let connections: Connections;
let server: Server;
let ended: number;
/** What the server does with a request after it was counted. */
let answer: (end: () => void) => void;

beforeEach(async () => {
  connections = new Connections();
  ended = 0;
  server = createServer((request, response) => {
    connections.begin(request, response, () => {
      ended += 1;
    });
    answer(() => response.end('x'));
  });
  // Longer than a test may take, so that it is not what closes a connection.
  server.keepAliveTimeout = 300_000;
  connections.watch(server, false);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  connections.destroyAll();
  server.close();
});

function open(): Promise<RawConnection> {
  return RawConnection.open(`127.0.0.1:${(server.address() as AddressInfo).port}`);
}

describe('a request', () => {
  it('is in flight until it is answered, and ends once', async () => {
    let inFlight = -1;
    answer = (end) => {
      inFlight = connections.requestsInFlight;
      end();
    };
    const client = await open();
    client.send(REQUEST);
    await client.answer();
    expect(inFlight).toBe(1);
    await eventually(() => [connections.requestsInFlight, ended]).toEqual([0, 1]);
    client.socket.destroy();
  });

  it('ends with its connection, also while it waits behind another', async () => {
    let arrived = 0;
    answer = () => {
      arrived += 1;
    };
    const client = await open();
    client.send(REQUEST.repeat(3));
    await eventually(() => arrived).toBe(3);
    expect(connections.requestsInFlight).toBe(3);
    client.socket.destroy();
    await eventually(() => [connections.requestsInFlight, ended]).toEqual([0, 3]);
  });
});

describe('closing what is idle', () => {
  it('closes a connection too whose answer had promised to keep it alive', async () => {
    answer = (end) => {
      end();
      connections.closeIdle();
    };
    const client = await open();
    client.send(REQUEST);
    const whole = await client.answer();
    expect(whole?.body).toBe('x');
    expect(whole?.headerLines).toContain('Connection: keep-alive');
    await client.closed;
  });

  it('closes what connects later', async () => {
    connections.closeIdle();
    await (await open()).closed;
  });
});

describe('one peer', () => {
  it('has only so many connections: the oldest without a request gives way', async () => {
    const held: (() => void)[] = [];
    answer = (end) => held.push(end);
    const busy = await open();
    busy.send(REQUEST);
    await eventually(() => held.length).toBe(1);
    const crowd: RawConnection[] = [];
    for (let count = 0; count < 1_001; count++) {
      crowd.push(await open());
    }
    await eventually(() => crowd.filter(({ socket }) => socket.closed).length).toBe(2);
    expect(crowd.slice(0, 2).map(({ socket }) => socket.closed)).toEqual([true, true]);
    held[0]?.();
    expect((await busy.answer())?.body).toBe('x');
    for (const { socket } of [...crowd, busy]) {
      socket.destroy();
    }
  });
});
