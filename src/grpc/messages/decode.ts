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
    return new Malformed(
      error instanceof InvalidUtf8 ? 'A string of the message is not valid UTF-8' : 'The message is not valid protobuf',
    );
  }
}
