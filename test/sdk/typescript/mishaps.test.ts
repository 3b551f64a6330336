/** What must not break the SDK's stream: messages that can't be read, statuses that nobody knows, listeners that throw. */
import { Metadata, status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { WatchRevocationsResponse } from '../../../gen/ts/symbolon/v1/token_service.ts';
import type { SymbolonError } from '../../../sdk/typescript/server/src/index.ts';
import { eventually } from '../../process/program.ts';
import { ScriptedServer, type ScriptedStream } from './scripted-server.ts';

const TOKEN = 'syu_one';

async function opens(server: ScriptedServer, index: number, isOpen: () => boolean): Promise<ScriptedStream> {
  const stream = await server.stream(index);
  stream.send({ revision: 9, afresh: true });
  await eventually('open', () => isOpen() || undefined);
  return stream;
}

it.for([
  ['rubbish', [0xff, 0xff, 0xff]],
  ['half an event', [0x12, 50, 0x08]],
  ['a revision that no number holds', [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
  ['a revision that is a text', [0x1a, 1, 0x61]],
  ['a revision that goes back', [0x08, 1, 0x18, 0]],
  ['more than it says', [0x08, 1, 0x18, 2, 0x12, 2, 0x08, 2, 0x12, 2, 0x08, 3]],
  ['nothing', []],
] as const)('a message with %s ends the stream, and the next one begins afresh', async ([, bytes]) => {
  await using server = await ScriptedServer.start();
  const ends: SymbolonError[] = [];
  const { verifier, stream } = await server.opened({ onWatchEnd: (error) => ends.push(error) });
  using _ = verifier;
  await verifier.check(TOKEN);
  stream.sendBytes(Uint8Array.from(bytes));
  await eventually('the end of it', () => stream.hasEnded || undefined);
  const next = await server.stream(1);
  expect(next.start?.resumeRevision).toBeUndefined();
  await opens(server, 1, () => verifier.isOpen);
  await eventually('empty', () => verifier.size === 0 || undefined);
  expect(ends).toHaveLength(1);
});

it('a field that it does not know changes nothing', async () => {
  await using server = await ScriptedServer.start();
  const { verifier, stream } = await server.opened();
  using _ = verifier;
  const known = WatchRevocationsResponse.encode(
    WatchRevocationsResponse.fromPartial({ previousRevision: 1, revision: 1 }),
  ).finish();
  stream.sendBytes(Buffer.concat([known, Buffer.from([0x9a, 0x06, 2, 0x61, 0x62])]));
  const beats = stream.requests.length;
  await eventually('more heartbeats', () => stream.requests.length > beats + 1 || undefined);
  expect(server.streams).toHaveLength(1);
});

it('a server that sends nothing else is asked ever more seldom', async () => {
  await using server = await ScriptedServer.start();
  const waits: number[] = [];
  using _ = server.verifier({ onWatchEnd: (_error, retryInMs) => waits.push(retryInMs) });
  let answered = 0;
  await eventually('six ends', () => {
    for (const stream of server.streams.slice(answered)) {
      stream.sendBytes(Buffer.from([0xff]));
      answered += 1;
    }
    return waits.length >= 6 || undefined;
  });
  expect(server.streams.length).toBeLessThanOrEqual(waits.length + 1);
});

it('a status that nobody knows, with details that nobody can read, is one more failure', async () => {
  await using server = await ScriptedServer.start();
  const ends: SymbolonError[] = [];
  const { verifier, stream } = await server.opened({ onWatchEnd: (error) => ends.push(error) });
  using _ = verifier;
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from([0xff, 0xff]));
  stream.fail(99 as status, 'odd', metadata);
  await opens(server, 1, () => verifier.isOpen);
  expect(ends).toMatchObject([{ code: 'UNKNOWN', reason: '' }]);
});

it('what a listener throws is an uncaught exception of the process, and the stream is ended and begun again', async () => {
  await using server = await ScriptedServer.start();
  const others = process.listeners('uncaughtException');
  const caught: unknown[] = [];
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error));
  try {
    const onWatchEnd = () => {
      throw new Error('of the listener');
    };
    const { verifier, stream } = await server.opened({ onWatchEnd });
    using _ = verifier;
    // Events were left out.
    stream.send({ previousRevision: 5, revision: 5 });
    await eventually('the end of it', () => stream.hasEnded || undefined);
    await opens(server, 1, () => verifier.isOpen);
    expect(caught).toMatchObject([{ message: 'of the listener' }]);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const other of others) {
      process.on('uncaughtException', other);
    }
  }
});

it('a listener may close the verifier', async () => {
  await using server = await ScriptedServer.start();
  const ends: SymbolonError[] = [];
  const { verifier, stream } = await server.opened({
    onWatchEnd: (error) => {
      ends.push(error);
      verifier.close();
    },
  });
  stream.fail(status.UNAVAILABLE, 'shutting down');
  await eventually('told', () => ends.length === 1 || undefined);
  await expect(verifier.check(TOKEN)).rejects.toMatchObject({ code: 'CANCELLED' });
});
