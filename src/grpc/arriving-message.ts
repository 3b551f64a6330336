/**
 * What has arrived of messages. Node's chunks are views of all that was read from the socket at once: one byte of a message may hold
 * 64 KiB for as long as it is kept. So what is kept is copied.
 */
import type { ServerHttp2Stream } from 'node:http2';
import { LIMITS } from './limits.ts';

export const MAX_MESSAGE = LIMITS['grpc.max_receive_message_length'] ?? 0;
/** Of the flag that a message is compressed, and of its length. */
export const PREFIX_BYTES = 5;
const NOTHING = Buffer.alloc(0);

/** Of one message of gRPC with its prefix. */
export class ArrivingMessage {
  #room: Buffer = NOTHING;
  #length = 0;

  add(chunk: Buffer): void {
    if (this.#length === 0) {
      // Nearly always it is all, and is used at once.
      this.#room = chunk;
      this.#length = chunk.length;
      return;
    }
    const length = this.#length + chunk.length;
    if (length > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * this.#length, MAX_MESSAGE + PREFIX_BYTES)));
      this.#room.copy(larger, 0, 0, this.#length);
      this.#room = larger;
    }
    chunk.copy(this.#room, this.#length);
    this.#length = length;
  }

  /** As soon as its prefix says so. */
  get isTooLong(): boolean {
    return this.#length >= PREFIX_BYTES && this.#declared > MAX_MESSAGE;
  }

  /** Something comes after it. */
  get isMoreThanOne(): boolean {
    return this.#length >= PREFIX_BYTES && this.#length > this.#declared + PREFIX_BYTES;
  }

  get isWhole(): boolean {
    return this.#length >= PREFIX_BYTES && this.#length === this.#declared + PREFIX_BYTES;
  }

  get isCompressed(): boolean {
    return this.#room[0] !== 0;
  }

  /** Without the prefix. */
  get message(): Buffer {
    return this.#room.subarray(PREFIX_BYTES, this.#length);
  }

  /** How much memory it takes. */
  get heldBytes(): number {
    return this.#room.buffer.byteLength;
  }

  drop(): void {
    this.#room = NOTHING;
    this.#length = 0;
  }

  get #declared(): number {
    return this.#room.readUInt32BE(1);
  }
}

/** For readers that keep chunks as they come, as grpc-js does. */
export function copyChunks(stream: ServerHttp2Stream): void {
  const push = stream.push.bind(stream);
  stream.push = (chunk: Buffer | null) => push(chunk === null ? null : copyOf(chunk));
}

/** Not of the pool: a small piece of that would keep all of it. */
function copyOf(chunk: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(chunk.length);
  chunk.copy(own);
  return own;
}
