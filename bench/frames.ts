/** HTTP/2 (RFC 9113) as far as a client of unary calls needs it. Nothing here knows of sockets. */

export const FRAME = { DATA: 0, HEADERS: 1, RST_STREAM: 3, SETTINGS: 4, PING: 6, GOAWAY: 7, WINDOW_UPDATE: 8 } as const;
export const FLAG = { ACK: 1, END_STREAM: 1, END_HEADERS: 4, PADDED: 8 } as const;
export const SETTING = { HEADER_TABLE_SIZE: 1, ENABLE_PUSH: 2, MAX_CONCURRENT_STREAMS: 3, INITIAL_WINDOW: 4 } as const;

export const FRAME_HEADER_BYTES = 9;
/** Of the length prefix of a gRPC message. */
const PREFIX_BYTES = 5;
export const DEFAULT_WINDOW = 65_535;

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

export function settings(values: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(values.length * 6);
  values.forEach(([id, value], i) => {
    payload.writeUInt16BE(id, i * 6);
    payload.writeUInt32BE(value, i * 6 + 2);
  });
  return frame(FRAME.SETTINGS, 0, 0, payload);
}

/** An HPACK integer with a prefix of seven bits, whose eighth bit is 0 (RFC 7541 section 5.1). */
function integer(value: number): number[] {
  if (value < 127) {
    return [value];
  }
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + 128);
  }
  return [...bytes, rest];
}

/** A header block of literal fields without indexing and without Huffman codes: it is the same at every call. */
export function headerBlock(fields: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from([0, ...integer(Buffer.byteLength(name))]),
    Buffer.from(name),
    Buffer.from(integer(Buffer.byteLength(value))),
    Buffer.from(value),
  ]);
  return Buffer.concat(parts);
}

/** The HEADERS frame of a call that is not on a stream yet. */
export function callHeaders(fields: Readonly<Record<string, string>>): Buffer {
  return frame(FRAME.HEADERS, FLAG.END_HEADERS, 0, headerBlock(fields));
}

/** The DATA frame of a message, uncompressed, that is not on a stream yet. */
export function callData(message: Uint8Array): Buffer {
  const prefixed = Buffer.alloc(PREFIX_BYTES + message.length);
  prefixed.writeUInt32BE(message.length, 1);
  prefixed.set(message, PREFIX_BYTES);
  return frame(FRAME.DATA, FLAG.END_STREAM, 0, prefixed);
}

/** Puts a frame on a stream. */
export function setStream(buffer: Buffer, frameAt: number, streamId: number): void {
  buffer.writeUInt32BE(streamId, frameAt + 5);
}
