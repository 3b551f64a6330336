/** HTTP/2 (RFC 9113) as far as a client of unary calls needs it. Nothing here knows of sockets. */

export const FRAME = { DATA: 0, HEADERS: 1, RST_STREAM: 3, SETTINGS: 4, PING: 6, GOAWAY: 7, WINDOW_UPDATE: 8 } as const;
export const FLAG = { ACK: 1, END_STREAM: 1, END_HEADERS: 4, PADDED: 8 } as const;
export const SETTING = { HEADER_TABLE_SIZE: 1, ENABLE_PUSH: 2, MAX_CONCURRENT_STREAMS: 3, INITIAL_WINDOW: 4 } as const;

export const FRAME_HEADER_BYTES = 9;
/** Of the length prefix of a gRPC message. */
export const PREFIX_BYTES = 5;
export const MAX_WINDOW = 0x7fff_ffff;
export const DEFAULT_WINDOW = 65_535;

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

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

export function settingsOf(payload: Buffer): Map<number, number> {
  const values = new Map<number, number>();
  for (let at = 0; at + 6 <= payload.length; at += 6) {
    values.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
  }
  return values;
}

export function windowUpdate(streamId: number, bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frame(FRAME.WINDOW_UPDATE, 0, streamId, payload);
}

/**
 * What a client says first. Header blocks are never decoded here, so the table that they could refer to has no room; and the
 * windows are as large as they can be, for answers are small and end soon.
 */
export function opening(): Buffer {
  return Buffer.concat([
    Buffer.from(PREFACE),
    settings([
      [SETTING.HEADER_TABLE_SIZE, 0],
      [SETTING.ENABLE_PUSH, 0],
      [SETTING.INITIAL_WINDOW, MAX_WINDOW],
    ]),
    windowUpdate(0, MAX_WINDOW - DEFAULT_WINDOW),
  ]);
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

/** The payload lies in `bytes` from `at` to `end`, and only while it is being told. */
export type OnFrame = (type: number, flags: number, streamId: number, bytes: Buffer, at: number, end: number) => void;

/** Cuts what arrives into frames, however it was cut on its way. */
export class FrameReader {
  readonly #onFrame: OnFrame;
  #rest: Buffer | undefined;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + FRAME_HEADER_BYTES <= bytes.length) {
      const payload = at + FRAME_HEADER_BYTES;
      const end = payload + bytes.readUIntBE(at, 3);
      if (end > bytes.length) {
        break;
      }
      const streamId = bytes.readUInt32BE(at + 5) & MAX_WINDOW;
      this.#onFrame(bytes.readUInt8(at + 3), bytes.readUInt8(at + 4), streamId, bytes, payload, end);
      at = end;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }
}
