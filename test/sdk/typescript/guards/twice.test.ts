/** An `authorization` that comes twice, on the versions of Node that hide it. */
import { createServer, type IncomingHttpHeaders } from 'node:http2';
import { afterEach, expect, it } from 'vitest';
import { guard as connect } from '../../../../sdk/typescript/server/src/guards/connect.ts';
import { guard as grpc } from '../../../../sdk/typescript/server/src/guards/grpc.ts';
import { SymbolonGuard } from '../../../../sdk/typescript/server/src/guards/nest.ts';
import { hasChannels, joinTwice } from '../../../../sdk/typescript/server/src/guards/twice.ts';
import { askGrpc, listen } from './bed.ts';

const { node } = process.versions;
const pretend = (version: string) => Object.defineProperty(process.versions, 'node', { value: version });
afterEach(() => pretend(node));

const checker = { check: () => undefined };

it('is told of by Node 22.17, 24.2 and later', () => {
  expect(['22.17.0', '22.99.1', '24.2.0', '24.21.0', '25.0.0', '26.1.0'].filter((each) => !hasChannels(each))).toEqual(
    [],
  );
  expect(['18.20.0', '20.20.2', '22.0.0', '22.16.0', '23.11.1', '24.0.0', '24.1.9'].filter(hasChannels)).toEqual([]);
});

it.each([
  ['grpc-js', () => grpc(checker)],
  ['Connect', () => connect(checker)],
  ['Nest', () => new SymbolonGuard(checker)],
])('stops the guard of %s from being made where Node hides it', (_, make) => {
  make();
  pretend('22.16.0');
  expect(make).toThrow('Node must be 22.17 or later');
});

it('is joined before anybody listens to a server, however many guards there are', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer();
  server.on('stream', (stream, headers: IncomingHttpHeaders) => {
    seen.push(headers.authorization);
    stream.respond({ ':status': 200, 'grpc-status': 0 }, { endStream: true });
  });
  joinTwice();
  joinTwice();
  await using service = await listen(server);
  for (const authorization of [['Bearer a'], ['Bearer a', 'Bearer b'], ['Basic a', 'Bearer b', '']]) {
    await askGrpc(service.port, '/a.B/C', authorization, String);
  }
  expect(seen).toEqual(['Bearer a', 'Bearer, Bearer a, Bearer b', 'Bearer, Basic a, Bearer b, ']);
});
