/** The frames of gRPC-Web (PROTOCOL-WEB.md of gRPC): a byte of flags, four of length, and the content. */
import { SymbolonError } from '../../core/errors.ts';

const HEADER_BYTES = 5;
const COMPRESSED = 0x01;
const TRAILERS = 0x80;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The one message that a request consists of. */
export function readMessage(body: Buffer, isText: boolean): Buffer {
  const bytes = isText ? fromText(body) : body;
  if (bytes.length < HEADER_BYTES || bytes.length !== HEADER_BYTES + bytes.readUInt32BE(1)) {
    throw new SymbolonError('invalid_argument', 'The body must be one frame of gRPC-Web, as long as it says');
  }
  const [flags] = bytes;
  if (flags !== 0) {
    throw new SymbolonError(
      'invalid_argument',
      flags === COMPRESSED ? 'The message is compressed. Send it as it is' : 'The flags of the frame must be 0',
    );
  }
  return bytes.subarray(HEADER_BYTES);
}

function fromText(body: Buffer): Buffer {
  const text = body.toString('latin1');
  if (!BASE64.test(text)) {
    throw new SymbolonError('invalid_argument', 'The body must be base64, as grpc-web-text has it');
  }
  return Buffer.from(text, 'base64');
}

/** The body of an answer: its message, if it has one, and its trailers. */
export function writeFrames(
  message: Uint8Array | undefined,
  trailers: Readonly<Record<string, string>>,
  isText: boolean,
): Buffer {
  const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${value}\r\n`);
  const trailer = frame(TRAILERS, Buffer.from(lines.join('')));
  const frames = message === undefined ? trailer : Buffer.concat([frame(0, message), trailer]);
  return isText ? Buffer.from(frames.toString('base64')) : frames;
}

function frame(flags: number, content: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(flags, 0);
  header.writeUInt32BE(content.length, 1);
  return Buffer.concat([header, content]);
}
