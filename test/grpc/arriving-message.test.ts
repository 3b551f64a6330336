import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ArrivingMessage, copyChunks, MAX_MESSAGE } from '../../src/grpc/arriving-message.ts';
import { connected, framed, RawCall } from './raw-calls.ts';

const KIB = 1_024;

/** As Node hands over a byte: a view of all that was read with it. */
function inRead(bytes: Uint8Array): Buffer {
  const read = Buffer.alloc(64 * KIB);
  read.set(bytes, 1_000);
  return read.subarray(1_000, 1_000 + bytes.length);
}

describe('a message that arrives in bytes', () => {
  it('holds at most twice its length, and is what was sent', () => {
    const sent = framed(Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 251)));
    const message = new ArrivingMessage();
    let most = 0;
    for (const [i, byte] of sent.entries()) {
      expect(message.isWhole).toBe(false);
      message.add(inRead(Uint8Array.of(byte)));
      most = i === 0 ? 0 : Math.max(most, message.heldBytes);
    }
    expect(message.isWhole).toBe(true);
    expect(message.isCompressed).toBe(false);
    expect(message.message).toEqual(sent.subarray(5));
    expect(most).toBeLessThanOrEqual(2 * sent.length);
  });

  it('is known to be too long by its prefix, however that is cut', () => {
    const prefix = framed(new Uint8Array(MAX_MESSAGE + 1)).subarray(0, 5);
    for (let cut = 1; cut <= 5; cut++) {
      const message = new ArrivingMessage();
      message.add(prefix.subarray(0, cut));
      message.add(prefix.subarray(cut));
      expect(message.isTooLong).toBe(true);
      message.drop();
      expect(message.heldBytes).toBeLessThanOrEqual(8);
    }
  });

  it('is more than one from the first byte after it', () => {
    const message = new ArrivingMessage();
    message.add(framed(Uint8Array.of(1, 2)));
    expect(message.isMoreThanOne).toBe(false);
    message.add(Buffer.alloc(1));
    expect(message.isMoreThanOne).toBe(true);
  });
});

it('a chunk that is kept holds nothing that came beside it', async () => {
  const server = createServer();
  const held: Promise<number>[] = [];
  server.on('stream', (stream, headers) => {
    stream.respond();
    stream.on('error', () => undefined);
    if (headers[':path'] === '/kept') {
      copyChunks(stream);
      held.push(new Promise((resolve) => stream.once('data', (chunk: Buffer) => resolve(chunk.buffer.byteLength))));
    }
    stream.on('data', () => undefined);
    stream.once('end', () => stream.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = await connected(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const beside = new RawCall(session, '/beside');
  const kept = new RawCall(session, '/kept');
  beside.stream.end(Buffer.alloc(48 * KIB));
  kept.stream.end(Uint8Array.of(1));
  await Promise.all([beside.outcome, kept.outcome]);
  expect(held).toHaveLength(1);
  expect(await held[0]).toBe(1);
  session.destroy();
  server.close();
});
