/** Decoding what strangers send: malformed bytes become a value that the handler refuses, never an exception of the transport. */
import { isUtf8 } from 'node:buffer';
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** What could not be decoded, and why, in words that hold none of it. */
export class Malformed {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

class InvalidUtf8 extends Error {}

/** proto3 strings are UTF-8; a decoder that replaces what is not would let two different names look alike. */
function strictUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new InvalidUtf8();
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export function decodeMessage<T>(type: { decode(input: BinaryReader): T }, bytes: Uint8Array): T | Malformed {
  try {
    return type.decode(new BinaryReader(bytes, strictUtf8));
  } catch (error) {
    return new Malformed(textOf(error));
  }
}

function textOf(error: unknown): string {
  if (error instanceof InvalidUtf8) {
    return 'A string of the message is not valid UTF-8';
  }
  // As the generated code says it.
  const isUnsafe = error instanceof Error && error.message.endsWith('Number.MAX_SAFE_INTEGER');
  return isUnsafe ? 'An integer of the message is 2^53 or more' : 'The message is not valid protobuf';
}
