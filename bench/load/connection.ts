/** One connection with its calls, each on a stream of its own. Whatever it writes in one turn goes to the kernel at once. */
import { connect, type Socket } from 'node:net';
import {
  callHeaders,
  DEFAULT_WINDOW,
  FLAG,
  FRAME,
  FRAME_HEADER_BYTES,
  FrameReader,
  frame,
  MAX_WINDOW,
  opening,
  PREFIX_BYTES,
  SETTING,
  setStream,
  settingsOf,
  windowUpdate,
} from './frames.ts';

/** The message without its prefix; undefined when the call failed. */
export type OnAnswer = (answer: Buffer | undefined) => void;

interface Call {
  readonly onAnswer: OnAnswer;
  data: Buffer | undefined;
}

/** What was received before the server is allowed to send as much again. */
const ACKNOWLEDGED_BYTES = 2 ** 24;
const NO_BYTES = Buffer.alloc(0);

export class Connection {
  readonly #socket: Socket;
  readonly #headers: Buffer;
  readonly #calls = new Map<number, Call>();
  readonly #waiting: [data: Buffer, onAnswer: OnAnswer][] = [];
  readonly #reader = new FrameReader((...told) => this.#take(...told));
  #out: Buffer[] = [];
  #isReading = false;
  #nextStream = 1;
  #window = DEFAULT_WINDOW;
  #mostStreams = Number.POSITIVE_INFINITY;
  #received = 0;
  #isOpen = false;
  #isClosed = false;

  private constructor(socket: Socket, headers: Buffer) {
    this.#socket = socket;
    this.#headers = headers;
  }

  /** Resolves with the server's settings, which say how much it takes. */
  static open(address: string, path: string, authorization: string): Promise<Connection> {
    const at = address.lastIndexOf(':');
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true });
    const headers = callHeaders({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': path,
      ':authority': address,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization,
    });
    const connection = new Connection(socket, headers);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error(`${address} closed the connection`)));
      connection.#onSettings = () => {
        connection.#isOpen = true;
        resolve(connection);
      };
      connection.#listen();
    });
  }

  #onSettings: () => void = () => undefined;

  #listen(): void {
    this.#socket.write(opening());
    this.#socket.on('data', (chunk: Buffer) => {
      // Answers lead to new calls: all of them are written together when the chunk has been read.
      this.#isReading = true;
      this.#reader.read(chunk);
      this.#isReading = false;
      this.#flush();
    });
    this.#socket.on('close', () => {
      // A measurement that lost a connection is none.
      if (!this.#isClosed && this.#isOpen) {
        throw new Error('the server closed the connection');
      }
    });
  }

  /** `data`: the frame that `callData` made. */
  call(data: Buffer, onAnswer: OnAnswer): void {
    const bytes = data.length - FRAME_HEADER_BYTES;
    if (bytes > this.#window || this.#calls.size >= this.#mostStreams) {
      this.#waiting.push([data, onAnswer]);
      return;
    }
    this.#window -= bytes;
    const streamId = this.#nextStream;
    this.#nextStream += 2;
    this.#calls.set(streamId, { onAnswer, data: undefined });
    const request = Buffer.allocUnsafe(this.#headers.length + data.length);
    request.set(this.#headers);
    request.set(data, this.#headers.length);
    setStream(request, 0, streamId);
    setStream(request, this.#headers.length, streamId);
    this.#out.push(request);
    if (!this.#isReading) {
      this.#flush();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #flush(): void {
    if (this.#out.length > 0 && !this.#isClosed) {
      this.#socket.write(this.#out.length === 1 ? (this.#out[0] ?? NO_BYTES) : Buffer.concat(this.#out));
    }
    this.#out = [];
  }

  #take(type: number, flags: number, streamId: number, bytes: Buffer, at: number, end: number): void {
    switch (type) {
      case FRAME.DATA:
        this.#takeData(flags, streamId, bytes, at, end);
        break;
      case FRAME.HEADERS:
        if ((flags & FLAG.END_STREAM) !== 0) {
          this.#finish(streamId, true);
        }
        break;
      case FRAME.RST_STREAM:
        this.#finish(streamId, false);
        break;
      case FRAME.SETTINGS:
        if ((flags & FLAG.ACK) === 0) {
          this.#takeSettings(bytes.subarray(at, end));
        }
        break;
      case FRAME.PING:
        if ((flags & FLAG.ACK) === 0) {
          this.#out.push(frame(FRAME.PING, FLAG.ACK, 0, bytes.subarray(at, end)));
        }
        break;
      case FRAME.WINDOW_UPDATE:
        if (streamId === 0) {
          this.#window += bytes.readUInt32BE(at) & MAX_WINDOW;
          this.#callWaiting();
        }
        break;
      case FRAME.GOAWAY:
        throw new Error('the server ends the connection (GOAWAY)');
    }
  }

  #takeData(flags: number, streamId: number, bytes: Buffer, at: number, end: number): void {
    if ((flags & FLAG.PADDED) !== 0) {
      throw new Error('a padded DATA frame, which no grpc-js server sends');
    }
    this.#received += end - at;
    if (this.#received >= ACKNOWLEDGED_BYTES) {
      this.#out.push(windowUpdate(0, this.#received));
      this.#received = 0;
    }
    const call = this.#calls.get(streamId);
    if (call !== undefined) {
      const part = bytes.subarray(at, end);
      call.data = call.data === undefined ? part : Buffer.concat([call.data, part]);
    }
  }

  /**
   * The status is in the trailers, which are not decoded. A unary call of grpc-js that fails has no message: its trailers are all
   * of it. So a whole message before the trailers is success.
   */
  #finish(streamId: number, isEnd: boolean): void {
    const call = this.#calls.get(streamId);
    if (call === undefined) {
      return;
    }
    this.#calls.delete(streamId);
    const { data } = call;
    const isWhole = data !== undefined && data.length >= PREFIX_BYTES && data[0] === 0;
    const isGood = isEnd && isWhole && data.readUInt32BE(1) === data.length - PREFIX_BYTES;
    call.onAnswer(isGood ? data.subarray(PREFIX_BYTES) : undefined);
    this.#callWaiting();
  }

  #takeSettings(payload: Buffer): void {
    this.#mostStreams = settingsOf(payload).get(SETTING.MAX_CONCURRENT_STREAMS) ?? this.#mostStreams;
    this.#out.push(frame(FRAME.SETTINGS, FLAG.ACK, 0, NO_BYTES));
    this.#onSettings();
  }

  #callWaiting(): void {
    const count = this.#waiting.length;
    for (let i = 0; i < count; i++) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.call(...next);
      }
    }
  }
}
