/** What may last: a watch of revocations that was answered. What is not answered may not, whatever it is a call of. */
import { connect, createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bounds } from '../../src/calls/bounds.ts';
import { Streams } from '../../src/grpc/streams.ts';
import { RawCall } from './raw-calls.ts';

const WATCH = '/symbolon.v1.TokenService/WatchRevocations';
/** More than any call may take. */
const A_MINUTE = 120;

let streams: Streams;
let admitted: ServerHttp2Stream[];
let session: ReturnType<typeof connect>;
let close: () => void;
beforeEach(async () => {
  streams = new Streams(() => undefined, new Bounds());
  admitted = [];
  const server = createServer({ settings: { maxConcurrentStreams: 1_000 } });
  const sessions = new Set<Http2Session>();
  server.on('session', (each) => sessions.add(each));
  server.on('stream', (stream, headers, _flags, raw: string[]) => {
    if (streams.admit(stream, headers, raw)) {
      stream.on('error', () => undefined);
      admitted.push(stream);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve) => session.once('remoteSettings', resolve));
  close = () => {
    session.destroy();
    for (const each of sessions) {
      each.destroy();
    }
    server.close();
  };
});
afterEach(() => close());

async function open(count: number, path = WATCH): Promise<RawCall[]> {
  const before = admitted.length;
  const calls = Array.from({ length: count }, () => new RawCall(session, path));
  await expect.poll(() => admitted.length).toBe(before + count);
  return calls;
}

function pass(ticks = A_MINUTE): void {
  for (let i = 0; i < ticks; i++) {
    streams.tick();
  }
}

const answer = (stream: ServerHttp2Stream | undefined) => stream?.respond({ ':status': 200 });

it('lets a watch last that was answered, and ends one that was not', async () => {
  const [, second] = await open(2);
  answer(admitted[0]);
  pass(10);
  expect(await second?.outcome).toMatchObject({ status: 4 });
  await expect.poll(() => streams.size).toBe(1);
  pass();
  expect(admitted.map(({ closed }) => closed)).toEqual([false, true]);
  expect(streams.size).toBe(1);
});

it('lets no other call last, though it was answered', async () => {
  await open(1, '/symbolon.v1.TokenService/Introspect');
  answer(admitted[0]);
  pass();
  expect(admitted[0]?.closed).toBe(true);
});

it('does not count those that last with the calls whose message is on its way, however they end', async () => {
  const calls = await open(200);
  admitted.forEach(answer);
  await open(200);
  admitted.slice(200).forEach(answer);
  await open(200);
  expect(admitted.some(({ closed }) => closed)).toBe(false);
  expect(streams.size).toBe(600);
  for (const { stream } of calls) {
    stream.end();
  }
  for (const stream of admitted) {
    stream.resume();
  }
  await expect.poll(() => admitted.slice(0, 200).every(({ readableEnded }) => readableEnded)).toBe(true);
  for (const stream of admitted) {
    stream.close();
  }
  await expect.poll(() => streams.size).toBe(0);
  // The count is where it was: as many may arrive as before, and no more.
  await open(256);
  expect(admitted.slice(600).some(({ closed }) => closed)).toBe(false);
  await open(1);
  expect(admitted.slice(600).some(({ closed }) => closed)).toBe(true);
});
